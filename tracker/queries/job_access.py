"""Whose long work is whose to see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from tracker.db import db
from tracker.models import Job, JobState, User

UNFINISHED = (JobState.QUEUED, JobState.RUNNING)
LOOKED_AT = 50  # of somebody's long work of one sort


def job_for(user: User, job_id: int) -> Job | None:
    """The long work with that id, for whoever asked for it. Imports have pages of their own."""
    return db.session.scalar(
        select(Job).where(Job.id == job_id, Job.batch_id.is_(None), Job.asked_by_id == user.id)
    )


def last_jobs(user: User, task: str, asked: Mapping[str, Any], most: int = 3) -> list[Job]:
    """The last long work of a sort that somebody asked for, newest first, with `asked` in its arguments."""
    found = db.session.scalars(
        select(Job)
        .where(Job.task == task, Job.asked_by_id == user.id, Job.batch_id.is_(None))
        .order_by(Job.id.desc())
        .limit(LOOKED_AT)
    )
    return [job for job in found if asked.items() <= job.arguments.items()][:most]
