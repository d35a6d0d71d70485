"""A member paired with a person behind a code: who opens what is sealed, what a note may say, due visits."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from tracker.models.pairing import NoteSort
from tracker.models.record import Status
from tracker.rules.campaigns import CampaignSpec, Kind
from tracker.rules.reach import Placed, Reach
from tracker.rules.refusal import N_, Refused
from tracker.rules.sensitive import holds_id_number, holds_phone_number

LONGEST_NOTE = 200
LONGEST = {"name": 40, "contact": 60, "address": 120}  # characters of what is sealed


class Paired(Placed, Protocol):
    """A record, as far as these rules look at it."""

    @property
    def status(self) -> Status: ...
    @property
    def subject(self) -> str | None: ...
    @property
    def stage(self) -> str | None: ...
    @property
    def happened_on(self) -> dt.date: ...
    @property
    def ended_on(self) -> dt.date | None: ...


def is_pairing(kind: Kind) -> bool:
    """Whether the records of a kind pair a member with a person: they have something sealed, or visits."""
    return kind.sealed_subject or kind.visit_every_days is not None


def may_open(record: Paired, kind: Kind, reach: Reach) -> bool:
    """Whether the sealed person of a record is theirs to write, open and delete.

    Only for the member whose record it is and those who keep its branch, not for the office. And only while
    it counts: who types somebody else's code opens nothing until another person has verified the record.
    """
    if not kind.sealed_subject or record.status is not Status.VERIFIED or not record.subject:
        return False
    own = record.member_id is not None and record.member_id == reach.member_id
    return own or record.branch_id in reach.branches


def is_ended(kind: Kind, record: Paired, day: dt.date) -> bool:
    """Whether a pairing is over on `day`."""
    if record.ended_on is not None:
        return record.ended_on <= day
    return kind.ended_stage is not None and record.stage == kind.ended_stage


@dataclass(frozen=True, slots=True)
class Due:
    """When a visit is due. last_on: None if there was no visit. days_over: negative while there is time."""

    last_on: dt.date | None
    due_on: dt.date
    days_over: int


def due_of(begun_on: dt.date, last_on: dt.date | None, every_days: int, today: dt.date) -> Due:
    """The next visit of a pairing: so many days after the last one, or after its beginning."""
    due_on = (last_on or begun_on) + dt.timedelta(days=every_days)
    return Due(last_on, due_on, (today - due_on).days)


def last_delete_on(spec: CampaignSpec, kind: Kind) -> dt.date:
    """The last day for which something may be sealed: so many days after the campaign's end."""
    return spec.ends_on + dt.timedelta(days=kind.sealed_keep_days)


def check_delete_on(day: dt.date | None, *, today: dt.date, last: dt.date) -> dt.date:
    """The day on which what is sealed is deleted. Raises Refused if it is none, past, or after `last`."""
    if last <= today:
        too_late = N_("What is sealed was to be deleted by %(day)s, so nothing can be sealed any more.")
        raise Refused(too_late, day=last.isoformat())
    if day is None:
        raise Refused(N_("Give the day on which this is to be deleted."), "delete_on")
    if day <= today:
        raise Refused(N_("Choose a day in the future."), "delete_on")
    if day > last:
        raise Refused(N_("Choose a day up to %(day)s."), "delete_on", day=last.isoformat())
    return day


def check_particulars(name: str, contact: str, address: str) -> dict[str, str]:
    """What is to be sealed, on one line each. Raises Refused where it is empty, too long, or an ID number."""
    words = {"name": name, "contact": contact, "address": address}
    words = {field: " ".join(text.split()) for field, text in words.items()}
    if not words["name"]:
        raise Refused(N_("Write the name."), "name")
    for field, text in words.items():
        if len(text) > LONGEST[field]:
            raise Refused(N_("Write at most %(most)d characters."), field, most=LONGEST[field])
        if holds_id_number(text):
            raise Refused(N_("This holds an identity number. Leave it out: it is not needed here."), field)
    return words


def check_plain(text: str, field: str) -> None:
    """Raises Refused if words that are kept in clear hold an identity or telephone number."""
    if holds_id_number(text) or holds_phone_number(text):
        raise Refused(
            N_("This holds an identity or telephone number. Leave it out: this is not sealed."),
            field,
        )


def check_stage_note(kind: Kind, stage: str, note: str) -> None:
    """Raises Refused if a pairing ends without a reason, or if the words hold a number."""
    if not is_pairing(kind):
        return
    if stage == kind.ended_stage and not note:
        raise Refused(N_("Say why it ends, in a few words and without a name."), "note")
    check_plain(note, "note")


def check_note(
    sort: NoteSort | None, on: dt.date | None, text: str, *, since: dt.date, last: dt.date
) -> tuple[NoteSort, dt.date, str | None]:
    """What a note says, on which day. Raises Refused if its sort, day or text will not do.

    since, last: the days of the pairing, up to today.
    """
    text = " ".join(text.split())
    if sort is None:
        raise Refused(N_("Choose what it is."), "sort")
    if on is None:
        raise Refused(N_("Give the day."), "on")
    if not since <= on <= last:
        outside = N_("Choose a day from %(since)s to %(last)s.")
        raise Refused(outside, "on", since=since.isoformat(), last=last.isoformat())
    if len(text) > LONGEST_NOTE:
        raise Refused(N_("Write at most %(most)d characters."), "text", most=LONGEST_NOTE)
    if not text and sort is not NoteSort.VISIT:
        raise Refused(N_("Say what, in a few words."), "text")
    check_plain(text, "text")
    return sort, on, text or None
