"""How the machine is: no names, no records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, text

from tracker.db import db
from tracker.models import AuditEvent, Job, JobState, TryCount, User, UserSession

FAILED = "user:sign_in_failed"


@dataclass(frozen=True, slots=True)
class Machine:
    """What an administrator sees.

    schema:   the revision of the last migration.
    database: its kind and version, such as 'sqlite 3.51.3'.
    jobs:     how many pieces of long work are in each state.
    resting:  logins that wait because of too many wrong tries.
    sessions: signed-in browsers.
    failed:   sign-ins that failed within the last day.
    """

    schema: str
    database: str
    jobs: dict[JobState, int]
    resting: Sequence[str]
    sessions: int
    failed: int


def machine_at(
    at: dt.datetime, *, idle: dt.timedelta, longest: dt.timedelta, tries: int, rest: dt.timedelta
) -> Machine:
    """The machine at a moment.

    idle, longest: when a session ends by itself.
    tries, rest:   after how many wrong tries an account rests, and for how long.
    """
    dialect = db.engine.dialect
    version = ".".join(str(part) for part in dialect.server_version_info or ())
    states: dict[JobState, int] = dict(
        db.session.execute(select(Job.state, func.count(Job.id)).group_by(Job.state)).all()
    )
    keys = db.session.scalars(
        select(TryCount.key)
        .where(TryCount.key.startswith("account:"), TryCount.count >= tries, TryCount.started_at > at - rest)
        .order_by(TryCount.id)
    )
    ids = [int(key.removeprefix("account:")) for key in keys]
    sessions = select(func.count(UserSession.id)).where(
        UserSession.seen_at > at - idle, UserSession.started_at > at - longest
    )
    failed = select(func.count(AuditEvent.id)).where(
        AuditEvent.action == FAILED, AuditEvent.at > at - dt.timedelta(days=1)
    )
    return Machine(
        schema=db.session.scalar(text("SELECT version_num FROM alembic_version")) or "—",
        database=f"{dialect.name} {version}",
        jobs={state: states.get(state, 0) for state in JobState},
        resting=db.session.scalars(select(User.login).where(User.id.in_(ids)).order_by(User.login)).all(),
        sessions=db.session.scalar(sessions) or 0,
        failed=db.session.scalar(failed) or 0,
    )
