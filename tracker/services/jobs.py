"""The queue of long work: the job table itself. A worker claims a row by one conditional UPDATE."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, or_, select, update

from tracker.db import db
from tracker.models import Batch, BatchState, Campaign, Job, JobState, User
from tracker.rules.refusal import N_, Refused
from tracker.services.audit import record_event

LEASE = dt.timedelta(minutes=2)  # a worker that is silent for so long is taken for dead
LONG_LEASE = dt.timedelta(minutes=15)  # while it writes it cannot report: see tracker.worker
MOST_ATTEMPTS = 3

# What a batch must be for a task to make sense.
STATES: dict[str, tuple[BatchState, ...]] = {
    "check": (BatchState.UPLOADED, BatchState.CHECKED, BatchState.REFUSED),
    "commit": (BatchState.CHECKED,),
    "undo": (BatchState.COMMITTED,),
}
UNDER_WAY = (JobState.QUEUED, JobState.RUNNING)
CHANGED = N_("Somebody else was faster. Reload the page and try again.")
GIVEN_UP = N_("The work broke off several times. Nothing was written. Tell the administrator the time.")
ONE_AT_A_TIME = N_("The one that you asked for before is still being made. Wait for it, or stop it first.")


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that a worker holds; `token` proves it until the lease runs out.

    batch_id: of an import, None for work of any other sort.
    """

    job_id: int
    token: str
    task: str
    batch_id: int | None
    asked_by_id: int
    campaign_id: int | None
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Given:
    """What a task gave.

    result: what its page shows of it, as JSON.
    path:   of the file that it made, below the data folder.
    """

    result: Mapping[str, Any]
    path: str | None = None


def queue_job(task: str, batch: Batch, *, by: User, at: dt.datetime) -> Job:
    """Ask for long work on a batch: check, commit or undo.

    Raises Refused if work on it is under way, or if the batch is past it.
    """
    # Two who ask at once ask one after the other, and the second sees the first one's job.
    db.session.execute(select(Batch.id).where(Batch.id == batch.id).with_for_update()).all()
    if batch.state not in STATES[task]:
        raise Refused(N_("This import is already past that step. Reload the page."))
    under_way = select(Job.id).where(Job.batch_id == batch.id, Job.state.in_(UNDER_WAY))
    if db.session.scalar(under_way.limit(1)) is not None:
        raise Refused(N_("This import is being worked on. Wait until it is done."))
    job = Job(
        task=task, batch_id=batch.id, campaign_id=batch.campaign_id, asked_by_id=by.id, asked_at=at,
        state=JobState.QUEUED,
    )  # fmt: skip
    db.session.add(job)
    db.session.flush()  # the event needs its id
    record_event(by, "job:queue", job, at, task=task, batch_id=batch.id)
    return job


def queue_task(
    task: str,
    arguments: Mapping[str, Any],
    *,
    campaign: Campaign | None,
    by: User,
    at: dt.datetime,
    is_reading: bool = False,
) -> Job:
    """Ask for long work of any sort. The same asked for again while it is under way is the same job.

    task:       one of `tracker.worker.tasks`.
    arguments:  JSON; never a name of a person.
    is_reading: it changes nothing of the campaign, so it may be asked for in the archive too.
    Raises Refused if this person's work of this sort, asked for otherwise, is under way.
    """
    # Two clicks at once ask one after the other, and the second sees the first one's job.
    db.session.execute(select(User.id).where(User.id == by.id).with_for_update()).all()
    own = select(Job).where(Job.task == task, Job.asked_by_id == by.id, Job.state.in_(UNDER_WAY))
    campaign_id = campaign.id if campaign else None
    first = db.session.scalar(own.order_by(Job.id).limit(1).execution_options(populate_existing=True))
    if first is not None:
        if first.arguments == dict(arguments) and first.campaign_id == campaign_id:
            return first
        raise Refused(ONE_AT_A_TIME)
    job = Job(
        task=task, arguments=dict(arguments), campaign_id=campaign_id, asked_by_id=by.id, asked_at=at,
        state=JobState.QUEUED,
    )  # fmt: skip
    db.session.add(job)
    db.session.flush()  # the event needs its id
    record_event(by, "job:export" if is_reading else "job:ask", job, at, task=task)
    return job


