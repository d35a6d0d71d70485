"""Lets a group or branch read a verified work, and ends that again."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select, update

from tracker.db import db
from tracker.models import Record, Share, Status, User
from tracker.queries.access import branches_of, is_office
from tracker.queries.evidence import evidence_of
from tracker.queries.shares import audiences_of, open_share_of
from tracker.rules.campaigns import Kind
from tracker.rules.refusal import N_, Refused
from tracker.services.audit import record_event
from tracker.services.records import CHANGED


def may_share(record: Record, by: User) -> bool:
    """Whether it is theirs to say who reads the record: the author, who keeps the branch, the office."""
    if record.member_id is None:
        return False
    return record.member_id == by.member_id or record.branch_id in branches_of(by) or is_office(by)


def share_record(record: Record, kind: Kind, *, unit_id: int, by: User, at: dt.datetime) -> Share:
    """Let the members of a unit read the record. With whom it was shared before, it is no more.

    unit_id: the group or branch of the record.
    Raises Refused if the kind is not for sharing, it does not count, or there is nothing in it to read.
    """
    if not kind.allows_sharing or not may_share(record, by):
        raise Refused(N_("This is not to be shared."))
    held = select(Record.id).where(Record.id == record.id, Record.status == Status.VERIFIED).with_for_update()
    if db.session.scalar(held) is None:
        raise Refused(N_("Only what is verified can be shared."), "unit")
    unit = next((one for one in audiences_of(record) if one.id == unit_id), None)
    if unit is None:
        raise Refused(N_("Choose with whom to share it."), "unit")
    if record.work is None and not evidence_of(record):
        raise Refused(N_("There is nothing to read in it yet: add a picture or a document first."), "unit")
    before = open_share_of(record)
    if before is not None:
        if before.unit_id == unit.id:
            return before
        end_share(before, by=by, at=at)
    share = Share(record_id=record.id, unit_id=unit.id, shared_by_id=by.id, shared_at=at)
    db.session.add(share)
    db.session.flush()  # the event needs its id
    record_event(by, "share:add", share, at, record_id=record.id, unit_id=unit.id)
    return share


def end_share(share: Share, *, by: User, at: dt.datetime) -> None:
    """Let it be read no more. Raises Refused if it is not theirs to end, or was ended already."""
    if not may_share(share.record, by):
        raise Refused(N_("This is not to be shared."))
    changed = db.session.execute(
        update(Share)
        .where(Share.id == share.id, Share.ended_at.is_(None))
        .values(ended_at=at, ended_by_id=by.id)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        raise Refused(CHANGED)
    db.session.refresh(share)
    record_event(by, "share:end", share, at, record_id=share.record_id, unit_id=share.unit_id)
