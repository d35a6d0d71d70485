"""Figures of some days from one reading of the cells are those of each day by itself."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests.bureau import Bureau
from tracker.db import db
from tracker.models import Membership
from tracker.queries import figures
from tracker.queries.figures import inside, standing_near, standing_on, standings_on
from tracker.rules.tallies import question_of

DAYS = [dt.date(2021, month, 28) for month in (2, 4, 5, 7)]


@pytest.fixture
def campaign(make):
    bureau = Bureau(make)
    branch = make.branch()
    for month in range(3, 8):  # somebody comes, and something counts, between the days
        start = dt.date(2021, month, 10)
        member = make.member(branch, starts_on=start)
        make.record(bureau.campaign, member=member, happened_on=start, minutes=60 * month)
    return bureau.campaign


def test_each_day_has_its_own_figures_and_roster(campaign):
    for standing, day in zip(standings_on(campaign, DAYS), DAYS, strict=True):
        alone = standing_on(campaign, day)
        assert (standing.day, standing.folds, standing.roster) == (day, alone.folds, alone.roster)
        assert standing.values() == alone.values()
    ends = [standing.value(standing.spec.figures[0]) for standing in standings_on(campaign, DAYS)]
    assert len({str(one) for one in ends}) > 1, "nothing changes between the days: the test is blind"


def test_the_order_of_the_days_does_not_matter(campaign):
    later, earlier = standings_on(campaign, [DAYS[3], DAYS[1]])
    assert (later.folds, earlier.folds) == (
        standing_on(campaign, DAYS[3]).folds,
        standing_on(campaign, DAYS[1]).folds,
    )


def test_a_standing_near_somebody_says_of_everybody_what_the_whole_says(campaign):
    whole = standing_on(campaign, DAYS[3])
    member = db.session.scalars(select(Membership).order_by(Membership.id)).first()
    for near in (inside(member.branch_id), lambda roster: {member.member_id}, lambda roster: set()):
        found = standing_near(campaign, DAYS[3], near)
        assert found.values() == whole.values()
        for figure in whole.spec.figures:
            if question := question_of(figure):
                assert dict(found.fold(question)) == dict(whole.fold(question))


def test_it_reads_the_rest_of_a_question_once_and_only_if_somebody_else_is_asked_for(campaign, statements):
    whole = standing_on(campaign, DAYS[3])
    [figure] = [one for one in whole.spec.figures if one.id == "study.min_hours"]
    cells = dict(whole.fold(question_of(figure)))
    first, *others = cells
    found = standing_near(campaign, DAYS[3], lambda roster: {first})
    fold = found.fold(question_of(figure))
    with statements() as sent:
        assert fold.get(first) == cells[first]
        assert fold.get(0, {}) == {}
    assert sent == []
    with statements() as sent:
        assert [fold.get(other) for other in others] == [cells[other] for other in others]
        assert found.value(figure) == whole.value(figure)
    assert (len(others) >= 5, len(sent)) == (True, 1)


def test_a_standing_near_very_many_is_the_whole(campaign, monkeypatch):
    monkeypatch.setattr(figures, "MOST_NEAR", 3)
    found = standing_near(campaign, DAYS[3], lambda roster: {row.member_id for row in roster.members})
    assert found.folds == standing_on(campaign, DAYS[3]).folds
