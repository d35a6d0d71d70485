"""An imported file."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import IntPK, Model, Name, enum_column
from tracker.models.user import User


class BatchSort(enum.StrEnum):
    """What the file holds."""

    ROSTER = "roster"
    LEDGER = "ledger"


class BatchState(enum.StrEnum):
    """How far an import has come."""

    UPLOADED = "uploaded"
    CHECKED = "checked"  # understood, without a problem: may be written
    REFUSED = "refused"  # problems were found; nothing was written
    COMMITTED = "committed"
    UNDONE = "undone"
    DISCARDED = "discarded"


class Batch(Model):
    """One imported file (导入批次). `report` is what the dry run or the writing found: counts, what was
    understood, problems and the effect on each figure, as `services.batches` shapes it.

    mapping: by which a platform's own headings are read, as `rules.mappings` shapes it; None for a ledger.
    """

    __tablename__ = "batch"

    id: Mapped[IntPK]
    sort: Mapped[BatchSort] = mapped_column(enum_column(BatchSort))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))
    filename: Mapped[Name]
    digest: Mapped[str] = mapped_column(String(64))  # SHA-256 of the file
    path: Mapped[str | None] = mapped_column(String(200))  # below the data folder; None once removed
    as_verified: Mapped[bool] = mapped_column(default=False)
    state: Mapped[BatchState] = mapped_column(enum_column(BatchState))
    version: Mapped[int] = mapped_column(default=1)
    report: Mapped[dict[str, Any]] = mapped_column(default=dict)
    mapping: Mapped[dict[str, Any] | None]
    late_why: Mapped[str | None] = mapped_column(String(400))  # why its rows of closed periods come late
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    uploaded_at: Mapped[dt.datetime]
    committed_at: Mapped[dt.datetime | None]
    undone_at: Mapped[dt.datetime | None]

    uploaded_by: Mapped[User] = relationship()
