"""What a branch says of its rows of one kind in one month: that they are complete, or that there are none."""

from __future__ import annotations

import datetime as dt
import enum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import IntPK, Model, enum_column
from tracker.models.campaign import Kind
from tracker.models.unit import Unit
from tracker.models.user import User


class Said(enum.StrEnum):
    """What was said last. Whoever never said anything has no row; a row is never deleted."""

    HANDED_IN = "handed_in"  # 已报: the rows of the month are all there
    NOTHING = "nothing"  # 零报告: there is nothing to report
    TAKEN_BACK = "taken_back"  # said before, and taken back: as if nothing had been said


class Statement(Model):
    """One branch on one kind in one month. It says nothing of amounts: the rows do.

    month:   2021-03, as `rules.periods` names months.
    told_by: who of the branch said it and how, where the office wrote it down for them.
    """

    __tablename__ = "statement"
    __table_args__ = (
        UniqueConstraint("kind_id", "unit_id", "month"),
        Index(None, "campaign_id", "unit_id"),
    )

    id: Mapped[IntPK]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    kind_id: Mapped[int] = mapped_column(ForeignKey("kind.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    month: Mapped[str] = mapped_column(String(7))
    said: Mapped[Said] = mapped_column(enum_column(Said))
    told_by: Mapped[str | None] = mapped_column(String(80))
    stated_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    stated_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(default=1)

    kind: Mapped[Kind] = relationship()
    unit: Mapped[Unit] = relationship()
    stated_by: Mapped[User] = relationship()
