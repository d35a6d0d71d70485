"""Two records that look like one fact and are two."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import IntPK, Model
from tracker.models.user import User


class ToldApart(Model):
    """Somebody looked at two records and said that they are not the same. For both, whichever is looked at.

    Each is named by the first stage of its fact, so that what was said holds for the later ones too; the
    smaller id stands first.
    """

    __tablename__ = "told_apart"
    __table_args__ = (
        CheckConstraint("first_id < second_id", name="in_order"),
        UniqueConstraint("first_id", "second_id"),
    )

    id: Mapped[IntPK]
    first_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("record.id"), index=True)
    why: Mapped[str] = mapped_column(String(400))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[dt.datetime]

    by: Mapped[User] = relationship()
