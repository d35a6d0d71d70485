"""When a campaign was put into the archive, and when it was taken out again."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import IntPK, Model
from tracker.models.campaign import Campaign
from tracker.models.user import User

OPEN = text("reopened_at IS NULL")


class CampaignArchive(Model):
    """One stay in the archive. As long as it is not ended, nothing is written into the campaign."""

    __tablename__ = "campaign_archive"
    __table_args__ = (
        CheckConstraint("(reopened_at IS NULL) = (reopened_why IS NULL)", name="reopened_with_reason"),
        Index(
            "ix_campaign_archive_campaign_id_open",
            "campaign_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
    )

    id: Mapped[IntPK]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    archived_at: Mapped[dt.datetime]
    archived_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # None: a command
    archived_why: Mapped[str] = mapped_column(String(400))
    reopened_at: Mapped[dt.datetime | None]
    reopened_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reopened_why: Mapped[str | None] = mapped_column(String(400))

    campaign: Mapped[Campaign] = relationship()
    archived_by: Mapped[User | None] = relationship(foreign_keys=[archived_by_id])
    reopened_by: Mapped[User | None] = relationship(foreign_keys=[reopened_by_id])
