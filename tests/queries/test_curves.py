"""A curve says of each day what the figure says as of that day, whoever came, moved or went."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.maker import NOW
from tracker.db import db
from tracker.queries.curves import curve_of
from tracker.queries.figures import figure_values, standing_on
from tracker.queries.rosters import roster_as_of, roster_changes, rosters_on

LAST = dt.date(2021, 4, 30)


@pytest.fixture
def here(make):
    """One who was always there, one who comes in April, one who is exempt for some days, one who leaves."""
    campaign, branch, other = make.campaign(), make.branch(), make.branch()
    group = make.group(branch)
    always = make.member(branch, group)
    comes = make.member(branch, group, starts_on=dt.date(2021, 4, 10))
    leaves = make.member(other, ends_on=dt.date(2021, 3, 20))
    free = make.member(branch, group)
    make.exemption(free, "长期病休", dt.date(2021, 3, 1), dt.date(2021, 4, 15))
    for member, day, minutes in (
        (always, dt.date(2021, 3, 5), 600),
        (leaves, dt.date(2021, 3, 8), 60),
        (free, dt.date(2021, 4, 12), 90),
        (comes, dt.date(2021, 4, 20), 120),
    ):
        make.record(campaign, member=member, minutes=minutes, happened_on=day)
    db.session.flush()
    return campaign


def days(first):
    day = first
    while day <= LAST:
        yield day
        day += dt.timedelta(days=1)


def test_each_point_is_the_figure_as_of_its_day(here):
    standing = standing_on(here, LAST)
    for goal in standing.spec.goals:
        points = curve_of(goal, standing)
        assert points == [] or [point.day for point in points] == list(days(goal.starts_on))
        for point in points[::3]:
            as_of = standing_on(here, point.day)
            said = as_of.value(as_of.figure_of(goal))
            assert point.value == (said.value or 0), (goal.code, point.day)


def test_the_smallest_falls_when_somebody_new_is_there_and_rises_when_somebody_leaves(here):
    standing = standing_on(here, LAST)
    goal = next(one for one in standing.spec.goals if standing.figure_of(one).reduce == "min")
    by_day = {point.day: point.value for point in curve_of(goal, standing)}
    assert by_day[dt.date(2021, 3, 19)] == 1
    assert by_day[dt.date(2021, 3, 20)] == 10
    assert by_day[dt.date(2021, 4, 10)] == 0
    assert figure_values(here, dt.date(2021, 3, 20))["study.min_hours"].value == 10
    assert NOW.date() > LAST


def test_rosters_of_several_days_are_those_of_each_day(here):
    changes = roster_changes(dt.date(2021, 2, 26), LAST)
    assert changes == [dt.date(2021, 3, 1), dt.date(2021, 3, 20), dt.date(2021, 4, 10), dt.date(2021, 4, 15)]
    asked = [dt.date(2021, 2, 26), *changes, LAST]
    assert rosters_on(asked) == {day: roster_as_of(day) for day in asked}
