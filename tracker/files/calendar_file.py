"""Plans as an iCalendar file, for the calendar on somebody's phone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One event. uid: the same whenever it is taken again; sequence: grows with each change.

    Minutes are those of the local day; no begin: the whole day. note: further words, '' for none.
    """

    uid: str
    sequence: int
    day: dt.date
    title: str
    from_minute: int | None = None
    to_minute: int | None = None
    place: str | None = None
    note: str = ""
    is_cancelled: bool = False


def calendar_file(name: str, entries: Iterable[CalendarEntry], at: dt.datetime) -> bytes:
    """The file (RFC 5545, UTF-8). name: of the calendar; at: the moment at which it is made."""
    calendar = Calendar()
    calendar.add("prodid", "-//tracker//plans//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for entry in entries:
        calendar.add_component(_event(entry, at))
    calendar.add_missing_timezones()
    content: bytes = calendar.to_ical()
    return content


def _event(entry: CalendarEntry, at: dt.datetime) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", at)
    if entry.from_minute is None:
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + dt.timedelta(days=1))
    else:
        event.add("dtstart", _moment(entry.day, entry.from_minute))
        if entry.to_minute is not None:
            event.add("dtend", _moment(entry.day, entry.to_minute))
    event.add("summary", entry.title)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    for key, text in (("location", entry.place), ("description", entry.note)):
        if text:
            event.add(key, text)
    return event


def _moment(day: dt.date, minute: int) -> dt.datetime:
    """The minute of the day; 24:00 is the next midnight."""
    return dt.datetime.combine(day, dt.time(), ZONE) + dt.timedelta(minutes=minute)
