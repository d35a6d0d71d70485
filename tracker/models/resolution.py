"""What a session had on its agenda, and what it resolved: by whom it is to be done, by which day."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import IntPK, Model
from tracker.models.member import Member
from tracker.models.record import Record
from tracker.models.unit import Unit
from tracker.models.user import User


class AgendaItem(Model):
    """One item of a session's agenda. speaker: who spoke on it, as it was written."""

    __tablename__ = "agenda_item"
    __table_args__ = (UniqueConstraint("record_id", "ordinal"),)

    id: Mapped[IntPK]
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    ordinal: Mapped[int]
    text: Mapped[str] = mapped_column(String(200))
    speaker: Mapped[str | None] = mapped_column(String(80))


class Resolution(Model):
    """Something that a session resolved. A unit or a member takes care of it; it is open until it is done."""

    __tablename__ = "resolution"
    __table_args__ = (
        CheckConstraint("(unit_id IS NULL) <> (member_id IS NULL)", name="one_owner"),
        CheckConstraint("(done_on IS NULL) = (done_by_id IS NULL)", name="done_on_and_by"),
        Index(None, "record_id"),
        Index(None, "unit_id"),
        Index(None, "member_id"),
    )

    id: Mapped[IntPK]
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    text: Mapped[str] = mapped_column(String(400))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    due_on: Mapped[dt.date]
    done_on: Mapped[dt.date | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    noted_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    noted_at: Mapped[dt.datetime]

    record: Mapped[Record] = relationship()
    unit: Mapped[Unit | None] = relationship()
    member: Mapped[Member | None] = relationship()
    noted_by: Mapped[User] = relationship(foreign_keys=[noted_by_id])
