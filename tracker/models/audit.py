"""Who did what, in the same transaction as the doing; and what people want lifted off them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import IntPK, Model
from tracker.models.user import User

# Of an event: that its act changes something of what a page shows that is kept (tracker/kept.py). All others:
# somebody came, went, looked or took a copy away; tests/commits.py holds that they write nothing else. It is
# word by word the condition of an index, so that this is used.
IS_CHANGE = (
    r"action NOT IN ('access\:denied', 'access\:limited', 'assignment\:export', 'audit\:export',"
    r" 'evidence\:read', 'hours\:export', 'job\:export', 'job\:read', 'member\:export', 'member\:read',"
    r" 'record\:export', 'record\:read', 'sample\:export', 'user\:sign_in', 'user\:sign_in_failed',"
    r" 'user\:sign_out')"
)
QUIET = frozenset(IS_CHANGE.replace("\\", "").split("'")[1::2])


class AuditEvent(Model):
    """One act. `action` is `noun:verb`; `detail` holds ids and numbers, never names."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index(None, "subject_type", "subject_id"),
        Index(None, "actor_id", "at"),
        Index(None, "at"),
        Index("ix_audit_event_change", "id", sqlite_where=text(IS_CHANGE), postgresql_where=text(IS_CHANGE)),
    )

    id: Mapped[IntPK]
    at: Mapped[dt.datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # None: the command line
    action: Mapped[str] = mapped_column(String(60))
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None]
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)

    actor: Mapped[User | None] = relationship()


class AuditSeal(Model):
    """The events from `first_id` to `last_id` as they were when they were sealed, chained to the seal before.

    tags: of each event its id (8 bytes) and its tag (16 bytes), in order; rules/audit_seals.py says of what.
    """

    __tablename__ = "audit_seal"

    id: Mapped[IntPK]
    first_id: Mapped[int]
    last_id: Mapped[int] = mapped_column(unique=True)
    last_at: Mapped[dt.datetime]  # of the newest of its events
    tags: Mapped[bytes]
    key_name: Mapped[str] = mapped_column(String(64))
    before: Mapped[str] = mapped_column(String(64), unique=True)  # digest of the seal before: no chain forks
    digest: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[dt.datetime]


class Submission(Model):
    """The key of one submitted form, so that a double click writes once. Kept for seven days."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("user_id", "key"),)

    id: Mapped[IntPK]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    key: Mapped[str] = mapped_column(String(64))
    content: Mapped[str] = mapped_column(String(64))  # digest of what was sent
    location: Mapped[str] = mapped_column(String(400))  # where the first answer led
    at: Mapped[dt.datetime]


class Suggestion(Model):
    """One word on how to lift a burden (减负建议)."""

    __tablename__ = "suggestion"

    id: Mapped[IntPK]
    text: Mapped[str] = mapped_column(String(2000))
    page: Mapped[str] = mapped_column(String(200))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[dt.datetime]

    by: Mapped[User | None] = relationship()
