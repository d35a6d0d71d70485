"""Pace, need, band and back-test: exact, and held against counting by hand."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.back_tests import held, track
from tracker.rules.campaigns import Figure, Goal, Kind, Measure, Reduce, Scope
from tracker.rules.figures import FigureValue
from tracker.rules.forecasts import (
    BAND_WEEKS,
    STILL_DAYS,
    WEEK,
    Level,
    ahead,
    band_at,
    band_of,
    count_late,
    look_ahead,
    week_days,
)
from tracker.rules.goals import GoalState, stand

START, DUE = dt.date(2021, 2, 26), dt.date(2021, 7, 31)
DAY = dt.date(2021, 6, 26)  # day 120
GOAL = Goal("g", "目标", "目标", "i", "f", 100, "小时", START, DUE, True)
KIND = Kind("k", "类", "表", ("member",), (), most_minutes_per_day=120)
hours = st.integers(0, 9000).map(lambda minutes: Fraction(minutes, 60))
amounts = st.lists(hours, min_size=1, max_size=12)
past_days = st.integers(1, 200)


def figure(scope=Scope.MEMBER, reduce=Reduce.MIN):
    return Figure("f", "数", "小时", Measure.MINUTES, "k", scope=scope, reduce=reduce, divide_by=60)


def outlook(by, day=DAY, scope=Scope.MEMBER, reduce=Reduce.MIN, before=None, at_due=None):
    """What lies ahead where these places have these amounts, which grew evenly."""
    values = {n: Fraction(one) for n, one in enumerate(by)}
    whole = Fraction(sum(values.values()))
    value = min(values.values()) if reduce is Reduce.MIN else whole
    if reduce is Reduce.MEAN or scope is not Scope.BUREAU:
        whole /= len(values)
    value = whole if reduce is Reduce.MEAN else value
    shown = FigureValue(
        figure(scope, reduce), value, by={} if scope is Scope.BUREAU else values, n=len(values)
    )
    levels = {}
    for one in week_days(GOAL, day):
        total = whole * (one - START).days / max(1, (day - START).days)
        levels[one] = Level(one, total, Fraction(total))
    still = day - dt.timedelta(days=STILL_DAYS)
    if still in levels:
        kept = before if before is not None else [one / 2 for one in values.values()]
        old = levels[still]
        levels[still] = Level(still, min(kept), old.whole, dict(enumerate(map(Fraction, kept))))
    if day > DUE:
        levels[DUE] = Level(DUE, Fraction(0), Fraction(0), dict(enumerate(map(Fraction, at_due or by))))
    return look_ahead(stand(GOAL, shown, KIND, day), day, KIND, levels)


def test_the_slowest_of_the_acceptance_bureau_needs_four_hours_a_week():
    found = ahead(Fraction(80), GOAL, DAY)
    assert found.per_week == Fraction(14, 3)
    assert found.needs == 4  # 20 hours in 35 days
    assert found.reaches_on == dt.date(2021, 7, 26)


def test_nothing_entered_has_no_forecast_but_a_need():
    found = ahead(Fraction(0), GOAL, DAY)
    assert (found.per_week, found.needs, found.reaches_on) == (0, 20, None)


@pytest.mark.parametrize("day", [START, START - dt.timedelta(days=9)])
def test_before_a_day_is_over_there_is_no_pace(day):
    found = ahead(Fraction(5), GOAL, day)
    assert (found.per_week, found.reaches_on) == (0, None)


def test_on_the_due_day_nothing_is_needed_any_more():
    assert ahead(Fraction(99), GOAL, DUE).needs is None


@given(hours, past_days)
def test_a_forecast_is_never_before_its_day_and_never_later_for_more(amount, passed):
    day = START + dt.timedelta(days=passed)
    less, more = ahead(amount, GOAL, day), ahead(amount + Fraction(1, 7), GOAL, day)
    assert less.reaches_on is None or less.reaches_on > day
    if less.reaches_on and more.reaches_on:
        assert more.reaches_on <= less.reaches_on


@given(amounts, past_days)
def test_those_who_will_be_late_are_those_whose_own_line_misses_the_due_day(by, passed):
    day = START + dt.timedelta(days=passed)
    left, whole = max(0, (DUE - day).days), (day - START).days
    late = [one for one in by if one < 100 and one + one / whole * left < 100]
    assert count_late(by, GOAL, day) == len(late)


def test_places_are_counted_and_nobody_is_named():
    found = outlook([100, 80, 70, 0], before=[90, 80, 60, 0])
    assert (found.n, found.reached, found.late, found.still) == (4, 1, 2, 2)


def test_who_cannot_be_there_even_at_the_most_a_day_allows_is_counted():
    found = outlook([80, 20, 40])  # 35 days of two hours are left: 70 hours
    assert (found.beyond, found.most) == (1, 14)
    assert found.standing.state is GoalState.IMPOSSIBLE


def test_where_no_most_is_set_nobody_is_said_to_be_beyond_reach():
    assert outlook([80, 20], scope=Scope.GROUP, reduce=Reduce.MEAN).beyond is None


def test_after_the_due_day_those_are_late_who_were_not_there_on_it():
    found = outlook([100, 100, 90], day=DUE + dt.timedelta(days=9), at_due=[100, 95, 80])
    assert (found.reached, found.late) == (2, 2)
    assert found.is_over


def test_in_its_first_four_weeks_nobody_is_said_to_stand_still():
    found = outlook([3, 4], day=START + dt.timedelta(days=20))
    assert (found.still, found.is_still) == (None, False)


def test_a_goal_that_has_not_moved_for_four_weeks_says_so():
    assert outlook([80, 90], before=[80, 85]).is_still
    assert not outlook([80, 90], before=[79, 90]).is_still


def test_a_minimum_has_no_band_in_its_curve_and_a_mean_has_one():
    assert not outlook([80, 90]).has_band
    assert outlook([80, 90], scope=Scope.GROUP, reduce=Reduce.MEAN).has_band


def weekly(*totals):
    """Totals, one a week, that end on the acceptance day's weekday."""
    days = week_days(GOAL, START + dt.timedelta(days=WEEK * (len(totals) - 1)))
    return list(zip(days, map(Fraction, totals), strict=True))


