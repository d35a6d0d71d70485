"""The files that long work made: kept for some days, and none without its row (tracker/files/store.py).

What a killed worker leaves behind is a file without a row: `orphans`.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from sqlalchemy import ColumnElement, select, update

from tracker.db import db
from tracker.files import store
from tracker.models import Job, User
from tracker.rules.refusal import Refused
from tracker.services.audit import record_event
from tracker.services.deletions import delete_once_committed
from tracker.services.jobs import CHANGED

KEPT_FOR = dt.timedelta(days=14)
OWN_COPY, OTHERS_COPY = "copy", "copy_for"  # tasks that copy everything about one person
COPIES = (OWN_COPY, OTHERS_COPY)
COPIES_KEPT_FOR = dt.timedelta(days=3)
LEFT_ALONE = dt.timedelta(days=1)  # no work takes so long


def expires_at(job: Job) -> dt.datetime | None:
    """From when on the file of a job may be deleted; None if it has none."""
    kept_for = COPIES_KEPT_FOR if job.task in COPIES else KEPT_FOR
    return job.finished_at + kept_for if job.path is not None and job.finished_at else None


def has_lapsed(job: Job, at: dt.datetime) -> bool:
    """Whether a copy of somebody's data is past its days, though the sweep has not come to it yet."""
    until = expires_at(job)
    return job.task in COPIES and until is not None and until < at


def _is_due(at: dt.datetime) -> ColumnElement[bool]:
    is_copy = Job.task.in_(COPIES) & (Job.finished_at < at - COPIES_KEPT_FOR)
    return Job.path.is_not(None) & ((Job.finished_at < at - KEPT_FOR) | is_copy)


def has_due(at: dt.datetime) -> bool:
    """Whether a file was kept long enough. Takes no lock."""
    return db.session.scalar(select(Job.id).where(_is_due(at)).limit(1)) is not None


def let_go(data_dir: Path, at: dt.datetime) -> int:
    """Delete the files that were kept long enough. Returns how many."""
    count = 0
    for job in db.session.scalars(select(Job).where(_is_due(at)).order_by(Job.id).with_for_update()):
        delete_once_committed(store.path_of(str(job.path), data_dir))
        job.path = None
        count += 1
        record_event(None, "job:drop", job, at, task=job.task)
    return count


def take_file(job: Job, *, by: User, at: dt.datetime) -> None:
    """Note that somebody takes the file of a job away."""
    record_event(by, "job:read", job, at, task=job.task)


def drop_file(job: Job, *, data_dir: Path, by: User, at: dt.datetime) -> None:
    """Delete the file of a job before its time.

    Raises Refused if it is gone already.
    """
    path = job.path
    changed = db.session.execute(
        update(Job)
        .where(Job.id == job.id, Job.path.is_not(None))
        .values(path=None)
        .execution_options(synchronize_session=False)
    )
    if path is None or changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        raise Refused(CHANGED)
    delete_once_committed(store.path_of(path, data_dir))
    db.session.refresh(job)
    record_event(by, "job:drop", job, at, task=job.task)


def orphans(data_dir: Path, at: dt.datetime) -> list[Path]:
    """Files and folders that belong to no job and are older than any work, for the caller to delete."""
    names = list(db.session.scalars(select(Job.path).where(Job.path.is_not(None))))
    return store.unnamed(store.JOBS, names, (at - LEFT_ALONE).timestamp(), data_dir)
