"""How a goal stands against its hundred: reached, in time, late, or not to be said."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tracker.rules.campaigns import CampaignSpec, Figure, Goal, Kind, Measure, Scope
from tracker.rules.figures import FigureValue, forecast


class GoalState(enum.StrEnum):
    """What can be said of a goal on a day."""

    REACHED = "reached"
    ON_TIME = "on_time"
    LATE = "late"  # at this pace, after the due day
    IMPOSSIBLE = "impossible"  # not even at the largest pace that the kind allows
    NO_FORECAST = "no_forecast"  # nothing was entered yet, so there is no pace
    NOT_REPORTED = "not_reported"  # what is reported is not in the goal's unit
    NO_DATA = "no_data"  # there is nobody to count it over


@dataclass(frozen=True, slots=True)
class GoalStanding:
    """One goal on one day.

    value:     of the goal's figure, in the figure's unit.
    slowest:   the smallest value over members or groups; equal to value for a goal of the whole bureau.
    share:     of the target, 0 to 1, for the bar; None where it cannot be compared.
    needed:    what an even pace would have come to by the day, in the goal's unit.
    at_due:    what the pace so far comes to by the due day; None without a pace.
    early:     days between forecast and due day; negative is late.
    still_for: days since the value last changed, where that is known.
    """

    goal: Goal
    figure: FigureValue
    state: GoalState
    value: Fraction | None
    slowest: Fraction | None
    share: Fraction | None
    needed: Fraction
    forecast_on: dt.date | None = None
    at_due: Fraction | None = None
    early: int | None = None
    change: Fraction | None = None

    @property
    def is_comparable(self) -> bool:
        return self.state is not GoalState.NOT_REPORTED


def needed_by(goal: Goal, day: dt.date) -> Fraction:
    """What an even pace from start to due day would have come to by `day`, in the goal's unit."""
    whole = (goal.due_on - goal.starts_on).days
    passed = min(max((day - goal.starts_on).days, 0), whole)
    return Fraction(goal.target * passed, whole)


def stand(
    goal: Goal, value: FigureValue, kind: Kind | None, day: dt.date, earlier: Fraction | None = None
) -> GoalStanding:
    """How `goal` stands on `day`.

    value:   its figure on that day.
    kind:    the figure's kind, for the largest pace that it allows.
    earlier: the figure's value a month before, to say whether it moves.
    """
    needed = needed_by(goal, day)
    change = value.value - earlier if value.value is not None and earlier is not None else None
    slowest = min(value.by.values()) if value.by else value.value
    if value.value is None or slowest is None:
        return GoalStanding(goal, value, GoalState.NO_DATA, value.value, slowest, None, needed)
    if value.figure.unit != goal.unit:
        return GoalStanding(
            goal, value, GoalState.NOT_REPORTED, value.value, slowest, None, needed, change=change
        )
    share = min(Fraction(1), value.value / goal.target)
    if slowest >= goal.target:
        return GoalStanding(
            goal, value, GoalState.REACHED, value.value, slowest, share, needed, change=change
        )
    expected_on = forecast(slowest, Fraction(goal.target), goal.starts_on, day)
    days = (day - goal.starts_on).days
    at_due = slowest * (goal.due_on - goal.starts_on).days / days if days > 0 and slowest > 0 else None
    early = (goal.due_on - expected_on).days if expected_on else None
    if _is_out_of_reach(goal, value, slowest, kind, day):
        state = GoalState.IMPOSSIBLE
    elif expected_on is None:
        state = GoalState.NO_FORECAST
    else:
        state = GoalState.ON_TIME if expected_on <= goal.due_on else GoalState.LATE
    return GoalStanding(
        goal, value, state, value.value, slowest, share, needed, expected_on, at_due, early, change
    )


def _is_out_of_reach(
    goal: Goal, value: FigureValue, slowest: Fraction, kind: Kind | None, day: dt.date
) -> bool:
    """Whether the rest cannot be done by the due day even at the most minutes that a day allows."""
    days_left = max(0, (goal.due_on - day).days)
    if days_left == 0:
        return True
    most = most_a_day(value.figure, kind)
    return most is not None and (goal.target - slowest) > most * days_left


def most_a_day(figure: Figure, kind: Kind | None) -> Fraction | None:
    """The largest amount that one place can come to in a day, in the goal's unit; None where the kind sets no
    such limit: it limits the minutes of a member."""
    if kind is None or figure.measure is not Measure.MINUTES or figure.scope is not Scope.MEMBER:
        return None
    return Fraction(kind.most_minutes_per_day, figure.divide_by)


def stand_all(
    spec: CampaignSpec,
    values: Mapping[str, FigureValue],
    day: dt.date,
    earlier: Callable[[Figure], FigureValue] | None = None,
) -> list[GoalStanding]:
    """Every goal of the campaign on `day`, in the order of the file.

    earlier: a figure's value a month before, asked of those that stand for a goal.
    """
    kinds = {kind.code: kind for kind in spec.kinds}
    found = []
    for goal in spec.goals:
        value = value_shown(goal, values)
        before = earlier(value.figure).value if earlier else None
        found.append(stand(goal, value, kinds.get(value.figure.kind or ""), day, before))
    return found


def value_shown(goal: Goal, values: Mapping[str, FigureValue]) -> FigureValue:
    """What is said of a goal: its own figure, or as long as that is 0 the one that is reported instead."""
    own = values[goal.figure]
    return values[goal.until_reported] if goal.until_reported and not own.value else own


def count_states(standings: Sequence[GoalStanding]) -> dict[GoalState, int]:
    """How many goals are in each state, states without any left out."""
    counts: dict[GoalState, int] = {}
    for standing in standings:
        counts[standing.state] = counts.get(standing.state, 0) + 1
    return counts
