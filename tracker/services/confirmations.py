"""The community's word on what was done: noted with the stage or later, ended with a reason if wrong."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select, update

from tracker.db import db
from tracker.models import Campaign, Confirmation, Record, Status, User
from tracker.queries.access import reach_of
from tracker.queries.campaigns import spec_of
from tracker.queries.confirmations import confirmation_of
from tracker.rules.confirmations import Word, check_word
from tracker.rules.reach import may_enter
from tracker.rules.refusal import N_, Refused
from tracker.services.audit import record_event
from tracker.services.records import CHANGED, check_reason

STANDS = N_("The community's word on this is noted already.")


def add_confirmation(record: Record, word: Word, *, by: User, at: dt.datetime) -> Confirmation:
    """Note a word that was checked, of a record that has none yet."""
    found = Confirmation(
        record_id=record.id, said_by=word.said_by, said_on=word.said_on, heard=word.heard,
        entered_by_id=by.id, entered_at=at,
    )  # fmt: skip
    db.session.add(found)
    record_event(by, "record:confirm", record, at)
    return found


def confirm(record: Record, word: Word, *, by: User, at: dt.datetime, last: dt.date) -> Confirmation:
    """Note the community's word on a verified record afterwards.

    last: no day may lie after it. Raises Refused if the record does not count, if its stage asks for no such
    word, if one stands already, or if the record is not theirs to enter.
    """
    campaign = db.session.get_one(Campaign, record.campaign_id)
    kind = spec_of(campaign).kind(record.kind.code)
    stage = kind.stage(record.stage)
    if stage is None:
        raise Refused(CHANGED)
    since = record.since_on or record.ended_on or record.happened_on
    check_word(kind, stage, word, since=since, last=last)
    _lock(record, by)
    if confirmation_of(record) is not None:
        raise Refused(STANDS)
    return add_confirmation(record, word, by=by, at=at)


def end_confirmation(record: Record, *, why: str, by: User, at: dt.datetime) -> None:
    """Let the word that stands count no more, with a reason; it stays beside the record.

    Raises Refused if none stands, or if the record is not theirs to enter.
    """
    why = check_reason(why)
    _lock(record, by)
    changed = db.session.execute(
        update(Confirmation)
        .where(Confirmation.record_id == record.id, Confirmation.ended_at.is_(None))
        .values(ended_at=at, ended_by_id=by.id, ended_why=why)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        raise Refused(CHANGED)
    record_event(by, "record:end_confirmation", record, at)  # the reason may name somebody


def _lock(record: Record, by: User) -> None:
    if not may_enter(record, reach_of(by)):
        raise Refused(N_("On that day this was not yours to enter: it belongs to another unit."))
    counts = Record.id == record.id, Record.status == Status.VERIFIED
    if db.session.scalar(select(Record.id).where(*counts).with_for_update()) is None:
        raise Refused(CHANGED)
