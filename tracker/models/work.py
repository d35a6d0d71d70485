"""The text of an essay, beside its record."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import IntPK, Model
from tracker.models.record import Record


class Work(Model):
    """The text that a record of a kind with `has_text` carries. Plain text; line breaks are kept."""

    __tablename__ = "work"

    id: Mapped[IntPK]
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), unique=True)
    text: Mapped[str] = mapped_column(Text())

    record: Mapped[Record] = relationship(back_populates="work")
