"""Seals over the audit: what waits for one, and whether everything is as it was sealed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Date, Select, cast, func, select

from tracker.db import db
from tracker.models import AuditEvent, AuditSeal
from tracker.rules.audit_seals import (
    LEAST_DAYS,
    Broken,
    Fault,
    Heads,
    SealedRange,
    event_faults,
    key_of,
    seal_faults,
)
from tracker.rules.seals import SealKey

MOST = 10_000  # events of one seal
MOST_DAYS = LEAST_DAYS + 2  # one for the wrong day of a clock, one for a day that is not over
OVERDUE = dt.timedelta(days=1)
PURGE, DEMO_GONE = "audit:purge", "demo:remove"
COLUMNS = (
    AuditEvent.id, AuditEvent.at, AuditEvent.actor_id, AuditEvent.action, AuditEvent.subject_type,
    AuditEvent.subject_id, AuditEvent.detail,
)  # fmt: skip


def last_seal() -> AuditSeal | None:
    """The newest seal; None before the first."""
    return db.session.scalar(select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1))


def unsealed(after_id: int) -> Sequence[Any]:
    """The first events after this id, at most MOST of them, with all their columns."""
    return db.session.execute(_events(after_id + 1).limit(MOST)).mappings().all()


def sealed_events(after_id: int) -> Iterator[Any]:
    """The events after this id that have their seal, oldest first, with all their columns."""
    newest = db.session.scalar(select(func.max(AuditSeal.last_id)))
    if newest is not None:
        yield from db.session.execute(
            _events(after_id + 1, newest).execution_options(yield_per=MOST)
        ).mappings()


def is_waiting() -> bool:
    """Whether an event waits for its seal."""
    sealed = select(func.coalesce(func.max(AuditSeal.last_id), 0)).scalar_subquery()
    return bool(db.session.scalar(select(AuditEvent.id).where(AuditEvent.id > sealed).limit(1)))


def may_go(keep_days: int, at: dt.datetime) -> AuditSeal | None:
    """The last seal whose events may be deleted, None if there is none.

    keep_days: how long events are kept; never less than LEAST_DAYS behind the newest that is sealed, nor
    behind LEAST_DAYS different days on which something was done: a clock that runs years ahead lets nothing
    go.
    """
    newest = db.session.scalar(select(func.max(AuditSeal.last_at)))
    if newest is None:
        return None
    day = func.date(AuditSeal.last_at) if _is_sqlite() else cast(AuditSeal.last_at, Date)
    days = db.session.scalars(select(day).distinct().order_by(day.desc()).limit(MOST_DAYS)).all()
    if len(days) < MOST_DAYS:
        return None
    kept_from = dt.datetime.combine(dt.date.fromisoformat(str(days[-1])), dt.time.min, dt.UTC)
    before = min(min(newest, at) - dt.timedelta(days=max(keep_days, LEAST_DAYS)), kept_from)
    # A seal's newest event may be older than that of a seal before it, if the clock was set back.
    young = select(func.min(AuditSeal.id)).where(AuditSeal.last_at >= before).scalar_subquery()
    return db.session.scalar(
        select(AuditSeal).where(AuditSeal.id < young).order_by(AuditSeal.id.desc()).limit(1)
    )


def faults(keys: Sequence[SealKey], heads: Heads | None, at: dt.datetime) -> Iterator[Fault]:
    """Everything that is not as it was sealed, from the first event to the last.

    keys:  those of the file of keys.
    heads: the list outside of the database, None if there is none.
    """
    purged = _purged_through()
    newest = db.session.scalar(select(func.max(AuditSeal.last_at)))
    before: SealedRange | None = None
    for row in db.session.scalars(select(AuditSeal).order_by(AuditSeal.id).execution_options(yield_per=50)):
        seal = SealedRange(row.id, row.first_id, row.last_id, row.tags, row.key_name, row.before, row.digest)
        yield from seal_faults(seal, before, keys)
        key = key_of(keys, seal.key_name)
        start = before.last_id + 1 if before else 0
        events = db.session.execute(_events(start, seal.last_id)).mappings().all()
        is_old = newest is not None and row.last_at <= newest - dt.timedelta(days=LEAST_DAYS)
        if key is not None and not (not events and is_old and seal.last_id <= purged):
            yield from event_faults(seal, events, key)
        before = seal
    yield from _cut_off(heads)
    sealed_to = before.last_id if before else 0
    waiting = db.session.execute(
        select(AuditEvent.id).where(AuditEvent.id > sealed_to, AuditEvent.at < at - OVERDUE).limit(1)
    ).scalar()
    if waiting is not None:
        yield Fault(Broken.UNSEALED, None, waiting)


def _cut_off(heads: Heads | None) -> Iterator[Fault]:
    if heads is None:
        return
    rows = db.session.execute(select(AuditSeal.id, AuditSeal.digest))
    digests = {seal_id: digest for seal_id, digest in rows}  # noqa: C416
    for seal_id, digest in heads.seals:
        if digests.get(seal_id) != digest:
            yield Fault(Broken.CUT_OFF, seal_id)
    removals = db.session.scalar(select(func.count(AuditEvent.id)).where(AuditEvent.action == DEMO_GONE)) or 0
    if heads.begun > 1 + removals and not _purged_through():
        yield Fault(Broken.BEGUN_ANEW)


def _purged_through() -> int:
    """The last event that was ever deleted because its time was up."""
    details = db.session.scalars(select(AuditEvent.detail).where(AuditEvent.action == PURGE))
    return max((int(detail.get("through", 0)) for detail in details), default=0)


def _events(first: int, last: int | None = None) -> Select[Any]:
    chosen = select(*COLUMNS).where(AuditEvent.id >= first).order_by(AuditEvent.id)
    return chosen if last is None else chosen.where(AuditEvent.id <= last)


def _is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"
