"""What somebody reached in a test or contest."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import IntPK, Model


class Result(Model):
    """One member's result in one session (成绩). It lies apart from attendances, so that no list carries it.

    identity: of the session's record; a corrected row of its file takes it over, and the result with it.
    points:   whole, in the unit that the kind states.
    """

    __tablename__ = "result"
    __table_args__ = (
        CheckConstraint("points >= 0", name="points_not_negative"),
        UniqueConstraint("campaign_id", "identity", "member_id"),
    )

    id: Mapped[IntPK]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    identity: Mapped[str] = mapped_column(String(64))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    points: Mapped[int]
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    entered_at: Mapped[dt.datetime]
