"""Bringing a backup into an empty installation: one transaction, files put into place just before its end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import column, func, insert, inspect, select, table, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from tracker.db import db
from tracker.files import backup_folders
from tracker.files.backup_archive import Contents, FileIn, Rows, entries
from tracker.models import Backup
from tracker.queries.neutral_rows import first_filled, revision_of
from tracker.rules.backups import About, Sort, TableShape
from tracker.rules.refusal import N_, Refused
from tracker.rules.seals import SealKey
from tracker.services.audit import record_event

NOT_EMPTY = N_(
    "The database is not empty: %(table)s has rows. Nothing was changed; restore into a new database."
)
NEWER = N_(
    "The backup has the schema %(revision)s, which this version does not know: it comes from a newer one."
    " Nothing was changed; install that version."
)
STRANGE = N_(
    "The database refused the rows of %(table)s (%(why)s). Nothing was changed; restore into the kind of"
    " database that the backup comes from."
)
IN_USE = N_(
    "The database could not be taken over (%(why)s). Nothing was changed; stop the server and worker first."
)
WAITED_FOR = "15s"  # on PostgreSQL, for others who use the database


@dataclass(frozen=True, slots=True)
class Schema:
    """How a schema is brought to a revision, within the transaction of a connection.

    bring: 'base' stands for none at all. knows: whether there is a way to a revision. head: the newest.
    """

    bring: Callable[[Connection, str], None]
    knows: Callable[[str], bool]
    head: str


def check_target(data_dir: Path, about: About, schema: Schema) -> None:
    """Raises Refused if a backup cannot be restored here, before anything is changed."""
    if not schema.knows(about.revision):
        raise Refused(NEWER, revision=about.revision)
    with backup_folders.alone(data_dir) as work:
        try:
            connection = db.session.connection(execution_options={"read_only": True})
            _check_empty(connection, schema)
        finally:
            db.session.rollback()
        backup_folders.make_room(work, data_dir)


def _check_empty(connection: Connection, schema: Schema) -> None:
    revision = revision_of(connection)
    if revision is not None and not schema.knows(revision):
        raise Refused(NEWER, revision=revision)
    if (filled := first_filled(connection)) is not None:
        raise Refused(NOT_EMPTY, table=filled)


@contextmanager
def restoring(
    archive: Path,
    keys: Sequence[SealKey],
    where: str,
    *,
    data_dir: Path,
    schema: Schema,
    at: dt.datetime,
    replay: Callable[[], object] | None = None,
) -> Iterator[Contents]:
    """Bring an archive in; the body commits. Whatever fails, in here or in the body, leaves nothing behind.

    where:  the name of the file of keys.
    replay: what is to be done to rows and files before anybody sees them, in the same transaction: the list
            of persons who were erased, so that nobody who was erased after the backup comes back.
    Raises  Refused: no backup, another key, damaged, not empty, unknown revision, or in use.
    """
    with backup_folders.alone(data_dir) as work:
        try:
            db.session.rollback()
            connection = _take_over(schema)
            backup_folders.make_room(work, data_dir)
            contents = _bring_in(archive, keys, where, connection, work, schema)
            _note(contents, at)
            with backup_folders.placed(work, data_dir):
                if replay is not None:
                    replay()
                db.session.flush()
                _check_references(connection)
                yield contents
        finally:
            db.session.rollback()
            db.session.remove()
            db.engine.dispose()  # SQLite: the connection that did not heed references is not used again


def _take_over(schema: Schema) -> Connection:
    """A transaction that nobody else can write beside, on an empty database."""
    try:
        connection = db.session.connection(execution_options={"foreign_keys": False})
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.set_config("lock_timeout", WAITED_FOR, True)))
            names = inspect(connection).get_table_names()
            if names:
                quote = connection.dialect.identifier_preparer.quote
                connection.execute(text(f"LOCK TABLE {', '.join(map(quote, names))}"))
    except DBAPIError as error:
        raise Refused(IN_USE, why=_said(error.orig)) from error
    _check_empty(connection, schema)
    return connection


def _said(error: BaseException | None) -> str:
    return str(error).strip().partition("\n")[0]


def _bring_in(
    archive: Path, keys: Sequence[SealKey], where: str, connection: Connection, work: Path, schema: Schema
) -> Contents:
    """Rows into the database, at their revision and then at the newest; files into the folder of work."""
    shape: TableShape | None = None
    with archive.open("rb") as source:
        for entry in entries(source, keys, where):
            try:
                if isinstance(entry, About):
                    if not schema.knows(entry.revision):
                        raise Refused(NEWER, revision=entry.revision)
                    schema.bring(connection, entry.revision)
                    _let_refer(connection, at_once=False)
                elif isinstance(entry, Rows):
                    shape = entry.table
                    _write_rows(connection, entry)
                elif isinstance(entry, FileIn):
                    backup_folders.unpack(work, entry.name, entry.stream)
                else:
                    _let_refer(connection, at_once=True)
                    _set_sequences(connection, entry.about.tables)
                    schema.bring(connection, schema.head)
                    return entry
            except (DBAPIError, psycopg.Error) as error:
                why = _said(error.orig if isinstance(error, DBAPIError) else error)
                raise Refused(STRANGE, table=shape.name if shape else "—", why=why) from error
    raise AssertionError  # `entries` ends with Contents, or raises


def _write_rows(connection: Connection, rows: Rows) -> None:
    """Write rows as they are. Either database takes the neutral form; only bytes are turned back."""
    values = rows.parsed()
    for at in [at for at, (_, sort) in enumerate(rows.table.columns) if sort is Sort.BYTES]:
        for row in values:
            row[at] = None if row[at] is None else bytes.fromhex(row[at])
    if connection.dialect.name == "postgresql":
        names = sql.SQL(", ").join(map(sql.Identifier, rows.table.names))
        copying = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(rows.table.name), names)
        driver: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
        with driver.cursor() as cursor, cursor.copy(copying) as copy:
            for row in values:
                copy.write_row(row)
        return
    into = insert(table(rows.table.name, *map(column, rows.table.names)))
    connection.execute(into, [dict(zip(rows.table.names, row, strict=True)) for row in values])


def _let_refer(connection: Connection, *, at_once: bool) -> None:
    """Let rows of a table refer to later rows of the same one until all are there (PostgreSQL).

    SQLite does not look at references in this transaction; `_check_references` does at its end.
    """
    if connection.dialect.name != "postgresql":
        return
    own = text(
        "SELECT format('ALTER TABLE %s ALTER CONSTRAINT %I', conrelid::regclass, conname) FROM pg_constraint"
        " WHERE contype = 'f' AND conrelid = confrelid"
    )
    if at_once:
        connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    for statement in connection.scalars(own).all():
        how = "NOT DEFERRABLE" if at_once else "DEFERRABLE INITIALLY DEFERRED"
        connection.exec_driver_sql(f"{statement} {how}")


def _set_sequences(connection: Connection, tables: Sequence[TableShape]) -> None:
    """The next row of each table comes after those that are there; the planner sees what is there."""
    if connection.dialect.name != "postgresql":
        return
    for shape in tables:
        if "id" in shape.names:
            ids = table(shape.name, column("id"))
            newest = select(func.coalesce(func.max(ids.c.id), 0) + 1).scalar_subquery()
            sequence = func.pg_get_serial_sequence(shape.name, "id")
            connection.execute(select(func.setval(sequence, newest, False)))
    connection.execute(text("ANALYZE"))


def _check_references(connection: Connection) -> None:
    """Raises Refused if a row refers to one that is not there (SQLite; PostgreSQL looked at each row)."""
    if connection.dialect.name == "sqlite":
        lost = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if lost is not None:
            raise Refused(STRANGE, table=lost[0], why="foreign key")


def _note(contents: Contents, at: dt.datetime) -> None:
    """The act stands in the audit of the new installation; it is about no backup that this one made."""
    about = contents.about
    record_event(
        None, "backup:restore", Backup(), at, made_at=about.made_at.isoformat(), rows=contents.row_count,
        files=len(contents.files),
    )  # fmt: skip
