"""What minutes of a meeting need, and how regularly meetings were held."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.rules.cells import clean, parse_code, parse_text
from tracker.rules.days import parse_day
from tracker.rules.periods import Period, Span, months
from tracker.rules.refusal import N_, Refused

LONGEST_NUMBER, LONGEST_CHAIR, LONGEST_ITEM, MOST_ITEMS, LONGEST_TEXT = 40, 80, 200, 18, 8000


@dataclass(frozen=True, slots=True)
class Minutes:
    """What minutes say. studied: one item a line, or None; text: None if there is none."""

    number: str
    held_on: dt.date
    chair: str
    studied: str | None
    text: str | None


def check_minutes(
    number: str, held_on: str, chair: str, studied: str, text: str, *, since: dt.date, today: dt.date,
    has_agenda: bool,
) -> Minutes:  # fmt: skip
    """What the minutes say. Raises Refused, at the field at fault, for what is missing or cannot be.

    since, today: the first and the last day on which it can have been held.
    has_agenda:   what was studied stands in the ledger already, and is not said again.
    """
    found = _at("number", parse_code, number, LONGEST_NUMBER)
    if found is None:
        raise Refused(N_("Give the number of the meeting."), "number")
    if not held_on.strip():
        raise Refused(N_("Give the day of the meeting."), "held_on")
    try:
        day = parse_day(held_on)
    except Refused as refusal:
        raise Refused(refusal.msgid, "held_on", **refusal.params) from None
    if not since <= day <= today:
        params = {"since": since.isoformat(), "today": today.isoformat()}
        raise Refused(N_("The day must lie between %(since)s and %(today)s."), "held_on", **params)
    led = _at("chair", parse_text, chair, LONGEST_CHAIR)
    if led is None:
        raise Refused(N_("Say who chaired."), "chair")
    items = _items(studied)
    if has_agenda and items:
        raise Refused(N_("The ledger has the agenda of this meeting already; leave this empty."), "studied")
    if not has_agenda and not items:
        raise Refused(N_("Say what was studied."), "studied")
    return Minutes(found, day, led, "\n".join(items) or None, _long(text))


def _items(typed: str) -> list[str]:
    try:
        lines = [" ".join(line.split()) for line in clean(typed).splitlines()]
    except Refused as refusal:
        raise Refused(refusal.msgid, "studied", **refusal.params) from None
    found = [line for line in lines if line]
    if len(found) > MOST_ITEMS:
        raise Refused(N_("Write at most %(most)d items."), "studied", most=MOST_ITEMS)
    for line in found:
        _at("studied", parse_text, line, LONGEST_ITEM)
    return found


def _long(typed: str) -> str | None:
    """The text with its line breaks."""
    try:
        text = "\n".join(line.rstrip() for line in clean(typed).splitlines()).strip()
    except Refused as refusal:
        raise Refused(refusal.msgid, "text", **refusal.params) from None
    if len(text) > LONGEST_TEXT:
        msgid = N_("The text has %(length)s characters; at most %(most)s are kept.")
        raise Refused(msgid, "text", length=len(text), most=LONGEST_TEXT)
    return text or None


def _at(field: str, parse: object, typed: str, most: int) -> str | None:
    try:
        return parse(typed, most)  # type: ignore[operator, no-any-return]  # parse_text or parse_code
    except Refused as refusal:
        raise Refused(refusal.msgid, field, **refusal.params) from None


@dataclass(frozen=True, slots=True)
class Regularity:
    """How regularly meetings were held.

    by_month:   each month that has begun, with how many were held in it.
    longest:    most days without one: from the campaign's first day to the first meeting, between two, and
                from the last one to the last day looked at. None if none was held.
    since_last: days since the last one; None if none was held.
    """

    by_month: tuple[tuple[Period, int], ...]
    longest: int | None
    since_last: int | None

    @property
    def total(self) -> int:
        return sum(count for _, count in self.by_month)

    @property
    def without(self) -> tuple[Period, ...]:
        """The months without any."""
        return tuple(month for month, count in self.by_month if not count)


def regularity(held: Iterable[dt.date], campaign: Span, today: dt.date) -> Regularity:
    """How regularly meetings were held until `today`, or until the campaign's last day."""
    last = min(today, campaign.ends_on)
    days: Sequence[dt.date] = sorted(day for day in held if campaign.starts_on <= day <= last)
    counted = tuple((month, sum(day in month for day in days)) for month in months(campaign, last))
    if not days:
        return Regularity(counted, None, None)
    points = [campaign.starts_on, *days, last]
    gaps = [(later - earlier).days for earlier, later in itertools.pairwise(points)]
    return Regularity(counted, max(gaps), gaps[-1])
