"""Imports as pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import defer, joinedload

from tracker.db import db
from tracker.models import AuditEvent, Batch, BatchSort, BatchState, Job, JobState, Record, Status, User
from tracker.queries.paging import PER_PAGE, Page, page_within

UNFINISHED = (JobState.QUEUED, JobState.RUNNING)
ACTS = ("batch:commit", "batch:undo", "batch:discard")


@dataclass(frozen=True, slots=True)
class BatchFilter:
    """What a reader of the history chose; None and "" for everything. text: in the file's name."""

    text: str = ""
    sort: BatchSort | None = None
    state: BatchState | None = None
    by_id: int | None = None


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One import in the history. `counts` is that part of its report; the rest is not read.

    job:  what is under way on it, None if nothing is.
    acts: action -> who did it last, None where that was the command line.
    """

    batch: Batch
    counts: dict[str, Any]
    problems: int
    job: Job | None = None
    acts: dict[str, User | None] = field(default_factory=dict)


def batches_page(page: int, chosen: BatchFilter | None = None) -> Page[BatchLine]:
    """Imports with who sent, brought in and undid them, newest first."""
    conditions = _conditions(chosen or BatchFilter())
    total = db.session.scalar(select(func.count()).select_from(Batch).where(*conditions)) or 0
    page = page_within(page, total)
    newest = (Batch.uploaded_at.desc(), Batch.id.desc())
    return Page(_lines(conditions, newest, PER_PAGE, (page - 1) * PER_PAGE), page, total)


def sent_together(batch: Batch) -> list[BatchLine]:
    """The imports of one form, this one among them: rosters first, since ledgers are checked against them.

    Files of one form have one sender and the very same moment.
    """
    conditions = [Batch.uploaded_by_id == batch.uploaded_by_id, Batch.uploaded_at == batch.uploaded_at]
    rosters_first = case((Batch.sort == BatchSort.ROSTER, 0), else_=1)
    return _lines(conditions, (rosters_first, Batch.id), PER_PAGE, 0)


def count_together(batch: Batch) -> int:
    """How many files the form had."""
    together = (Batch.uploaded_by_id == batch.uploaded_by_id, Batch.uploaded_at == batch.uploaded_at)
    return db.session.scalar(select(func.count()).select_from(Batch).where(*together)) or 0


def senders() -> list[User]:
    """Everybody who ever sent a file, by name."""
    sent = select(Batch.uploaded_by_id)
    return list(db.session.scalars(select(User).where(User.id.in_(sent)).order_by(User.name, User.id)))


def latest_job(batch: Batch) -> Job | None:
    """The last piece of work asked for on an import."""
    return db.session.scalar(select(Job).where(Job.batch_id == batch.id).order_by(Job.id.desc()).limit(1))


def acts_on(batch: Batch) -> dict[str, User | None]:
    """Who brought an import in, undid it or threw it away: action -> who, None for the command line."""
    return _acts([batch.id]).get(batch.id, {})


def records_of(batch: Batch) -> tuple[int, int]:
    """How many of an import's records count, and how many that it replaced would come back without it."""
    counts = select(func.count()).select_from(Record)
    standing = db.session.scalar(counts.where(Record.batch_id == batch.id, Record.status != Status.REVERSED))
    replaced = db.session.scalar(counts.where(Record.replaced_in_id == batch.id))
    return standing or 0, replaced or 0


def _conditions(chosen: BatchFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if chosen.text:
        found.append(Batch.filename.icontains(chosen.text, autoescape=True))
    if chosen.sort:
        found.append(Batch.sort == chosen.sort)
    if chosen.state:
        found.append(Batch.state == chosen.state)
    if chosen.by_id:
        found.append(Batch.uploaded_by_id == chosen.by_id)
    return found


def _lines(conditions: Sequence[Any], order: Sequence[Any], limit: int, offset: int) -> list[BatchLine]:
    """The imports with their counts, work under way and acts: three statements however many there are."""
    rows = db.session.execute(
        select(Batch, Batch.report["counts"], Batch.report["problem_count"])
        .where(*conditions)
        .order_by(*order)
        .limit(limit)
        .offset(offset)
        .options(joinedload(Batch.uploaded_by), defer(Batch.report))
    ).all()
    ids = [row[0].id for row in rows]
    working = select(Job).where(Job.batch_id.in_(ids), Job.state.in_(UNFINISHED)).order_by(Job.id)
    jobs = {job.batch_id: job for job in db.session.scalars(working)}
    acts = _acts(ids)
    return [
        BatchLine(row[0], row[1] or {}, row[2] or 0, jobs.get(row[0].id), acts.get(row[0].id, {}))
        for row in rows
    ]


def _acts(ids: Sequence[int]) -> dict[int, dict[str, User | None]]:
    """Batch -> action -> who did it, the last one where several did."""
    events = (
        select(AuditEvent)
        .where(AuditEvent.subject_type == Batch.__tablename__, AuditEvent.subject_id.in_(ids))
        .where(AuditEvent.action.in_(ACTS))
        .order_by(AuditEvent.id)
        .options(joinedload(AuditEvent.actor))
    )
    found: dict[int, dict[str, User | None]] = {}
    for event in db.session.scalars(events):
        found.setdefault(event.subject_id or 0, {})[event.action] = event.actor
    return found
