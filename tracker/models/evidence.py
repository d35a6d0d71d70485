"""Files that somebody added to a record. None is ever required."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import IntPK, Model
from tracker.models.record import Record
from tracker.models.user import User


class Evidence(Model):
    """One file of a record. Its bytes lie in the data directory below `evidence/`, as `stored_as`, which
    says nothing. A removed row keeps what was done; its file is deleted.

    size: bytes of the file as it is kept; sha256: of the same, hex. A picture is kept as it was encoded anew.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint("size > 0", name="size_positive"),
        CheckConstraint("(removed_at IS NULL) = (removed_by_id IS NULL)", name="removed_by_and_at"),
        CheckConstraint("(removed_at IS NULL) = (removed_why IS NULL)", name="removed_why_and_at"),
    )

    id: Mapped[IntPK]
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), index=True)
    stored_as: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))  # as it was called, cleaned, with its true ending
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    added_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    added_at: Mapped[dt.datetime]
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    removed_at: Mapped[dt.datetime | None]
    removed_why: Mapped[str | None] = mapped_column(String(400))

    record: Mapped[Record] = relationship()
    added_by: Mapped[User] = relationship(foreign_keys=[added_by_id])

    @property
    def is_picture(self) -> bool:
        """Whether a browser can show it in a page."""
        return self.media_type.startswith("image/")
