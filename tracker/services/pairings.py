"""Notes visits, needs and measures beside a pairing. They count in no figure, so nobody verifies them."""

from __future__ import annotations

import datetime as dt

from tracker.db import db
from tracker.models import Campaign, NoteSort, PairingNote, Record, Status, User
from tracker.queries.access import reach_of
from tracker.rules.pairings import check_note
from tracker.rules.reach import may_enter
from tracker.rules.refusal import N_, Refused
from tracker.services.audit import record_event

NOT_YET = N_("Visits, needs and measures are noted on a record that counts.")


def may_note(record: Record, by: User) -> bool:
    """Whether visits, needs and measures of the record's pairing are theirs to note."""
    return record.status is Status.VERIFIED and may_enter(record, reach_of(by))


def last_note_day(record: Record, campaign: Campaign, today: dt.date) -> dt.date:
    """The last day for which something may be noted: today, unless pairing or campaign ended before."""
    return min(today, campaign.ends_on, record.ended_on or today)


def add_note(
    record: Record,
    sort: NoteSort | None,
    on: dt.date | None,
    text: str,
    *,
    by: User,
    at: dt.datetime,
    today: dt.date,
) -> PairingNote:
    """Note a visit, need or measure. Raises Refused if it is not theirs, or sort, day or text will not do."""
    if not may_note(record, by) or record.member_id is None or record.subject is None:
        raise Refused(NOT_YET)
    campaign = db.session.get_one(Campaign, record.campaign_id)
    last = last_note_day(record, campaign, today)
    chosen, day, words = check_note(sort, on, text, since=record.happened_on, last=last)
    note = PairingNote(
        campaign_id=record.campaign_id, member_id=record.member_id, subject=record.subject,
        record_id=record.id, sort=chosen, happened_on=day, text=words, entered_by_id=by.id, entered_at=at,
    )  # fmt: skip
    db.session.add(note)
    db.session.flush()
    record_event(by, "pairing:note", record, at, note_id=note.id)
    return note


def remove_note(record: Record, note: PairingNote, *, by: User, at: dt.datetime) -> None:
    """Take a note out that was wrong. Raises Refused if it is not theirs to."""
    if not may_note(record, by):
        raise Refused(NOT_YET)
    record_event(by, "pairing:remove_note", record, at, note_id=note.id)
    db.session.delete(note)
    db.session.flush()
