"""What came of each backup: the archive lies elsewhere, here is that it was made, or why it was not."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import IntPK, Model


class Backup(Model):
    """One try to make a backup.

    name:          of the archive's file; None if none came of it, and then `error` says why.
    size:          bytes of the archive; row_count, file_count: what it holds.
    lacking_count: files that rows name and that were not there as they had been kept.
    last_event_id: the last act of the audit before it: a schedule sees whether anything was done since.
    error:         {"msgid", "params"} of a Refused.
    """

    __tablename__ = "backup"
    __table_args__ = (
        CheckConstraint("(name IS NULL) = (error IS NOT NULL)", name="archive_or_reason"),
        CheckConstraint(
            "size >= 0 AND row_count >= 0 AND file_count >= 0 AND lacking_count >= 0", name="not_negative"
        ),
        Index(None, "started_at"),
    )

    id: Mapped[IntPK]
    started_at: Mapped[dt.datetime]
    finished_at: Mapped[dt.datetime]
    name: Mapped[str | None] = mapped_column(String(120))
    size: Mapped[int] = mapped_column(default=0)
    row_count: Mapped[int] = mapped_column(default=0)
    file_count: Mapped[int] = mapped_column(default=0)
    lacking_count: Mapped[int] = mapped_column(default=0)
    is_scheduled: Mapped[bool] = mapped_column(default=False)
    last_event_id: Mapped[int]
    error: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
