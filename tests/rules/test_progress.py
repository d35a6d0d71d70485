"""One member's pace: what is missing, what a day, and what is drawn."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from tests.maker import SHIPPED
from tracker.rules.campaign_file import read_campaign
from tracker.rules.campaigns import Scope
from tracker.rules.goals import GoalState
from tracker.rules.progress import (
    amount,
    amount_waiting,
    is_one_by_one,
    pace_of,
    ring_of,
    stand_alone,
)

SPEC = read_campaign(SHIPPED.read_text(encoding="utf-8"))
GOAL = next(goal for goal in SPEC.goals if SPEC.figure(goal.figure).scope is Scope.MEMBER)
FIGURE = SPEC.figure(GOAL.figure)
KIND = SPEC.kind(FIGURE.kind)
DAY = dt.date(2021, 6, 26)


def hours(number):
    return Fraction(number)


def test_what_is_missing_is_spread_over_the_days_that_are_left():
    pace = pace_of(GOAL, hours("84.5"), DAY)
    assert (pace.missing, pace.days_left) == (Fraction("15.5"), 35)
    assert pace.a_day == Fraction("15.5") / 35
    assert pace.so_far == Fraction("84.5") / 120


def test_on_the_first_day_there_is_no_pace_and_on_the_last_no_day_left():
    assert pace_of(GOAL, hours(0), GOAL.starts_on).so_far is None
    last = pace_of(GOAL, hours(90), GOAL.due_on)
    assert (last.missing, last.a_day, last.days_left) == (10, None, 0)


def test_who_is_there_needs_nothing_more():
    pace = pace_of(GOAL, hours(120), DAY)
    assert (pace.missing, pace.a_day) == (0, None)


@pytest.mark.parametrize(
    ("value", "state"),
    [
        ("80", GoalState.ON_TIME), ("20", GoalState.LATE), ("0", GoalState.NO_FORECAST),
        ("100", GoalState.REACHED), ("99.99", GoalState.ON_TIME),
    ],
)  # fmt: skip
def test_one_member_stands_by_the_rules_of_all(value, state):
    assert stand_alone(GOAL, FIGURE, SPEC, KIND, 7, hours(value), DAY).state is state


def test_the_forecast_of_the_acceptance_bureau_s_slowest_is_that_of_one_member_alone():
    assert stand_alone(GOAL, FIGURE, SPEC, KIND, 7, hours(80), DAY).forecast_on == dt.date(2021, 7, 26)


def test_what_cannot_be_done_any_more_is_out_of_reach():
    day = GOAL.due_on - dt.timedelta(days=2)
    assert stand_alone(GOAL, FIGURE, SPEC, KIND, 7, hours(51), day).state is GoalState.IMPOSSIBLE
    assert stand_alone(GOAL, FIGURE, SPEC, KIND, 7, hours(52), day).state is not GoalState.IMPOSSIBLE


def test_a_ring_is_never_more_than_full():
    ring = ring_of(GOAL, hours("99"), hours(5), DAY)
    assert (ring.verified, ring.waiting) == (Fraction(99, 100), Fraction(1, 100))
    assert ring.needed == Fraction(120, 155)
    assert ring_of(GOAL, hours(130), hours(5), DAY).waiting == 0


def test_a_subject_that_counts_already_is_not_waiting_again():
    figure = next(f for f in SPEC.figures if f.measure == "subjects")
    assert amount_waiting(figure, {"KN001": 1}, {"KN001": 1, "KN002": 1}) == 1
    assert amount(figure, {"KN001": 1}) == 1


def test_goals_over_units_and_the_bureau_are_nobody_s_own():
    assert [goal.code for goal in SPEC.goals if is_one_by_one(SPEC.figure(goal.figure))] == [GOAL.code]
