"""Sealing the audit in batches, and letting go of what has been kept long enough."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from psycopg.errors import LockNotAvailable
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import OperationalError

from tracker.db import db
from tracker.models import AuditEvent, AuditSeal
from tracker.queries.audit_seals import PURGE, last_seal, may_go, unsealed
from tracker.rules.audit_seals import digest, key_of, pack
from tracker.rules.seals import SealKey
from tracker.services.audit import record_event

WAIT = 1000  # milliseconds for those who write to end; then the next round seals


@dataclass(frozen=True, slots=True)
class Sealed:
    """A new seal: what goes onto the list of heads, and the events that are told, once it is committed."""

    id: int
    digest: str
    events: Sequence[Any]
    begins: bool


def seal_next(key: SealKey, at: dt.datetime) -> Sealed | None:
    """Seal the oldest events that wait for it. None if there are none, or others wrote all the while.

    Ids are given before they are committed. So nobody may be writing events when the last one is looked up:
    SQLite has one writer at a time; on PostgreSQL the table is shared for that moment with readers alone.
    """
    if db.engine.dialect.name == "postgresql" and not _is_quiet():
        return None
    before = last_seal()
    events = unsealed(before.last_id if before else 0)
    if not events:
        return None
    secret = key_of([key], key.name)
    assert secret is not None  # the key is in its own list
    first_id, last_id, tags = events[0]["id"], events[-1]["id"], pack(events, secret)
    chained = before.digest if before else ""
    seal = AuditSeal(
        first_id=first_id,
        last_id=last_id,
        last_at=max(event["at"] for event in events),
        tags=tags,
        key_name=key.name,
        before=chained,
        digest=digest(chained, first_id, last_id, tags, secret),
        sealed_at=at,
    )
    db.session.add(seal)
    db.session.flush()
    return Sealed(seal.id, seal.digest, events, begins=before is None)


def purge(keep_days: int, at: dt.datetime) -> int:
    """Delete the events of whole seals that are older than they have to be kept. Returns how many.

    The seals stay, so that the chain does. keep_days: see queries/audit_seals.may_go.
    """
    last = may_go(keep_days, at)
    if last is None:
        return 0
    old = AuditEvent.id <= last.last_id
    count = db.session.scalar(select(func.count(AuditEvent.id)).where(old)) or 0
    if not count:
        return 0
    db.session.execute(delete(AuditEvent).where(old))
    record_event(None, PURGE, last, at, through=last.last_id, rows=count)
    return count


def _is_quiet() -> bool:
    """Hold back who writes events until this transaction ends; False if others do so for too long."""
    db.session.execute(text(f"SET LOCAL lock_timeout = {WAIT}"))
    try:
        db.session.execute(text("LOCK TABLE audit_event IN SHARE MODE"))
    except OperationalError as error:
        if not isinstance(error.orig, LockNotAvailable):
            raise
        db.session.rollback()
        return False
    return True
