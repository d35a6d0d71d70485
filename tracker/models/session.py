"""Who is signed in where, and how often a password was tried."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import IntPK, Model
from tracker.models.user import User


class UserSession(Model):
    """One signed-in browser. The cookie holds an opaque token; here is only its digest (SHA-256, hex)."""

    __tablename__ = "user_session"

    id: Mapped[IntPK]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    browser: Mapped[str] = mapped_column(String(80), default="")  # in words, to tell one's sessions apart
    started_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime]  # written at most once a minute
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))  # None: the current one

    user: Mapped[User] = relationship()


class KnownDevice(Model):
    """A browser from which the true owner signed in before: strangers' wrong tries do not shut it out."""

    __tablename__ = "known_device"

    id: Mapped[IntPK]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    used_at: Mapped[dt.datetime]


class TryCount(Model):
    """How often something was tried within one stretch of time. `key` says what and of whom: passwords of an
    account, of a login that does not exist (as a digest), of a known device, or of all together; searches,
    exports, uploads of an account; pages that are not theirs."""

    __tablename__ = "try_count"
    __table_args__ = (CheckConstraint("count >= 0", name="count_not_negative"),)

    id: Mapped[IntPK]
    key: Mapped[str] = mapped_column(String(80), unique=True)
    started_at: Mapped[dt.datetime]
    count: Mapped[int]
