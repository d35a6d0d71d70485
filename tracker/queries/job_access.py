"""Whose long work is whose to see."""

from __future__ import annotations

from sqlalchemy import select

from tracker.db import db
from tracker.models import Job, JobState, User

UNFINISHED = (JobState.QUEUED, JobState.RUNNING)


def job_for(user: User, job_id: int) -> Job | None:
    """The long work with that id, for whoever asked for it. Imports have pages of their own."""
    return db.session.scalar(
        select(Job).where(Job.id == job_id, Job.batch_id.is_(None), Job.asked_by_id == user.id)
    )
