"""Which records the community has confirmed, and what it said of one fact."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, select

from tracker.db import db
from tracker.models import Confirmation, Record


def is_confirmed() -> ColumnElement[bool]:
    """Which records have the community's word that stands."""
    return exists().where(Confirmation.record_id == Record.id, Confirmation.ended_at.is_(None))


def confirmation_of(record: Record) -> Confirmation | None:
    """The community's word that stands, None if there is none."""
    standing = Confirmation.record_id == record.id, Confirmation.ended_at.is_(None)
    return db.session.scalar(select(Confirmation).where(*standing))


def confirmations_of(way: Sequence[Record]) -> dict[int, list[Confirmation]]:
    """All that the community said of one fact, by record; what was ended too. The first one first."""
    found: dict[int, list[Confirmation]] = {}
    rows = select(Confirmation).where(Confirmation.record_id.in_([one.id for one in way]))
    for one in db.session.scalars(rows.order_by(Confirmation.id)):
        found.setdefault(one.record_id, []).append(one)
    return found