def test_an_even_pace_has_a_band_without_width():
    totals = weekly(*range(0, 40, 4))  # four a week, ten weeks
    found = band_of(totals, GOAL)
    assert found.off == 0
    assert found.early == found.late == ahead(Fraction(36), GOAL, totals[-1][0]).reaches_on


def test_the_band_is_as_wide_as_the_largest_miss():
    totals = weekly(0, 10, 10, 10, 10, 10, 12, 14, 16)
    # After week 1 ten a week were foretold, and nothing came in four weeks: off by ten a week, the most.
    found = band_of(totals, GOAL)
    assert (found.off, found.tests) == (10, 4)
    assert found.late is None  # two a week less ten is no pace at all
    assert band_at(ahead(Fraction(16), GOAL, totals[-1][0]), found, 7) == (16, 16 + 2 + 10)


def test_of_few_weeks_no_band_is_told():
    assert band_of(weekly(*range(0, 32, 4)), GOAL) is None  # seven weeks have three forecasts to learn from


@given(st.lists(st.integers(0, 540), min_size=8, max_size=14))
def test_a_band_holds_its_own_forecast(gains):
    total, totals = Fraction(0), [Fraction(0)]
    for gain in gains:
        total += Fraction(gain, 60)
        totals.append(total)
    listed = weekly(*totals)
    found = band_of(listed, GOAL)
    path = ahead(total, GOAL, listed[-1][0])
    if found is None or path.reaches_on is None:
        return
    assert found.early <= path.reaches_on
    assert found.late is None or found.late >= path.reaches_on
    low, high = band_at(path, found, 28)
    assert low <= path.amount + path.per_week * 4 <= high


def test_a_past_forecast_is_held_against_the_day_on_which_it_came():
    days = weekly(0, 10, 20, 100)
    found = track(days, GOAL, came_on=START + dt.timedelta(days=20))
    # Ten a week: foretold for day 70, in the week after again; it came on day 20.
    assert [(one.on, one.lag) for one in found.says] == [(days[2][0], -50), (days[1][0], -50)]
    assert found.mean_error == 50


def test_as_long_as_it_has_not_come_the_lag_is_that_behind_the_line():
    days = weekly(0, 10, 10, 15)
    found = track(days, GOAL)
    first = found.says[-1]
    assert (first.foretold, found.now) == (
        30,
        15,
    )  # ten a week said thirty; fifteen is ten and a half days behind
    assert first.lag == Fraction(21, 2)
    assert found.ago(2, days[-1][0]) == first
    assert found.ago(9, days[-1][0]) is None


def test_weeks_without_a_pace_have_no_lag_and_do_not_count():
    found = track(weekly(0, 0, 10, 20), GOAL)
    assert [one.lag is None for one in found.says] == [False, True]
    assert len(found.tested) == 1


def test_forecasts_on_a_straight_line_are_never_off():
    found = track(weekly(*range(0, 60, 5)), GOAL)
    assert found.mean_error == 0
    assert held(weekly(*range(0, 80, 5)), GOAL) == (16 - 1 - 2 * BAND_WEEKS - 3, 16 - 1 - 2 * BAND_WEEKS - 3)


def test_a_band_that_misses_is_counted_as_such():
    totals = weekly(*range(0, 45, 5), 40, 40, 40, 40)  # five a week, and then nothing
    inside, of = held(totals, GOAL)
    assert of > 0
    assert inside < of


@pytest.mark.parametrize(("day", "count"), [(START, 1), (DAY, 18), (START - dt.timedelta(days=40), 1)])
def test_weeks_go_back_to_the_goals_first_day(day, count):
    days = week_days(GOAL, day)
    assert (len(days), days[-1]) == (count, day)
    assert len(days) == 1 or days[0] >= START
