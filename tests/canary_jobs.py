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


def a_pack_job(campaign, by, arguments=None, result=None, **fields):
    """A summary pack that was made. Its file is on no disk."""
    asked = {"day": "2021-06-26", "parts": [], **(arguments or {})}
    gave = {"filename": "汇总包.zip", "bytes": 2, "files": 3, "rows": 9, "digest": "ab", **(result or {})}
    given = {"state": JobState.DONE, "finished_at": NOW, "arguments": asked, "result": gave}
    return a_job(campaign, by, **{**given, **fields})


def add_jobs(marked, foreign):
    """One of a secretary's and one of somebody else; each is for whoever asked for it."""
    for pool, by, whose in (
        (marked.own, marked.users["secretary"], foreign),
        (marked.foreign, marked.writer, foreign),
    ):
        job = a_pack_job(
            marked.campaign, by, {"note": marked.mark(whose, "job.arguments")},
            {"filename": marked.mark(whose, "job.result")}, path=f"jobs/{marked.mark(whose, 'job.path')}.zip",
        )  # fmt: skip
        pool["job_id"].append(job.id)
