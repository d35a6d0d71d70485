"""The table of holidays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import select

from tracker.db import db
from tracker.models import DaySort, Holiday


def holidays_between(first: dt.date, last: dt.date) -> dict[dt.date, Holiday]:
    """Day -> its row, holidays and make-up workdays only; both ends included."""
    rows = db.session.scalars(
        select(Holiday)
        .where(Holiday.day.between(first, last), Holiday.sort != DaySort.ORDINARY)
        .order_by(Holiday.day)
    )
    return {row.day: row for row in rows}


def days_of_year(year: int) -> list[Holiday]:
    """Every row of a year by day, those too that were taken out by hand."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    return list(
        db.session.scalars(select(Holiday).where(Holiday.day.between(first, last)).order_by(Holiday.day))
    )


def holiday_on(day: dt.date) -> Holiday | None:
    """The holiday of that day, None if the table says nothing or calls it a workday."""
    return db.session.scalar(select(Holiday).where(Holiday.day == day, Holiday.sort == DaySort.HOLIDAY))


def holiday_by_id(holiday_id: int) -> Holiday | None:
    """The row with that id; the table belongs to the whole bureau."""
    return db.session.get(Holiday, holiday_id)


def years_without(years: Iterable[int]) -> list[int]:
    """Those of the years of which the table says nothing at all."""
    return [year for year in years if not days_of_year(year)]
