"""The one clock. Business days may be set by TRACKER_TODAY; moments are always real."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from flask import current_app

ZONE = ZoneInfo("Asia/Shanghai")


def today() -> dt.date:
    """The local day that pages and imports take for today: TRACKER_TODAY if set, else Asia/Shanghai's."""
    fixed: dt.date | None = current_app.config["TRACKER"].today
    return fixed or dt.datetime.now(ZONE).date()


def now() -> dt.datetime:
    """The real moment, in UTC."""
    return dt.datetime.now(dt.UTC)


def local(moment: dt.datetime) -> dt.datetime:
    """The same moment as the clock on the wall shows it."""
    return moment.astimezone(ZONE)


def start_of(day: dt.date) -> dt.datetime:
    """The moment, in UTC, at which a business day begins. It is as many days from now as it is from `today`,
    so that under TRACKER_TODAY a day of grace lasts a day."""
    real = dt.datetime.now(ZONE).date() + (day - today())
    return dt.datetime.combine(real, dt.time(), ZONE).astimezone(dt.UTC)
