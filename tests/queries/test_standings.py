"""Figures of some days from one reading of the cells are those of each day by itself."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.bureau import Bureau
from tracker.queries.figures import standing_on, standings_on

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
