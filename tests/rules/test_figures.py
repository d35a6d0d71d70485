"""From amounts to one value: reductions, intervals, forecasts, goals."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.campaigns import Figure, Goal, Kind, Measure, Reduce, Scope
from tracker.rules.figures import FigureValue, fold_value, forecast, reduced
from tracker.rules.goals import GoalState, needed_by, stand

START, DAY = dt.date(2021, 2, 26), dt.date(2021, 6, 26)


def test_the_slowest_member_of_the_acceptance_bureau_arrives_on_the_26th_of_july():
    assert forecast(Fraction(4800), Fraction(6000), START, DAY) == dt.date(2021, 7, 26)


def test_nothing_entered_means_no_forecast_and_never_infinity():
    assert forecast(Fraction(0), Fraction(6000), START, DAY) is None


def test_what_is_reached_needs_no_forecast():
    assert forecast(Fraction(6000), Fraction(6000), START, DAY) is None


def test_on_the_first_day_there_is_no_pace():
    assert forecast(Fraction(60), Fraction(6000), START, START) is None


def test_a_pace_that_would_take_ages_is_no_forecast():
    assert forecast(Fraction(1, 10**9), Fraction(6000), START, DAY) is None


@given(st.integers(10, 5999), st.integers(1, 1000))
def test_a_forecast_is_the_first_day_that_suffices(done, days):
    day = START + dt.timedelta(days=days)
    on = forecast(Fraction(done), Fraction(6000), START, day)
    assert on is not None
    pace = Fraction(done, days)
    assert done + pace * (on - day).days >= 6000
    assert done + pace * ((on - day).days - 1) < 6000


def test_99_99_hours_are_not_100():
    assert reduced(Reduce.COUNT_REACHED, [Fraction(5999, 60), Fraction(6000, 60)], 100) == 1


def test_a_share_is_in_per_cent_of_all():
    assert reduced(Reduce.SHARE_REACHED, [Fraction(1), Fraction(0), Fraction(0)], 1) == Fraction(100, 3)


def test_two_nameless_headcounts_are_an_interval_from_the_larger_to_the_sum():
    assert fold_value(Measure.PERSONS, True, {"h:1": 79, "h:2": 85}) == (85, 164)


def test_a_headcount_beside_names_adds_at_most_its_heads():
    assert fold_value(Measure.PERSONS, True, {"1": 1, "2": 3, "h:9": 5}) == (5, 7)


def test_who_came_and_was_taken_out_again_is_not_there():
    assert fold_value(Measure.PERSONS, True, {"1": 0, "2": 1}) == (1, 1)


def goal(**fields: object) -> Goal:
    values = {
        "code": "g",
        "name": "g",
        "short_name": "g",
        "icon": "i",
        "figure": "f",
        "target": 100,
        "unit": "小时",
        "starts_on": START,
        "due_on": dt.date(2021, 7, 31),
        "is_due_stated": True,
    }
    return Goal(**{**values, **fields})  # type: ignore[arg-type]


def study(*hours: int, unit: str = "小时") -> FigureValue:
    figure = Figure("f", "f", unit, Measure.MINUTES, "k", scope=Scope.MEMBER, reduce=Reduce.MIN, divide_by=60)
    by = {n: Fraction(value) for n, value in enumerate(hours)}
    return FigureValue(figure, min(by.values(), default=None), by=by, n=len(by))


KIND = Kind("k", "k", "k", ("member",), (), most_minutes_per_day=600)


def test_a_goal_in_time_says_how_many_days_early():
    standing = stand(goal(), study(80, 120), KIND, DAY)
    assert (standing.state, standing.forecast_on, standing.early) == (
        GoalState.ON_TIME,
        dt.date(2021, 7, 26),
        5,
    )


def test_a_goal_is_reached_only_when_the_slowest_has_reached_it():
    assert stand(goal(), study(100, 120), KIND, DAY).state is GoalState.REACHED
    assert stand(goal(), study(99, 120), KIND, DAY).state is not GoalState.REACHED


def test_a_goal_that_the_days_limit_no_longer_allows_is_impossible():
    assert stand(goal(), study(80), KIND, dt.date(2021, 7, 29)).state is GoalState.LATE
    assert stand(goal(), study(79), KIND, dt.date(2021, 7, 29)).state is GoalState.IMPOSSIBLE


def test_after_the_due_day_an_open_goal_is_out_of_reach():
    assert stand(goal(), study(87), KIND, dt.date(2021, 7, 31)).state is GoalState.IMPOSSIBLE


def test_another_unit_than_the_goals_is_not_compared():
    standing = stand(goal(), study(80, unit="场次"), KIND, DAY)
    assert (standing.state, standing.share) == (GoalState.NOT_REPORTED, None)


def test_without_anybody_there_is_no_value():
    assert stand(goal(), study(), KIND, DAY).state is GoalState.NO_DATA


def test_nothing_entered_yet_has_no_forecast():
    assert stand(goal(), study(0, 50), KIND, DAY).state is GoalState.NO_FORECAST


@pytest.mark.parametrize(
    ("day", "needed"), [(START, 0), (dt.date(2021, 7, 31), 100), (dt.date(2021, 9, 1), 100)]
)
def test_the_needed_line_runs_from_start_to_due_day(day, needed):
    assert needed_by(goal(), day) == needed
