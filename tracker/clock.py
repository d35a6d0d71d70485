"""The one clock. Business days may be set by TRACKER_TODAY; moments are always real."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from flask import current_app, g, has_request_context

ZONE = ZoneInfo("Asia/Shanghai")


def today() -> dt.date:
    """The local day that pages and imports take for today: TRACKER_TODAY if set, else Asia/Shanghai's."""
    fixed: dt.date | None = current_app.config["TRACKER"].today
    return fixed or date_now()


def now() -> dt.datetime:
    """The real moment, in UTC."""
    if has_request_context():
        g.asked_now = True  # what is made of it is not kept (tracker/kept.py)
    return dt.datetime.now(dt.UTC)


def date_now() -> dt.date:
    """The day that the clock on the wall shows, whatever TRACKER_TODAY says."""
    return dt.datetime.now(ZONE).date()


def local(moment: dt.datetime) -> dt.datetime:
    """The same moment as the clock on the wall shows it."""
    return moment.astimezone(ZONE)


def start_of(day: dt.date) -> dt.datetime:
    """The moment, in UTC, at which a business day begins. It is as many days from now as it is from `today`,
    so that under TRACKER_TODAY a day of grace lasts a day."""
    real = date_now() + (day - today())
    return dt.datetime.combine(real, dt.time(), ZONE).astimezone(dt.UTC)
