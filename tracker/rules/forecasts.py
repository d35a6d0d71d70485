"""What lies ahead of a goal: pace so far and pace needed, who would be late, how wide the forecast is."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tracker.rules.campaigns import Goal, Kind, Reduce, Scope
from tracker.rules.figures import forecast
from tracker.rules.goals import GoalStanding, GoalState, most_a_day

WEEK = 7
STILL_DAYS = 28  # who has not moved for so long stands still
BAND_WEEKS = 4  # over how long past forecasts are held against what came
LEAST_TESTS = 4  # of fewer of them no width is learnt


@dataclass(frozen=True, slots=True)
class Level:
    """A goal as of a day, over those who were there on it.

    slowest: the smallest amount, in the goal's unit.
    whole:   the sum, or the mean where the target is each one's.
    by:      place → amount, on the days for which it was asked.
    """

    day: dt.date
    slowest: Fraction
    whole: Fraction
    by: Mapping[int, Fraction] | None = None


@dataclass(frozen=True, slots=True)
class Ahead:
    """An amount with its pace so far, carried on.

    per_week:   pace since the goal began.
    needs:      a week, from now on, to be there on the due day; None if it is there or the day is over.
    reaches_on: None without a pace, and where it is there already.
    """

    amount: Fraction
    per_week: Fraction
    needs: Fraction | None
    reaches_on: dt.date | None
    is_reached: bool


@dataclass(frozen=True, slots=True)
class Band:
    """How far the whole may come out on either side of its forecast.

    off:   by how much a week the pace was wrong at most; learnt from `tests` earlier forecasts.
    early, late: between which days the target is reached then; late is None where the slower pace never gets
           there. Both None where nothing is foretold.
    """

    off: Fraction
    tests: int
    early: dt.date | None = None
    late: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """One goal, seen from a day.

    slowest, whole: the same for a goal of the whole bureau.
    n:        how many places it is taken over; reached: how many of them are there.
    late:     how many will not be there on the due day at their own pace; after it, how many were not.
    beyond:   how many cannot be there even at the most that a day allows; None where there is no such limit.
    still:    how many of those not there have not moved for STILL_DAYS; None while it began more recently.
    is_still: the value that is shown has not moved for as long.
    most:     the most that one place can come to in a week, in the goal's unit.
    """

    standing: GoalStanding
    day: dt.date
    slowest: Ahead
    whole: Ahead
    n: int
    reached: int
    late: int
    beyond: int | None = None
    still: int | None = None
    is_still: bool = False
    most: Fraction | None = None
    band: Band | None = None

    @property
    def goal(self) -> Goal:
        return self.standing.goal

    @property
    def scope(self) -> Scope:
        return self.standing.figure.figure.scope

    @property
    def is_one(self) -> bool:
        """Whether it is counted over the whole bureau, so that nobody is the slowest."""
        return self.scope is Scope.BUREAU

    @property
    def has_begun(self) -> bool:
        """Whether a day of the goal is over: before that there is no pace."""
        return self.day > self.goal.starts_on

    @property
    def is_over(self) -> bool:
        """Whether the due day has come: from it on nothing is ahead."""
        return self.day >= self.goal.due_on

    @property
    def has_band(self) -> bool:
        """Whether its curve has a band: what is drawn is a mean or a sum, and something is foretold. Of a
        minimum a band misleads: each of those at the lower end has a pace of their own."""
        return self.band is not None and self.band.early is not None and is_total(self.standing)


def is_total(standing: GoalStanding) -> bool:
    """Whether what a goal shows is a sum or a mean."""
    figure = standing.figure.figure
    return figure.reduce is Reduce.MEAN or figure.reduce is Reduce.SUM


def ahead(amount: Fraction, goal: Goal, day: dt.date) -> Ahead:
    """`amount` of the goal's unit as of `day`, carried on (see `rules.figures.forecast`)."""
    passed, left = (day - goal.starts_on).days, (goal.due_on - day).days
    is_reached = amount >= goal.target
    return Ahead(
        amount,
        amount * WEEK / passed if passed > 0 else Fraction(0),
        (goal.target - amount) * WEEK / left if left > 0 and not is_reached else None,
        forecast(amount, Fraction(goal.target), goal.starts_on, day),
        is_reached,
    )


def count_late(amounts: Collection[Fraction], goal: Goal, day: dt.date) -> int:
    """How many of the places will not be there on the due day if each keeps its own pace."""
    paces = [ahead(amount, goal, day) for amount in amounts]
    return sum(
        1 for one in paces if not one.is_reached and not (one.reaches_on and one.reaches_on <= goal.due_on)
    )


