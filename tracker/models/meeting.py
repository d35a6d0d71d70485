"""Minutes of the leading group's meetings (领导小组会议纪要)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import IntPK, Model
from tracker.models.record import Record
from tracker.models.user import User


class Meeting(Model):
    """One meeting of the leading group. It is no record: no figure counts it.

    studied:   what was studied, one item a line; None where `record_id` has an agenda instead.
    record_id: the session of the ledger that tells of the same meeting, so that nothing is entered twice.
    """

    __tablename__ = "meeting"
    __table_args__ = (UniqueConstraint("campaign_id", "number"), Index(None, "campaign_id", "held_on"))

    id: Mapped[IntPK]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    number: Mapped[str] = mapped_column(String(40))
    held_on: Mapped[dt.date]
    chair: Mapped[str] = mapped_column(String(80))
    studied: Mapped[str | None] = mapped_column(String(4000))
    text: Mapped[str | None] = mapped_column(String(8000))
    record_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"), unique=True)
    noted_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    noted_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(default=1)

    record: Mapped[Record | None] = relationship()
    noted_by: Mapped[User] = relationship()
