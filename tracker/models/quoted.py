"""Figures from outside the ledger, as the office quotes them."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Code, IntPK, Model, Name
from tracker.models.user import User


class Quoted(Model):
    """One value of a quoted figure (引用数据), as its source said it of one day.

    A newer value and a correction are rows of their own; a row never changes but for being withdrawn.
    code:     names the figure within the campaign, in bulletins too; all its values have it.
    value:    exact, a decimal as `rules.quoted.read_value` writes it, in `unit`.
    corrects: the row in whose place this one stands.
    """

    __tablename__ = "quoted"
    __table_args__ = (
        CheckConstraint("title <> '' AND unit <> '' AND source <> ''", name="said"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name="withdrawn_by_and_at"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_why IS NULL)", name="withdrawn_why_and_at"),
        # Of one day there is one value that holds.
        Index(
            "ix_quoted_value_of_day",
            "campaign_id",
            "code",
            "as_of",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index(None, "campaign_id", "code", "id"),
    )

    id: Mapped[IntPK]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    code: Mapped[Code]
    title: Mapped[Name]
    value: Mapped[str] = mapped_column(String(24))
    unit: Mapped[str] = mapped_column(String(20))
    as_of: Mapped[dt.date]
    source: Mapped[str] = mapped_column(String(200))
    note: Mapped[str | None] = mapped_column(String(400))
    version: Mapped[int] = mapped_column(default=1)
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("quoted.id"))
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    entered_at: Mapped[dt.datetime]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    withdrawn_at: Mapped[dt.datetime | None]
    withdrawn_why: Mapped[str | None] = mapped_column(String(400))

    entered_by: Mapped[User] = relationship(foreign_keys=[entered_by_id], lazy="joined")
    withdrawn_by: Mapped[User | None] = relationship(foreign_keys=[withdrawn_by_id], lazy="joined")
