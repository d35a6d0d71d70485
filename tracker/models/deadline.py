"""When a record is due was changed: from which day to which, and why."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import IntPK, Model
from tracker.models.record import Record
from tracker.models.user import User


class DeadlineChange(Model):
    """One change of a verified record's due day. None: it was, or is, due on no day."""

    __tablename__ = "deadline_change"
    __table_args__ = (
        CheckConstraint(
            "was_on IS NOT NULL AND (becomes_on IS NULL OR becomes_on <> was_on)"
            " OR was_on IS NULL AND becomes_on IS NOT NULL",
            name="changes",
        ),
        Index(None, "record_id", "id"),
    )

    id: Mapped[IntPK]
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    was_on: Mapped[dt.date | None]
    becomes_on: Mapped[dt.date | None]
    why: Mapped[str] = mapped_column(String(400))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[dt.datetime]

    record: Mapped[Record] = relationship()
    by: Mapped[User] = relationship()