def cancel_job(job: Job, *, by: User, at: dt.datetime) -> None:
    """Stop work that is not done yet. A worker that has it notices when it next reports, and leaves nothing.

    Raises Refused if it is over by now.
    """
    changed = db.session.execute(
        update(Job)
        .where(Job.id == job.id, Job.batch_id.is_(None), Job.state.in_(UNDER_WAY))
        .values(state=JobState.CANCELLED, finished_at=at, lease_until=None)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        raise Refused(CHANGED)
    db.session.refresh(job)
    record_event(by, "job:cancel", job, at, task=job.task)


def has_work(at: dt.datetime) -> bool:
    """Whether a job waits, or was left by a worker that died."""
    return db.session.scalar(select(Job.id).where(_is_free(at)).limit(1)) is not None


def _is_free(at: dt.datetime) -> Any:
    return or_(Job.state == JobState.QUEUED, (Job.state == JobState.RUNNING) & (Job.lease_until < at))


def claim_job(at: dt.datetime) -> Claim | None:
    """Take the oldest free job. None if there is none, or if another worker was faster.

    A job that broke off for the third time has failed.
    """
    oldest = select(Job).where(_is_free(at)).order_by(Job.id).limit(1)
    job = db.session.scalar(oldest.execution_options(populate_existing=True))
    if job is None:
        return None
    has_failed = job.attempts >= MOST_ATTEMPTS
    token = secrets.token_hex(16)
    values: dict[str, Any] = {
        "state": JobState.RUNNING, "claim": token, "lease_until": at + LEASE, "attempts": Job.attempts + 1,
        "done": 0, "total": 0,
    }  # fmt: skip
    if has_failed:
        values = {"state": JobState.FAILED, "finished_at": at, "error": {"msgid": GIVEN_UP, "params": {}}}
    changed = db.session.execute(
        update(Job)
        .where(Job.id == job.id, _is_free(at), Job.attempts == job.attempts)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1 or has_failed:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        return None
    return Claim(job.id, token, job.task, job.batch_id, job.asked_by_id, job.campaign_id, job.arguments)


def note_progress(
    claim: Claim,
    done: int,
    total: int,
    *,
    at: dt.datetime,
    lease: dt.timedelta = LEASE,
    connection: Connection | None = None,
) -> bool:
    """Write how far the work has come, and renew the lease. False if the claim is no longer held.

    connection: to write by, if the session is reading just now.
    """
    values = {"done": done, "total": max(total, done), "lease_until": at + lease}
    return _update(claim, values, connection)


def finish_job(claim: Claim, *, at: dt.datetime, given: Given | None = None) -> None:
    """Mark the job done, in the transaction of its effects: they happen once, or not at all.

    given: what it gave, if it is not an import. Raises Refused if the claim is no longer held; the caller
    rolls back.
    """
    values: dict[str, Any] = {"state": JobState.DONE, "finished_at": at, "lease_until": None}
    if given is not None:
        values |= {"result": dict(given.result), "path": given.path}
    if not _update(claim, values):
        raise Refused(CHANGED)


def fail_job(claim: Claim, refusal: Refused, *, at: dt.datetime) -> None:
    """Mark the job as failed for a reason that trying again does not mend."""
    params = {
        name: value if isinstance(value, int | str) else str(value) for name, value in refusal.params.items()
    }
    error = {"msgid": refusal.msgid, "params": params}
    _update(claim, {"state": JobState.FAILED, "finished_at": at, "lease_until": None, "error": error})


def release_job(claim: Claim) -> None:
    """Give a job back after an accident; claim_job counts the attempts."""
    _update(claim, {"state": JobState.QUEUED, "lease_until": None})


def _update(claim: Claim, values: dict[str, Any], connection: Connection | None = None) -> bool:
    changed = (connection or db.session).execute(
        update(Job)
        .where(Job.id == claim.job_id, Job.claim == claim.token, Job.state == JobState.RUNNING)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return changed.rowcount == 1  # type: ignore[attr-defined,no-any-return]  # an UPDATE gives a CursorResult
