"""The table of holidays: filled for a year from a library, and changed by hand."""

from __future__ import annotations

import datetime as dt

import chinese_calendar
from sqlalchemy import select, update

from tracker.db import db
from tracker.models import DaySort, Holiday, User
from tracker.queries.holidays import days_of_year
from tracker.rules.calendars import FIRST_YEAR, LAST_YEAR
from tracker.rules.refusal import N_, Refused
from tracker.services.audit import record_event

LONGEST_NAME = 40
# What the library calls a holiday in English → its name in the table, which is Chinese as campaigns are.
NAMES = {one.value: one.chinese for one in chinese_calendar.Holiday}


def fill_year(year: int, *, by: User, at: dt.datetime) -> int:
    """Write the holidays and make-up workdays of a year as the State Council announced them; give how many
    rows changed. What was entered or taken out by hand stays. Raises Refused for a year that is not known."""
    known = _known_days(year)
    rows = {row.day: row for row in days_of_year(year)}
    changed: list[Holiday] = []
    for day, (sort, name) in known.items():
        row = rows.get(day)
        if row is None:
            row = Holiday(day=day, sort=sort, name=name)
            db.session.add(row)
        elif row.is_manual or (row.sort, row.name) == (sort, name):
            continue
        else:
            row.sort, row.name = sort, name
        changed.append(row)
    db.session.flush()
    if changed:
        record_event(by, "holiday:fill", changed[0], at, days=len(changed))
    return len(changed)


def _known_days(year: int) -> dict[dt.date, tuple[DaySort, str]]:
    """Days of a year that are not what their weekday says, from the library."""
    unknown = N_("The holidays of %(year)s are not known to this program yet. Enter them by hand below.")
    found: dict[dt.date, tuple[DaySort, str]] = {}
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused(unknown, "year", year=year)
    day = dt.date(year, 1, 1)
    while day.year == year:
        try:
            is_off, name = chinese_calendar.get_holiday_detail(day)
        except NotImplementedError:
            raise Refused(unknown, "year", year=year) from None
        if name is not None:
            found[day] = DaySort.HOLIDAY if is_off else DaySort.WORKDAY, NAMES.get(name, name)
        day += dt.timedelta(days=1)
    return found


def save_day(day: dt.date, sort: DaySort, name: str, *, by: User, at: dt.datetime) -> Holiday:
    """Say by hand what a day is: a holiday or a make-up workday. Raises Refused for a day without a name."""
    name = " ".join(name.split())
    if not name:
        raise Refused(N_("Fill this in."), "name")
    if len(name) > LONGEST_NAME:
        raise Refused(N_("Write at most %(most)d characters."), "name", most=LONGEST_NAME)
    row = db.session.scalar(select(Holiday).where(Holiday.day == day))
    if row is None:
        row = Holiday(day=day, sort=sort, name=name, is_manual=True)
        db.session.add(row)
    row.sort, row.name, row.is_manual = sort, name, True
    db.session.flush()
    record_event(by, "holiday:save", row, at)
    return row


def drop_day(row: Holiday, *, by: User, at: dt.datetime) -> None:
    """Take a day out of the table. It stays as an ordinary day, so that filling the year leaves it out."""
    # By what stands: of two who take it out at once, one does.
    changed = db.session.execute(
        update(Holiday)
        .where(Holiday.id == row.id, Holiday.sort != DaySort.ORDINARY)
        .values(sort=DaySort.ORDINARY, is_manual=True)
    )
    if changed.rowcount:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        record_event(by, "holiday:drop", row, at)
