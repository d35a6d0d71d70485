"""Months as a calendar shows them: weeks from Monday to Sunday."""

from __future__ import annotations

import datetime as dt
import re

from tracker.rules.grids import monday_of

FIRST_YEAR, LAST_YEAR = 1900, 2100
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")


def read_month(text: str | None, otherwise: dt.date) -> dt.date:
    """The first day of the month that 2021-07 says, or of the month of `otherwise`."""
    match = _MONTH.fullmatch(text or "")
    if match and FIRST_YEAR <= int(match[1]) <= LAST_YEAR and 1 <= int(match[2]) <= 12:
        return dt.date(int(match[1]), int(match[2]), 1)
    return otherwise.replace(day=1)


def month_after(first: dt.date, count: int = 1) -> dt.date:
    """The first day of the month that comes `count` months later, or earlier if it is negative."""
    months = first.year * 12 + first.month - 1 + count
    return dt.date(months // 12, months % 12 + 1, 1)


def weeks_of(first: dt.date) -> list[list[dt.date]]:
    """The weeks that hold the days of the month, whole: the first and the last reach into other months."""
    day, end, weeks = monday_of(first), month_after(first), []
    while day < end:
        weeks.append([day + dt.timedelta(days=n) for n in range(7)])
        day += dt.timedelta(days=7)
    return weeks
