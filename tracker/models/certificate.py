"""A certificate of one's own hours, as it was issued."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import IntPK, Model
from tracker.models.campaign import Campaign
from tracker.models.member import Member
from tracker.models.user import User


class Certificate(Model):
    """What was certified of one member, frozen on the day of issue.

    number: counts from 1 within the campaign, without gaps.
    code:   with the number it shows, on a page for everybody, whether the certificate holds.
    lines:  [participation id, day as ISO text, kind, what, community, unit, minutes] for each row, in the
            order of the paper.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("minutes > 0", name="minutes_positive"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by_id IS NULL)", name="revoked_by_and_at"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_why IS NULL)", name="revoked_why_and_at"),
        UniqueConstraint("campaign_id", "number"),
        Index(None, "member_id", "id"),
    )

    id: Mapped[IntPK]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    number: Mapped[int]
    code: Mapped[str] = mapped_column(String(24), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    name: Mapped[str] = mapped_column(String(200))
    member_number: Mapped[str] = mapped_column(String(64))
    issuer: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    minutes: Mapped[int]
    lines: Mapped[list[Any]]
    digest: Mapped[str] = mapped_column(String(64))
    issued_on: Mapped[dt.date]
    issued_at: Mapped[dt.datetime]
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    revoked_at: Mapped[dt.datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    revoked_why: Mapped[str | None] = mapped_column(String(400))

    campaign: Mapped[Campaign] = relationship()
    member: Mapped[Member] = relationship()
    issued_by: Mapped[User] = relationship(foreign_keys=[issued_by_id])
