"""The files of records: those of one fact, and how many there are."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.models import Evidence, Record, User

LONGEST_WAY = 40  # stages of one fact


def evidence_of(record: Record) -> list[Evidence]:
    """The files of the record and of the earlier stages that it follows, in the order in which they came."""
    return list(
        db.session.scalars(
            select(Evidence)
            .where(Evidence.record_id.in_(_way_to(record)), Evidence.removed_at.is_(None))
            .order_by(Evidence.id)
            .options(joinedload(Evidence.added_by), joinedload(Evidence.record))
        )
    )


def _way_to(record: Record) -> list[int]:
    """The record and those before it, whose fact it says."""
    ids, before = [record.id], record.follows_id
    while before is not None and len(ids) < LONGEST_WAY:
        ids.append(before)
        before = db.session.scalar(select(Record.follows_id).where(Record.id == before))
    return ids


def evidence_counts(records: Sequence[Record]) -> dict[int, int]:
    """How many files these records have, by id; a later stage counts those of the one before it."""
    ids = {record.id for record in records} | {one.follows_id for one in records if one.follows_id}
    rows = db.session.execute(
        select(Evidence.record_id, func.count())
        .where(Evidence.record_id.in_(sorted(ids)), Evidence.removed_at.is_(None))
        .group_by(Evidence.record_id)
    )
    counts = {id_: int(count) for id_, count in rows}
    return {one.id: counts.get(one.id, 0) + counts.get(one.follows_id or 0, 0) for one in records}


def has_evidence(record: Record) -> bool:
    """Whether the record itself has a file."""
    return bool(evidence_counts([record])[record.id])


def evidence_about(member_id: int, user: User) -> list[Evidence]:
    """Files of the member's own records, and those that their account added; removed ones too."""
    return list(
        db.session.scalars(
            select(Evidence)
            .join(Record, Record.id == Evidence.record_id)
            .where(or_(Record.member_id == member_id, Evidence.added_by_id == user.id))
            .order_by(Evidence.id)
            .options(joinedload(Evidence.record), joinedload(Evidence.added_by))
        )
    )
