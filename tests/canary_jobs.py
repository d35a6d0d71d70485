"""Long work that was asked for on both sides, with marks in what it was asked and what it gave."""

from __future__ import annotations

from tests.maker import NOW
from tracker.db import db
from tracker.models import Job, JobState


def a_job(campaign, by, task="pack", **fields):
    """A piece of long work that waits."""
    job = Job(
        task=task, campaign_id=campaign.id if campaign else None, asked_by_id=by.id, asked_at=NOW,
        **{"arguments": {}, "state": JobState.QUEUED, **fields},
    )  # fmt: skip
    db.session.add(job)
    db.session.flush()
    return job


def add_jobs(marked, foreign):
    """One of a secretary's and one of somebody else; each is for whoever asked for it."""
    for pool, by, whose in (
        (marked.own, marked.users["secretary"], foreign),
        (marked.foreign, marked.writer, foreign),
    ):
        said = {"filename": marked.mark(whose, "job.result"), "note": marked.mark(whose, "job.arguments")}
        job = a_job(
            marked.campaign, by, arguments=said, result=said, state=JobState.DONE, finished_at=NOW,
            path=f"jobs/{marked.mark(whose, 'job.path')}.zip",
        )  # fmt: skip
        pool["job_id"].append(job.id)
