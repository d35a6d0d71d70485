"""Copies of what is kept about one person: asked for, and noted when they are made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from tracker.models import Job, Member, User
from tracker.queries.copied_rows import Person
from tracker.rules.copies import ASKED, ERASED, UNSAID
from tracker.rules.erasures import is_code_of
from tracker.rules.refusal import Refused
from tracker.services.audit import record_event
from tracker.services.job_files import OTHERS_COPY, OWN_COPY
from tracker.services.jobs import queue_task


def is_erased(member: Member, keys: Sequence[str]) -> bool:
    """Whether a code stands in place of a member's name. keys: `Config.keys`."""
    return is_code_of(member.number, member.id, keys)


def check_not_erased(person: Person, keys: Sequence[str]) -> None:
    """Raises Refused if the person was erased."""
    if person.member is not None and is_erased(person.member, keys):
        raise Refused(ERASED)


def ask_own_copy(by: User, at: dt.datetime) -> Job:
    """Have everything about the one who asks copied. Asked for twice it is made once."""
    return queue_task(OWN_COPY, {}, campaign=None, by=by, at=at, is_reading=True)


def ask_copy_for(member: Member, why: str, *, by: User, at: dt.datetime, keys: Sequence[str]) -> Job:
    """Have everything about somebody else copied, for them.

    why: one of ASKED.
    Raises Refused if they were erased, if no reason is given, or while one for another person is being made.
    """
    check_not_erased(Person(member, None), keys)
    if why not in ASKED:
        raise Refused(UNSAID, "why")
    asked = {"member_id": member.id, "why": why}
    return queue_task(OTHERS_COPY, asked, campaign=None, by=by, at=at, is_reading=True)


def note_copy(person: Person, *, by: User | None, at: dt.datetime, **detail: Any) -> None:
    """Note who has had everything about whom copied. by: None stands for the command line."""
    if person.member is not None:
        record_event(by, "member:copy", person.member, at, **detail)
    elif person.user is not None:
        record_event(by, "user:copy", person.user, at, **detail)
