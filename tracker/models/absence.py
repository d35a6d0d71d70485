"""Why somebody who belonged there was not at a session, and how they made it up."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import IntPK, Model
from tracker.models.member import Member
from tracker.models.record import Record
from tracker.models.user import User


class Absence(Model):
    """One member who was not in a record. It counts in no figure.

    reason, made_up_by: of the lists of the kind, so that nobody writes of illness here.
    """

    __tablename__ = "absence"
    __table_args__ = (
        UniqueConstraint("record_id", "member_id"),
        CheckConstraint("(made_up_on IS NULL) = (made_up_by IS NULL)", name="made_up_on_and_by"),
        Index(None, "member_id"),
    )

    id: Mapped[IntPK]
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    reason: Mapped[str] = mapped_column(String(40))
    made_up_on: Mapped[dt.date | None]
    made_up_by: Mapped[str | None] = mapped_column(String(40))
    noted_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    noted_at: Mapped[dt.datetime]

    record: Mapped[Record] = relationship()
    member: Mapped[Member] = relationship()
    noted_by: Mapped[User] = relationship()
