"""Who was not at a session: reasons and ways of making it up, from the lists of the kind."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from tracker.rules.campaigns import Kind
from tracker.rules.days import parse_day
from tracker.rules.refusal import N_, Refused


class TypedAbsence(NamedTuple):
    """What somebody chose for one member; '' where nothing was chosen."""

    reason: str = ""
    made_up_on: str = ""
    made_up_by: str = ""


class AbsenceWord(NamedTuple):
    """Why somebody was not there, and when and how they made it up."""

    reason: str
    made_up_on: dt.date | None = None
    made_up_by: str | None = None


def check_absence(kind: Kind, typed: TypedAbsence, *, since: dt.date, last: dt.date) -> AbsenceWord | None:
    """What is to be kept of one member; None if nothing is said.

    since, last: the days between which it can have been made up.
    Raises Refused, on the field at fault, for what is in no list, and for a day without a way or a reason.
    """
    if not any(typed):
        return None
    if typed.reason not in kind.absence_reasons:
        raise Refused(N_("Choose the reason of the absence."), "reason")
    if not typed.made_up_on and not typed.made_up_by:
        return AbsenceWord(typed.reason)
    if not typed.made_up_on:
        raise Refused(N_("Give the day on which it was made up."), "made_up_on")
    try:
        day = parse_day(typed.made_up_on)
    except Refused as refusal:
        raise Refused(refusal.msgid, "made_up_on", **refusal.params) from None
    if not since <= day <= last:
        params = {"first": since.isoformat(), "last": last.isoformat()}
        raise Refused(N_("Choose a day from %(first)s to %(last)s."), "made_up_on", **params)
    if typed.made_up_by not in kind.make_up_ways:
        raise Refused(N_("Choose how it was made up."), "made_up_by")
    return AbsenceWord(typed.reason, day, typed.made_up_by)


def digest_of(words: Iterable[tuple[int, AbsenceWord]]) -> str:
    """A digest of what is kept, by which a form says what it had seen. words: (member id, word)."""
    return hashlib.sha256(repr(sorted(words)).encode()).hexdigest()[:32]