def band_of(totals: Sequence[tuple[dt.date, Fraction]], goal: Goal) -> Band | None:
    """The band of the last of `totals`, which come one a week, the oldest first.

    It is as wide as the goal's own forecasts have been wrong: each past week's pace is carried on for
    BAND_WEEKS and held against what came; the largest miss, shared out over those weeks, is added to the pace
    of today and taken from it. None of fewer than LEAST_TESTS such weeks.
    Source: empirical limits from past errors; Williams & Goodman, Journal of the American Statistical
    Association 66 (1971), pp. 752–754. Why not a band from a model: docs/decisions/0040.
    """
    misses = []
    for (on, amount), (_, came) in zip(totals, totals[BAND_WEEKS:], strict=False):
        path = ahead(amount, goal, on)
        if path.per_week > 0 and not path.is_reached:
            misses.append(abs(came - amount - path.per_week * BAND_WEEKS) / BAND_WEEKS)
    if len(misses) < LEAST_TESTS:
        return None
    day, amount = totals[-1]
    path, off = ahead(amount, goal, day), max(misses)
    if path.reaches_on is None:
        return Band(off, len(misses))
    early, late = (_reached_at(pace, path, goal, day) for pace in (path.per_week + off, path.per_week - off))
    return Band(off, len(misses), early, late)


def _reached_at(per_week: Fraction, path: Ahead, goal: Goal, day: dt.date) -> dt.date | None:
    """The day on which the rest is done at that pace; None for never, or beyond the calendar."""
    if per_week <= 0:
        return None
    try:
        return day + dt.timedelta(days=math.ceil((goal.target - path.amount) * WEEK / per_week))
    except OverflowError:
        return None


def band_at(path: Ahead, band: Band, days: int) -> tuple[Fraction, Fraction]:
    """Between which amounts the whole lies in `days` days. Its lower edge does not fall."""
    weeks = Fraction(days, WEEK)
    slow = max(Fraction(0), path.per_week - band.off)
    return path.amount + slow * weeks, path.amount + (path.per_week + band.off) * weeks


def week_days(goal: Goal, day: dt.date) -> list[dt.date]:
    """`day` and the same weekday of every week before it, down to the goal's first day; the oldest first."""
    weeks = max(0, (day - goal.starts_on).days) // WEEK
    return [day - dt.timedelta(days=WEEK * n) for n in range(weeks, -1, -1)]


def look_ahead(
    standing: GoalStanding, day: dt.date, kind: Kind | None, levels: Mapping[dt.date, Level]
) -> Outlook | None:
    """What lies ahead of a goal as of `day`; None where it cannot be compared, or nobody is asked.

    kind:   the figure's kind, for the most that a day allows.
    levels: of the days of `week_days`; `by` is needed STILL_DAYS before and, if it is over, on the due day.
    """
    if standing.state in (GoalState.NOT_REPORTED, GoalState.NO_DATA) or standing.slowest is None:
        return None
    goal, figure = standing.goal, standing.figure.figure
    amounts = dict(standing.figure.by) or {0: standing.slowest}
    now = levels[day]
    slowest, whole = ahead(standing.slowest, goal, day), ahead(now.whole, goal, day)
    days_left = max(0, (goal.due_on - day).days)
    at_due = levels[goal.due_on].by if goal.due_on < day else amounts
    before = levels.get(day - dt.timedelta(days=STILL_DAYS))
    most = most_a_day(figure, kind)
    missing = {place: amount for place, amount in amounts.items() if amount < goal.target}
    return Outlook(
        standing,
        day,
        slowest,
        whole,
        n=len(amounts),
        reached=len(amounts) - len(missing),
        late=count_late((at_due or {}).values(), goal, min(day, goal.due_on)),
        beyond=sum(1 for amount in missing.values() if goal.target - amount > most * days_left)
        if most is not None
        else None,
        still=sum(1 for place, amount in missing.items() if (before.by or {}).get(place, 0) == amount)
        if before
        else None,
        is_still=before is not None and standing.value == _shown(before, standing) and not slowest.is_reached,
        most=most * WEEK if most is not None else None,
        band=band_of([(one, levels[one].whole) for one in week_days(goal, day)], goal),
    )


def _shown(level: Level, standing: GoalStanding) -> Fraction | None:
    """What the goal showed on that day: its whole or its smallest; None for another reduction."""
    if is_total(standing):
        return level.whole
    return level.slowest if standing.figure.figure.reduce is Reduce.MIN else None
