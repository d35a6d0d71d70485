"""Long work: what was asked for, how far it is, what it gave."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import IntPK, Model, enum_column
from tracker.models.batch import Batch
from tracker.models.campaign import Campaign
from tracker.models.user import User


class JobState(enum.StrEnum):
    """How far a piece of long work has come."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"  # by whoever asked for it, before it was done


class Job(Model):
    """One piece of long work. The table is the queue: a worker claims a row by one conditional UPDATE.

    task:      its name, as `tracker.worker.tasks` has it; of an import 'check', 'commit' or 'undo'.
    batch_id:  the import that it works on; None for work of any other sort.
    arguments: what was asked for, as the task reads it. Never a name of a person.
    result:    what it gave, as the task's page shows it; None until it is done.
    path:      of the file that it made, below the data folder; None where it makes none, or once deleted.
    """

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("done >= 0 AND total >= 0", name="progress_not_negative"),
        CheckConstraint("path IS NULL OR state = 'done'", name="file_of_done_work"),
        Index(None, "state", "id"),
    )

    id: Mapped[IntPK]
    task: Mapped[str] = mapped_column(String(40))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"), index=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    arguments: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[dt.datetime]
    state: Mapped[JobState] = mapped_column(enum_column(JobState))
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[dt.datetime | None]
    claim: Mapped[str | None] = mapped_column(String(40))
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[dt.datetime | None]
    error: Mapped[dict[str, Any] | None]  # {"msgid", "params"} of a Refused
    result: Mapped[dict[str, Any] | None]
    path: Mapped[str | None] = mapped_column(String(200))

    batch: Mapped[Batch | None] = relationship()
    campaign: Mapped[Campaign | None] = relationship()
    asked_by: Mapped[User] = relationship()
