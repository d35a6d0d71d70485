"""The days of a series, and who leads on which of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from tracker.models.series import Every
from tracker.rules.calendars import month_after
from tracker.rules.refusal import N_, Refused

MOST_DAYS = 200
STEPS = {Every.WEEK: 7, Every.TWO_WEEKS: 14}


@dataclass(frozen=True, slots=True)
class SeriesDays:
    """The days on which it is planned, and those that are left out because they are holidays."""

    kept: tuple[dt.date, ...]
    skipped: tuple[dt.date, ...]


def days_of_series(
    every: Every, weekday: int, first: dt.date, last: dt.date, holidays: Collection[dt.date]
) -> SeriesDays:
    """The days from `first` to `last` on which a series falls; holidays are left out, not moved.

    weekday: 0 is Monday.
    Raises Refused if `last` is before `first`, if no day is left, and for more than MOST_DAYS.
    """
    if last < first:
        raise Refused(N_("It must end after it begins."), "until")
    kept: list[dt.date] = []
    skipped: list[dt.date] = []
    for day in _days(every, first + dt.timedelta(days=(weekday - first.weekday()) % 7), last):
        (skipped if day in holidays else kept).append(day)
        if len(kept) > MOST_DAYS:
            too_many = N_("A series holds at most %(most)d days; choose an earlier end.")
            raise Refused(too_many, "until", most=MOST_DAYS)
    if not kept:
        raise Refused(N_("No day is left between these days."), "until")
    return SeriesDays(tuple(kept), tuple(skipped))


def _days(every: Every, first: dt.date, last: dt.date) -> Iterator[dt.date]:
    day, count = first, 0
    while day <= last:
        yield day
        count += 1
        if every is Every.MONTH:
            day = weekday_of_month(month_after(first.replace(day=1), count), first.weekday(), week_of(first))
        else:
            day += dt.timedelta(days=STEPS[every])


def week_of(day: dt.date) -> int:
    """Which of its weekday in the month it is: 1 … 4, or 5, which stands for the last."""
    return (day.day - 1) // 7 + 1


def weekday_of_month(month: dt.date, weekday: int, week: int) -> dt.date:
    """The first to fourth of a weekday in the month that begins with `month`; the fifth is its last."""
    day = month + dt.timedelta(days=(weekday - month.weekday()) % 7 + 7 * (week - 1))
    return day if (day.year, day.month) == (month.year, month.month) else day - dt.timedelta(days=7)


def in_turn(lead_ids: Sequence[int], count: int) -> list[int | None]:
    """Who leads on each of `count` days: one after the other, from the first again."""
    return [lead_ids[n % len(lead_ids)] if lead_ids else None for n in range(count)]
