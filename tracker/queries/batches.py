"""Imports as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import defer, joinedload

from tracker.db import db
from tracker.models import Batch, Job, JobState, Record, Status
from tracker.queries.paging import PER_PAGE, Page, page_within

UNFINISHED = (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One import in the history. `counts` is that part of its report; the rest is not read."""

    batch: Batch
    counts: dict[str, Any]
    is_worked_on: bool


def batches_page(page: int) -> Page[BatchLine]:
    """Imports with who sent them, newest first."""
    total = db.session.scalar(select(func.count()).select_from(Batch)) or 0
    page = page_within(page, total)
    working = select(Job.id).where(Job.batch_id == Batch.id, Job.state.in_(UNFINISHED)).exists()
    rows = db.session.execute(
        select(Batch, Batch.report["counts"], working)
        .order_by(Batch.uploaded_at.desc(), Batch.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
        .options(joinedload(Batch.uploaded_by), defer(Batch.report))
    ).all()
    return Page([BatchLine(row[0], row[1] or {}, row[2]) for row in rows], page, total)


def latest_job(batch: Batch) -> Job | None:
    """The last piece of work asked for on an import."""
    return db.session.scalar(select(Job).where(Job.batch_id == batch.id).order_by(Job.id.desc()).limit(1))


def records_of(batch: Batch) -> tuple[int, int]:
    """How many of an import's records count, and how many that it replaced would come back without it."""
    counts = select(func.count()).select_from(Record)
    standing = db.session.scalar(counts.where(Record.batch_id == batch.id, Record.status != Status.REVERSED))
    replaced = db.session.scalar(counts.where(Record.replaced_in_id == batch.id))
    return standing or 0, replaced or 0
