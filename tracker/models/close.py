"""A period that is closed: from then on only reversals and late entries reach it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Code, IntPK, Model
from tracker.models.unit import Unit
from tracker.models.user import User

STANDS = "reopened_at IS NULL"
BUREAU_STANDS = f"{STANDS} AND unit_id IS NULL"


class Close(Model):
    """One close (封账) of a month or phase, of a branch or of the whole bureau.

    code:        of the period, see rules.periods; its days are kept here, so that a campaign file that moves
                 a phase does not move what was closed.
    unit_id:     the branch; None: the bureau, with everything in it.
    grace_until: the last business day on which entries still went in as usual; None: it held at once.
    holds_at:    the moment from which it holds. It holds until `reopened_at`, or for good.
    """

    __tablename__ = "close"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("holds_at >= closed_at", name="holds_once_closed"),
        CheckConstraint("(reopened_at IS NULL) = (reopened_by_id IS NULL)", name="reopened_by_and_at"),
        CheckConstraint("(reopened_at IS NULL) = (reopened_why IS NULL)", name="reopened_why_and_at"),
        # One period of one place is closed once at a time.
        Index(
            "ix_close_bureau_stands", "campaign_id", "code", unique=True,
            sqlite_where=text(BUREAU_STANDS), postgresql_where=text(BUREAU_STANDS),
        ),
        Index(
            "ix_close_unit_stands", "campaign_id", "code", "unit_id", unique=True,
            sqlite_where=text(STANDS), postgresql_where=text(STANDS),
        ),
    )  # fmt: skip

    id: Mapped[IntPK]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    code: Mapped[Code]
    name: Mapped[str] = mapped_column(String(200), default="")  # of the phase; '' for a month
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    grace_until: Mapped[dt.date | None]
    holds_at: Mapped[dt.datetime]
    closed_at: Mapped[dt.datetime]
    closed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    reopened_at: Mapped[dt.datetime | None]
    reopened_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reopened_why: Mapped[str | None] = mapped_column(String(400))
    version: Mapped[int] = mapped_column(default=1)

    unit: Mapped[Unit | None] = relationship()
    closed_by: Mapped[User] = relationship(foreign_keys=[closed_by_id])
    reopened_by: Mapped[User | None] = relationship(foreign_keys=[reopened_by_id])
