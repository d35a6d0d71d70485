"""What somebody let their group or branch read."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import IntPK, Model
from tracker.models.record import Record
from tracker.models.unit import Unit
from tracker.models.user import User

OPEN = text("ended_at IS NULL")


class Share(Model):
    """One record shown to a group or a branch until it is ended. It is read only while the record counts.

    The record is the one that counts: when a later stage takes its place, the share goes with the fact.
    Who read it, or how often, is kept nowhere.
    """

    __tablename__ = "share"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_by_and_at"),
        Index("ix_share_record_id_open", "record_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index(None, "unit_id", "shared_at"),
    )

    id: Mapped[IntPK]
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    shared_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    shared_at: Mapped[dt.datetime]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[dt.datetime | None]

    record: Mapped[Record] = relationship()
    unit: Mapped[Unit] = relationship()
    shared_by: Mapped[User] = relationship(foreign_keys=[shared_by_id])
