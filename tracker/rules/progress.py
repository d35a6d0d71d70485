"""How far one member is: what is missing, how much a day that is, and what waits beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from tracker.rules.campaigns import CampaignSpec, Figure, Goal, Kind, Reduce, Scope
from tracker.rules.figures import fold_value, reduce_value, sum_folds
from tracker.rules.goals import GoalStanding, needed_by, stand
from tracker.rules.tallies import question_of

Entities = Mapping[str, int]  # entity -> sum, of one place
# Reductions that hold each member against the target; the others add members up.
ONE_BY_ONE = (Reduce.MIN, Reduce.MAX, Reduce.MEAN, Reduce.FORECAST_DATE)


@dataclass(frozen=True, slots=True)
class Pace:
    """What is missing to the target, in the goal's unit.

    a_day:     how much a day from tomorrow to the due day; None if nothing is missing or no day is left.
    so_far:    how much a day it was from the start; None on the first day.
    days_left: from the day to the due day.
    """

    missing: Fraction
    a_day: Fraction | None
    so_far: Fraction | None
    days_left: int


@dataclass(frozen=True, slots=True)
class Ring:
    """Shares of the target from 0 to 1, for drawing. `waiting` begins where `verified` ends."""

    verified: Fraction
    waiting: Fraction
    needed: Fraction


def is_one_by_one(figure: Figure) -> bool:
    """Whether the figure's target is each member's own."""
    return figure.scope is Scope.MEMBER and figure.reduce in ONE_BY_ONE


def amount(figure: Figure, entities: Entities) -> Fraction:
    """What cells of one place come to, in the figure's unit; persons without names at their fewest."""
    question = question_of(figure)
    low, _ = fold_value(figure.measure, bool(question and question.is_distinct), entities)
    return Fraction(low, figure.divide_by)


def amount_waiting(figure: Figure, counted: Entities, waiting: Entities) -> Fraction:
    """What would be added if all that waits were verified: a subject that counts already adds nothing."""
    both = sum_folds([{0: counted}, {0: waiting}]).get(0, {})
    return amount(figure, both) - amount(figure, counted)


def stand_alone(
    goal: Goal, figure: Figure, spec: CampaignSpec, kind: Kind | None, member_id: int, value: Fraction,
    day: dt.date,
) -> GoalStanding:  # fmt: skip
    """How one member stands in a goal that is each member's own, by the rules of everybody's."""
    plain = replace(figure, reduce=Reduce.MIN)
    return stand(goal, reduce_value(plain, spec, {member_id: value}, day), kind, day)


def pace_of(goal: Goal, value: Fraction, day: dt.date) -> Pace:
    """What is missing of `goal` on `day` and how much a day that is."""
    missing = max(Fraction(0), goal.target - value)
    left, passed = max(0, (goal.due_on - day).days), (day - goal.starts_on).days
    return Pace(
        missing,
        missing / left if missing and left else None,
        value / passed if passed > 0 else None,
        left,
    )


def ring_of(goal: Goal, value: Fraction, waiting: Fraction, day: dt.date) -> Ring:
    """What a ring shows: never more than the whole of it."""
    verified = min(Fraction(1), max(Fraction(0), value / goal.target))
    return Ring(
        verified,
        min(1 - verified, max(Fraction(0), waiting / goal.target)),
        needed_by(goal, day) / goal.target,
    )
