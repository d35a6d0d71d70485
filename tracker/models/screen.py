"""Links by which a screen on a wall shows the goals of a campaign without anybody being signed in."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import IntPK, Model
from tracker.models.campaign import Campaign
from tracker.models.user import User


class ScreenLink(Model):
    """One address for one screen. The token in it is shown once; only its digest is kept.

    label:        where the screen hangs, for the office's list; it is not on the screen.
    expires_on:   the last day on which it shows anything; None for no end.
    last_seen_at: when a screen asked last, to the minute.
    """

    __tablename__ = "screen_link"
    __table_args__ = (
        CheckConstraint("label <> ''", name="labelled"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by_id IS NULL)", name="revoked_by_and_at"),
        Index(None, "campaign_id", "id"),
    )

    id: Mapped[IntPK]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    label: Mapped[str] = mapped_column(String(60))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    expires_on: Mapped[dt.date | None]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[dt.datetime]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    revoked_at: Mapped[dt.datetime | None]
    last_seen_at: Mapped[dt.datetime | None]

    campaign: Mapped[Campaign] = relationship()
    created_by: Mapped[User] = relationship(foreign_keys=[created_by_id])
    revoked_by: Mapped[User | None] = relationship(foreign_keys=[revoked_by_id])
