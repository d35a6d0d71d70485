"""What whoever watches the machine is told: is it ready, and how much waits. Counts and moments, no names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from tracker.db import BUSY_TIMEOUT, db
from tracker.models import AuditEvent, AuditSeal, Beat, Heartbeat, Job, JobState
from tracker.queries.backups import last_good
from tracker.queries.neutral_rows import revision_of


@dataclass(frozen=True, slots=True)
class Last:
    """The last time of something that comes again, and whether all was well."""

    at: dt.datetime
    is_well: bool


@dataclass(frozen=True, slots=True)
class Load:
    """How much there is and how old.

    jobs:         pieces of long work in each state.
    waiting_from: when the oldest piece that nobody has begun was asked for; None if none waits.
    beats:        the last time of each; without those that never were.
    backup_at:    when the last backup that gave an archive was begun; None before the first.
    unsealed:     events of the audit that no seal covers yet.
    """

    jobs: Mapping[JobState, int]
    waiting_from: dt.datetime | None
    beats: Mapping[Beat, Last]
    backup_at: dt.datetime | None
    unsealed: int


# For how many milliseconds SQLite waits for its lock: here, where who reads hardly ever has to; elsewhere.
WAITS_SHORTLY, WAITS = "PRAGMA busy_timeout=2000", f"PRAGMA busy_timeout={BUSY_TIMEOUT}"


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """A transaction of its own that only reads, and whose statements wait no longer; rolled back at its end.

    What takes longer raises sqlalchemy.exc.DBAPIError.
    """
    db.session.rollback()
    connection = db.session.connection(execution_options={"read_only": True})
    driver: Any = connection.connection.driver_connection
    is_sqlite = connection.dialect.name == "sqlite"
    try:
        if is_sqlite:
            driver.execute(WAITS_SHORTLY)
        else:
            connection.execute(select(func.set_config("statement_timeout", str(round(seconds * 1000)), True)))
        yield
    finally:
        if is_sqlite:  # before somebody else is given the connection
            driver.execute(WAITS)
        db.session.rollback()


def schema_now() -> str | None:
    """The schema's revision; None if there is none."""
    return revision_of(db.session.connection())


def is_looked_after(since: dt.datetime, at: dt.datetime) -> bool:
    """Whether a worker came round since a moment, or is at work on something now: it says so by its lease."""
    came = select(Heartbeat.id).where(Heartbeat.beat == Beat.MINUTE, Heartbeat.at >= since)
    works = select(Job.id).where(Job.state == JobState.RUNNING, Job.lease_until > at)
    return any(db.session.scalar(one.limit(1)) is not None for one in (came, works))


def load_now() -> Load:
    """How much there is, from the rows themselves."""
    states: dict[JobState, int] = dict(
        db.session.execute(select(Job.state, func.count(Job.id)).group_by(Job.state)).all()
    )
    sealed = select(func.coalesce(func.max(AuditSeal.last_id), 0)).scalar_subquery()
    backup = last_good()
    return Load(
        jobs={state: states.get(state, 0) for state in JobState},
        waiting_from=db.session.scalar(select(func.min(Job.asked_at)).where(Job.state == JobState.QUEUED)),
        beats={row.beat: Last(row.at, row.is_well) for row in db.session.scalars(select(Heartbeat))},
        backup_at=backup.started_at if backup else None,
        unsealed=db.session.scalar(select(func.count(AuditEvent.id)).where(AuditEvent.id > sealed)) or 0,
    )
