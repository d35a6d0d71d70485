"""The stories that were told at a session: each a title, and who told it."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import IntPK, Model
from tracker.models.member import Member
from tracker.models.record import Record


class Story(Model):
    """One story told in a record of a kind that asks for them. It counts as its record does.

    key:    the title without stops, blanks and width, by which the same story is known again.
    teller: a name as it was written, of somebody who is not on the roster; empty where member_id says who.
    """

    __tablename__ = "story"
    __table_args__ = (
        UniqueConstraint("record_id", "key"),
        CheckConstraint("member_id IS NULL OR teller IS NULL", name="one_teller"),
        Index(None, "key"),
        Index(None, "member_id"),
        Index(None, "title"),  # found by what is written
    )

    id: Mapped[IntPK]
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    ordinal: Mapped[int]
    title: Mapped[str] = mapped_column(String(100))
    key: Mapped[str] = mapped_column(String(200))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    teller: Mapped[str | None] = mapped_column(String(80))

    record: Mapped[Record] = relationship(back_populates="stories_told")
    member: Mapped[Member | None] = relationship()
