"""Changes the day on which a verified record is due: with a reason, and the old day is kept."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import update

from tracker.db import db
from tracker.models import Campaign, DeadlineChange, Record, Status, User
from tracker.queries.access import reach_of
from tracker.queries.campaigns import spec_of
from tracker.queries.stages import waits_for_next
from tracker.rules.deadlines import check_due_on
from tracker.rules.reach import may_enter
from tracker.rules.refusal import N_, Refused
from tracker.services.audit import record_event
from tracker.services.records import CHANGED, check_reason
from tracker.services.stages import UNDER_WAY


def change_deadline(
    record: Record, to: dt.date | None, *, why: str, version: int, by: User, at: dt.datetime
) -> DeadlineChange:
    """Let a verified record be due on another day, or on none (`to` is None).

    What its file or its form said stays its content: the same file again does not bring the old day back.
    version: of `record` as it was seen.
    Raises Refused if it changed since, does not count, is at its last stage or about to leave this one, if
    the day will not do, or if it is not theirs to enter.
    """
    why = check_reason(why)
    campaign = db.session.get_one(Campaign, record.campaign_id)
    was = record.due_on
    check_due_on(spec_of(campaign).kind(record.kind.code), record.stage, was, to, record.happened_on)
    if not may_enter(record, reach_of(by)):
        raise Refused(N_("On that day this was not yours to enter: it belongs to another unit."))
    changed = db.session.execute(
        update(Record)
        .where(Record.id == record.id, Record.status == Status.VERIFIED, Record.version == version)
        .values(due_on=to, version=version + 1)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        raise Refused(CHANGED)
    if waits_for_next(record):  # asked under the lock: that stage has taken the old day along
        raise Refused(UNDER_WAY)
    db.session.refresh(record)
    change = DeadlineChange(record_id=record.id, was_on=was, becomes_on=to, why=why, by_id=by.id, at=at)
    db.session.add(change)
    days = [day.isoformat() if day else None for day in (was, to)]
    record_event(by, "record:change_deadline", record, at, due_on=days)  # the reason may name somebody
    return change
