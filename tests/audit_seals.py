"""An audit with seals, and somebody who works on it behind the tracker's back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import func, select, text

from tests.maker import NOW
from tracker.db import db
from tracker.models import AuditEvent, User
from tracker.queries.audit_seals import faults
from tracker.rules.audit_seals import Fault, Heads
from tracker.rules.seals import SealKey
from tracker.services import audit_seals
from tracker.services.audit import record_event

DAY = dt.timedelta(days=1)


def write(user: User, count: int, at: dt.datetime = NOW, **detail: Any) -> None:
    """Let somebody sign in some times."""
    for number in range(count):
        record_event(user, "user:sign_in", user, at, number=number, **detail)
    db.session.flush()


def last_id() -> int | None:
    """The newest event."""
    return db.session.scalar(select(func.max(AuditEvent.id)))


def behind_the_back(*statements: str) -> None:
    """Do what somebody does who has the database: without the triggers."""
    names = {"sqlite": "DROP TRIGGER {0}_{1}", "postgresql": "ALTER TABLE {0} DISABLE TRIGGER {0}_{1}"}
    with db.session.begin_nested():
        for table in ("audit_event", "audit_seal"):
            for trigger in ("is_never_changed", "is_kept"):
                db.session.execute(text(names[db.engine.dialect.name].format(table, trigger)))
        for statement in statements:
            db.session.execute(text(statement))
    db.session.expire_all()


def found(key: SealKey, heads: Heads | None = None, at: dt.datetime = NOW) -> list[Fault]:
    """What verifying finds."""
    return list(faults([key], heads, at))


def sealed_days(user: User, key: SealKey, days: int, per_day: int = 1) -> None:
    """Events of as many days, each sealed on its day; the last day is NOW's."""
    for back in range(days - 1, -1, -1):
        write(user, per_day, at=NOW - back * DAY)
        audit_seals.seal_next(key, NOW - back * DAY)
