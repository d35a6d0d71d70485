"""A printed sheet on which hours are noted by hand, to be keyed in later."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import IntPK, Model
from tracker.models.campaign import Kind
from tracker.models.unit import Unit
from tracker.models.user import User


class Paper(Model):
    """One printed tally sheet (登记表): members down, days across. Its code is printed on it.

    member_ids: the rows in their order, as printed. It is keyed in once: `keyed_at` is set by one
                conditional UPDATE.
    """

    __tablename__ = "paper"
    __table_args__ = (
        CheckConstraint("days BETWEEN 1 AND 7", name="days_within_a_week"),
        CheckConstraint("(keyed_at IS NULL) = (keyed_by_id IS NULL)", name="keyed_by_and_at"),
    )

    id: Mapped[IntPK]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    kind_id: Mapped[int] = mapped_column(ForeignKey("kind.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    starts_on: Mapped[dt.date]
    days: Mapped[int]
    member_ids: Mapped[list[Any]]
    printed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    printed_at: Mapped[dt.datetime]
    keyed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    keyed_at: Mapped[dt.datetime | None]

    kind: Mapped[Kind] = relationship()
    unit: Mapped[Unit] = relationship()
    printed_by: Mapped[User] = relationship(foreign_keys=[printed_by_id])
    keyed_by: Mapped[User | None] = relationship(foreign_keys=[keyed_by_id])
