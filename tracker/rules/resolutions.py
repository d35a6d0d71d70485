"""Agendas as people type them, and what a resolution needs: words, somebody in charge, a day."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from tracker.rules.cells import clean, parse_text
from tracker.rules.days import parse_day
from tracker.rules.deadlines import SOON, Deadline
from tracker.rules.people import LONGEST_NAME
from tracker.rules.refusal import N_, Refused
from tracker.rules.stories import title_and_teller

LONGEST_ITEM, MOST_ITEMS, LONGEST_RESOLUTION = 200, 50, 400


class AgendaPoint(NamedTuple):
    """One item: what it was about, and who spoke on it."""

    text: str
    speaker: str | None = None


def parse_agenda(typed: str) -> list[AgendaPoint]:
    """One item a line, who spoke on it in brackets at its end. Raises Refused for too long or too many."""
    found = []
    for line in clean(typed).splitlines():
        text, speaker = title_and_teller(line)
        text, speaker = (text, speaker) if text else (speaker, "")  # a line that is all in brackets
        if not text:
            continue
        parse_text(text, LONGEST_ITEM)
        parse_text(speaker, LONGEST_NAME)
        found.append(AgendaPoint(text, speaker or None))
    if len(found) > MOST_ITEMS:
        raise Refused(N_("Write at most %(most)d items."), "text", most=MOST_ITEMS)
    return found


def digest_of(points: Iterable[AgendaPoint]) -> str:
    """By which a form says what it had shown."""
    return hashlib.sha256(repr(list(points)).encode()).hexdigest()[:32]


def check_resolution(text: str, due_on: str, *, since: dt.date) -> tuple[str, dt.date]:
    """The words and the day of a resolution.

    since: the day of the session. Raises Refused, at the field at fault, if one is missing or cannot be.
    """
    try:
        words = parse_text(text, LONGEST_RESOLUTION)
    except Refused as refusal:
        raise Refused(refusal.msgid, "text", **refusal.params) from None
    if words is None:
        raise Refused(N_("Say what is to be done."), "text")
    if not due_on.strip():
        raise Refused(N_("Give the day by which it is to be done."), "due_on")
    try:
        day = parse_day(due_on)
    except Refused as refusal:
        raise Refused(refusal.msgid, "due_on", **refusal.params) from None
    if day < since:
        raise Refused(N_("It cannot be due before the session."), "due_on")
    return words, day


def deadline_of_resolution(due_on: dt.date, done_on: dt.date | None, today: dt.date) -> Deadline | None:
    """Whether an open resolution is overdue, or due within the week."""
    if done_on is not None or due_on > today + SOON:
        return None
    return Deadline.OVERDUE if due_on < today else Deadline.SOON
