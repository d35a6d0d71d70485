"""Closing periods (封账): when a period may be closed, and what a close holds back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Protocol

from tracker.rules.ledger_entries import Entry
from tracker.rules.periods import Period
from tracker.rules.refusal import N_, Refused

MOST_GRACE = 60  # days
LONGEST_REASON = 400
LATE = N_(
    "%(period)s is closed. What belongs to it can only be entered late (补记): say why it was not entered "
    "in time."
)
VERIFIED_LATE = N_(
    "%(count)s of these records belong to a period that is closed. Verified now, they are late entries "
    "(补记): say why they come late."
)
HELD = N_(
    "%(count)s of these records belong to a period that is closed, where nothing is taken back but by "
    "reversal. Reverse them one by one, or ask the office to open the period again."
)


class Closed(Protocol):
    """What a close says: its days, and the branch, or None for the whole bureau."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def starts_on(self) -> dt.date: ...
    @property
    def ends_on(self) -> dt.date: ...
    @property
    def unit_id(self) -> int | None: ...


def check_close(period: Period, grace_until: dt.date | None, today: dt.date) -> None:
    """Raises Refused unless the period is over, and the time of grace neither past nor without end."""
    if today <= period.ends_on:
        raise Refused(
            N_("It can be closed once it is over, from the day after %(day)s on."), "grace_until",
            day=period.ends_on.isoformat(),
        )  # fmt: skip
    if grace_until is None:
        return
    if grace_until < today:
        raise Refused(N_("Give today or a later day, or leave it empty to close at once."), "grace_until")
    if grace_until > today + dt.timedelta(days=MOST_GRACE):
        raise Refused(N_("Give a day within %(most)s days."), "grace_until", most=MOST_GRACE)


def days_of(entry: Entry) -> tuple[dt.date, ...]:
    """The days on which an entry changes figures: when it happened, and when it came to its stage."""
    return (entry.happened_on,) if entry.ended_on is None else (entry.happened_on, entry.ended_on)


def close_of(entry: Entry, branches: Collection[int | None], closes: Sequence[Closed]) -> Closed | None:
    """The first of the closes that holds an entry back.

    branches: those that the entry touches: the owner's, further organisers', those of the people in it.
    closes:   those that hold now.
    """
    for close in closes:
        here = close.unit_id is None or close.unit_id in branches
        if here and any(close.starts_on <= day <= close.ends_on for day in days_of(entry)):
            return close
    return None


def period_words(close: Closed | Period) -> str:
    """A period in a sentence: its name, or 2021-03."""
    return close.name or close.code
