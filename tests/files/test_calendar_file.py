"""A calendar file is read back as it was meant."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from icalendar import Calendar

from tracker.files.calendar_file import CalendarEntry, calendar_file

AT = dt.datetime(2021, 7, 31, 8, 0, tzinfo=dt.UTC)
ENTRY = CalendarEntry(
    "plan-1@host", 2, dt.date(2021, 8, 6), "党日；集中学习, 二楼", 900, 990, "二楼", "领学人：张三"
)


def events(*entries):
    calendar = Calendar.from_ical(calendar_file("我的日历", entries, AT))
    assert [str(one["tzid"]) for one in calendar.walk("VTIMEZONE")] in ([], ["Asia/Shanghai"])
    return calendar.walk("VEVENT")


def test_an_event_has_its_time_place_and_a_lasting_name():
    (event,) = events(ENTRY)
    assert (str(event["uid"]), int(event["sequence"])) == ("plan-1@host", 2)
    assert event["dtstart"].params["tzid"] == "Asia/Shanghai"
    assert event.decoded("dtstart").isoformat() == "2021-08-06T15:00:00+08:00"
    assert event.decoded("dtend").isoformat() == "2021-08-06T16:30:00+08:00"
    assert (str(event["summary"]), str(event["location"])) == (ENTRY.title, "二楼")
    assert str(event["status"]) == "CONFIRMED"


def test_a_whole_day_midnight_and_a_cancelled_one():
    whole, late, gone = events(
        replace(ENTRY, from_minute=None, to_minute=None, place=None, note=""),
        replace(ENTRY, to_minute=1440),
        replace(ENTRY, is_cancelled=True, to_minute=None),
    )
    assert whole.decoded("dtstart") == dt.date(2021, 8, 6)
    assert whole.decoded("dtend") == dt.date(2021, 8, 7)
    assert late.decoded("dtend").isoformat() == "2021-08-07T00:00:00+08:00"
    assert (str(gone["status"]), "dtend" in gone) == ("CANCELLED", False)
