"""What a reader of the audit may choose."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from typing import TypeVar

from tracker.clock import ZONE
from tracker.forms.records import read_day

Choice = TypeVar("Choice", bound=enum.StrEnum)
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2100, 12, 31)


def read_choice(args: Mapping[str, str], key: str, choices: type[Choice]) -> Choice | None:
    """One of `choices` from an address, None if it is none of them."""
    text = args.get(key, "")
    return choices(text) if text in set(choices) else None


def read_since(text: str | None) -> dt.date | None:
    """A day that a clock can show, None for anything else."""
    day = read_day(text)
    return day if day and EARLIEST <= day <= LATEST else None


def begin_of(day: dt.date) -> dt.datetime:
    """The moment at which a local day begins."""
    return dt.datetime.combine(day, dt.time(), ZONE)


def end_of(day: dt.date) -> dt.datetime:
    """The moment at which a local day is over."""
    return begin_of(day + dt.timedelta(days=1))
