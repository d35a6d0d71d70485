"""Backups: rows of one moment and the files that they name, sealed into one archive; and what came of it."""

from __future__ import annotations

import datetime as dt
import hmac
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Table, select
from sqlalchemy.engine import Connection

from tracker.db import db
from tracker.files import backup_folders
from tracker.files.backup_archive import ArchiveWriter, Contents
from tracker.models import Backup
from tracker.queries.backups import last_event_id
from tracker.queries.neutral_rows import revision_of, rows_of, tables_of
from tracker.rules.backups import About, TableShape, file_named, names_files
from tracker.rules.refusal import N_, Refused
from tracker.rules.seals import SealKey
from tracker.services.audit import record_event

NO_SCHEMA = N_("There is no schema yet: nothing can be backed up.")
KEYED = ("sealed_person", "audit_seal")  # tables whose column key_name names a key of the file of seal keys
TRIES = 3  # looks for files that somebody removed just after the moment


@dataclass(frozen=True, slots=True)
class Written:
    """An archive that was written, and the last act of the audit that is in it (0: none)."""

    contents: Contents
    last_event_id: int


def secret_digest(secret_key: str) -> str:
    """Eight bytes by which another TRACKER_SECRET_KEY is noticed, hex."""
    return hmac.digest(secret_key.encode(), b"tracker backup", "sha256").hex()[:16]


def snapshot() -> Connection:
    """Begin a transaction in which everything read is of one moment, and nobody waits for it.

    On SQLite it is the snapshot that the write-ahead log keeps; an old library has no such log, and then
    whoever writes waits.
    """
    db.session.rollback()
    options: dict[str, Any] = {"read_only": True}
    if db.engine.dialect.name == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    return db.session.connection(execution_options=options)


def write_backup(
    target: BinaryIO, key: SealKey, *, secret_key: str, data_dir: Path, work: Path, at: dt.datetime
) -> Written:
    """Write an archive of this moment. The session is rolled back; nothing is written to the database.

    work: the folder of half-done work, which is ours.
    Raises Refused if there is no schema, OSError if it cannot be written.
    """
    connection, tables, held = _held_snapshot(work, data_dir)
    revision = revision_of(connection)
    if revision is None:
        raise Refused(NO_SCHEMA)
    event_id = last_event_id(connection)
    about = About(
        revision, at, db.engine.dialect.name, secret_digest(secret_key), _seal_names(connection, tables),
        tuple(tables),
    )  # fmt: skip
    with ArchiveWriter(target, key, about) as writer:
        for shape, table in tables.items():
            writer.add_rows(shape, rows_of(connection, shape, table))
        db.session.rollback()  # files take long, and are held
        for name, path in held.items():
            writer.add_file(name, path)
            path.unlink()
        return Written(writer.finish(), event_id)


def _held_snapshot(work: Path, data_dir: Path) -> tuple[Connection, dict[TableShape, Table], dict[str, Path]]:
    """A moment whose files are held. Where one was just removed, a later moment is taken."""
    for left in reversed(range(TRIES)):
        backup_folders.empty(work)
        connection = snapshot()
        tables = tables_of(connection)
        named = [
            found[0]
            for shape, table in tables.items()
            if names_files(shape.name)
            for row in rows_of(connection, shape, table)
            if (found := file_named(shape, row)) is not None
        ]
        held = backup_folders.hold(work, data_dir, named)
        if len(held) == len(named) or not left:
            return connection, tables, held
    raise AssertionError  # the last look returns


def _seal_names(connection: Connection, tables: dict[TableShape, Table]) -> tuple[str, ...]:
    """Names of the keys that sealed particulars and seals over the audit need."""
    names: set[str] = set()
    for shape, table in tables.items():
        if shape.name in KEYED:
            names.update(name for name in connection.scalars(select(table.c.key_name).distinct()) if name)
    return tuple(sorted(names))


def note_backup(
    written: Written, name: str, size: int, *, started_at: dt.datetime, at: dt.datetime, is_scheduled: bool
) -> Backup:
    """Keep that a backup was made and proved. name: of its file, without a folder; size: bytes."""
    contents = written.contents
    row = Backup(
        started_at=started_at, finished_at=at, name=name, size=size, row_count=contents.row_count,
        file_count=len(contents.files), lacking_count=len(contents.lacking), is_scheduled=is_scheduled,
        last_event_id=written.last_event_id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    record_event(
        None, "backup:create", row, at, size=size, rows=row.row_count, files=row.file_count,
        lacking=row.lacking_count,
    )  # fmt: skip
    return row


def note_failure(why: Refused, *, started_at: dt.datetime, at: dt.datetime, is_scheduled: bool) -> Backup:
    """Keep that no backup came of a try, and why."""
    row = Backup(
        started_at=started_at, finished_at=at, is_scheduled=is_scheduled, last_event_id=0,
        error={"msgid": why.msgid, "params": {name: str(value) for name, value in why.params.items()}},
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    record_event(None, "backup:fail", row, at)
    return row
