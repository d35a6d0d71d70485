"""What a process has worked out from cells stays until one is replaced, and nothing older is ever said."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from sqlalchemy import select, update

from tests.bureau import Bureau
from tests.maker import DAY, NOW
from tracker.db import db
from tracker.models import Membership, Tally
from tracker.queries.campaigns import spec_of
from tracker.queries.curves import curve_of
from tracker.queries.figures import standing_on, standings_on
from tracker.queries.worked_out import Version, WorkedOut
from tracker.services.records import reverse_record
from tracker.services.tallies import recount_all, sync_tallies

FIGURE = "study.min_hours"


@pytest.fixture
def bureau(make):
    return Bureau(make)


@pytest.fixture
def record(make, bureau):
    """An hour and a half of the bureau's only member, verified."""
    return make.record(bureau.campaign, member=make.member(), minutes=90)


def hours(campaign, day=DAY):
    standing = standing_on(campaign, day)
    return standing.value(standing.spec.figure(FIGURE)).value


def of_cells(sent):
    return [one for one in sent if "tally_cell" in one.lower()]


def versions(campaign):
    rows = select(Tally.code, Tally.version).where(Tally.campaign_id == campaign.id)
    return dict(db.session.execute(rows).all())


def test_cells_that_nobody_replaced_are_read_once(bureau, record, statements):
    days = [DAY, DAY - dt.timedelta(days=30)]
    first = standings_on(bureau.campaign, days)
    with statements() as sent:
        again = standings_on(bureau.campaign, days)
    assert of_cells(sent) == []
    assert [one.folds for one in again] == [one.folds for one in first]
    with statements() as sent:  # a day that nobody asked for yet
        standing_on(bureau.campaign, DAY - dt.timedelta(days=1))
    assert len(of_cells(sent)) == 1


def test_a_record_that_counts_no_more_is_gone_from_the_next_figure_on(bureau, record, make):
    assert hours(bureau.campaign) > 0
    reverse_record(record, version=record.version, why="重复登记", by=make.office, at=NOW)
    assert hours(bureau.campaign) == 0


def test_of_a_write_only_the_questions_of_its_kind_are_read_anew(bureau, record, make, statements):
    campaign = bureau.campaign
    standing_on(campaign, DAY)
    before = versions(campaign)
    make.record(campaign, member=db.session.scalars(select(Membership)).first().member, minutes=30)
    after = versions(campaign)
    asked = {code for code, version in after.items() if before[code] != version}
    kinds = {tally.code: tally.question["kind"] for tally in db.session.scalars(select(Tally))}
    assert {kinds[code] for code in asked} == {"study"}
    assert len(asked) < len(after) / 2
    with statements() as sent:
        hours(campaign)
    assert len(of_cells(sent)) == 1


def test_what_was_rolled_back_is_never_said_again(bureau, record, make):
    db.session.commit()
    before = hours(bureau.campaign)
    reverse_record(record, version=record.version, why="重复登记", by=make.office, at=NOW)
    assert hours(bureau.campaign) == 0
    db.session.rollback()
    assert hours(bureau.campaign) == before > 0


@pytest.mark.parametrize("way", ["recount", "sync"])
def test_every_way_to_replace_cells_draws_new_versions(bureau, record, way):
    before = versions(bureau.campaign)
    if way == "recount":
        recount_all(bureau.campaign)
    else:
        sync_tallies(bureau.campaign, spec_of(bureau.campaign))
    after = versions(bureau.campaign)
    assert before.keys() == after.keys() and before
    assert [code for code in after if after[code] == before[code] or not after[code]] == []


def test_a_curve_is_walked_once_and_again_for_other_people_or_other_cells(bureau, record, make, statements):
    campaign = bureau.campaign

    def walked():
        standing = standing_on(campaign, DAY)
        goal = next(one for one in standing.spec.goals if standing.figure_of(one).id == FIGURE)
        with statements() as sent:
            points = curve_of(goal, standing)
        return points[-1].value, len(of_cells(sent))

    assert walked()[1] == 1
    value, times = walked()
    assert (value > 0, times) == (True, 0)
    newcomer = make.member()
    db.session.flush()
    assert walked() == (0, 1)
    make.record(campaign, member=newcomer, minutes=15)
    assert walked() == (Fraction(1, 4), 1)
    assert walked() == (Fraction(1, 4), 0)


def test_a_tally_of_which_nobody_knows_since_when_it_stands_is_read_each_time(bureau, record, statements):
    db.session.execute(update(Tally).values(version=0))
    hours(bureau.campaign)
    with statements() as sent:
        hours(bureau.campaign)
    assert len(of_cells(sent)) == 1


def test_what_was_not_asked_for_longest_makes_room():
    kept = WorkedOut(most=10)
    for tally in (1, 2, 3):
        kept.keep(Version(tally, 7), "of", f"value {tally}", 4)
        kept.recall(Version(1, 7), "of")
    assert [kept.recall(Version(tally, 7), "of") for tally in (1, 2, 3)] == ["value 1", None, "value 3"]
    kept.keep(Version(4, 7), "of", "too much by itself", 11)
    assert kept.recall(Version(4, 7), "of") is None


def test_only_the_version_and_the_basis_that_it_was_worked_out_of_recall_it():
    kept = WorkedOut()
    kept.keep(Version(1, 7), "of", "value", 1, basis=[1, 2])
    assert kept.recall(Version(1, 7), "of", [1, 2]) == "value"
    assert kept.recall(Version(1, 7), "of", [1]) is None
    assert kept.recall(Version(1, 8), "of", [1, 2]) is None
    assert kept.recall(Version(1, 7), "other", [1, 2]) is None
