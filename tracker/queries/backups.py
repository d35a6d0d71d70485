"""What came of backups, and what lies in their folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import inspect, select
from sqlalchemy.engine import Connection

from tracker.db import db
from tracker.models import AuditEvent, Backup
from tracker.rules.backups import LastBackup, moment_of

SHOWN = 20  # tries on the page


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive in the folder: its name, its moment, its bytes."""

    name: str
    at: dt.datetime
    size: int


def archives_in(folder: Path) -> list[Archive]:
    """The archives of a folder, the newest first."""
    if not folder.is_dir():
        return []
    found = [
        Archive(path.name, moment, path.stat().st_size)
        for path in folder.iterdir()
        if (moment := moment_of(path.name)) is not None
    ]
    return sorted(found, key=lambda one: (one.at, one.name), reverse=True)


def latest_backups() -> Sequence[Backup]:
    """The last tries, the newest first."""
    return db.session.scalars(
        select(Backup).order_by(Backup.started_at.desc(), Backup.id.desc()).limit(SHOWN)
    ).all()


def last_good() -> Backup | None:
    """The last try that gave an archive."""
    statement = select(Backup).where(Backup.name.is_not(None)).order_by(Backup.started_at.desc(), Backup.id)
    return db.session.scalars(statement.limit(1)).first()


def last_try() -> LastBackup | None:
    """The last try, as a schedule asks for it."""
    row = next(iter(latest_backups()), None)
    return LastBackup(row.started_at, row.name is not None, row.last_event_id) if row is not None else None


def last_event_id(connection: Connection | None = None) -> int:
    """The last act of the audit that is not about a backup; 0 for none."""
    connection = connection or db.session.connection()
    if not inspect(connection).has_table(AuditEvent.__tablename__):
        return 0
    table = AuditEvent.__table__
    statement = select(table.c.id).where(table.c.subject_type != Backup.__tablename__)
    found: int | None = connection.scalar(statement.order_by(table.c.id.desc()).limit(1))
    return found or 0
