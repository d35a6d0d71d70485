"""What was said about a record."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import IntPK, Model
from tracker.models.record import Record
from tracker.models.user import User


class Comment(Model):
    """One remark on a record. `is_return`: the reason with which it was given back."""

    __tablename__ = "comment"
    __table_args__ = (Index(None, "record_id", "id"), Index(None, "by_id", "is_return"))

    id: Mapped[IntPK]
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[dt.datetime]
    text: Mapped[str] = mapped_column(String(400))
    is_return: Mapped[bool] = mapped_column(default=False)

    record: Mapped[Record] = relationship()
    by: Mapped[User] = relationship()
