"""The database handle: base class, column types and what every connection is set to."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Annotated, Any, ClassVar

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, Date, Dialect, Enum, Integer, MetaData, String, Text, event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry
from sqlalchemy.types import BigInteger, DateTime, TypeDecorator

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
# Older libraries can corrupt a WAL database when it is reset under load.
WAL_SAFE_FROM = (3, 51, 3)
BUSY_TIMEOUT = 15000  # milliseconds
INT = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts rowids only in a column named INTEGER


class UTCDateTime(TypeDecorator[dt.datetime]):
    """A moment. Stored in UTC without a zone, given back with it; a naive value is refused."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(dt.UTC).replace(tzinfo=None)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        return None if value is None else value.replace(tzinfo=dt.UTC)


def _enum(kind: type[enum.Enum]) -> Enum:
    return Enum(kind, native_enum=False, create_constraint=True, length=24, name=kind.__name__.lower(),
                values_callable=lambda members: [member.value for member in members])  # fmt: skip


class Model(DeclarativeBase):
    """Base of every table."""

    # The registry, not the class: SQLAlchemy 2.1 refuses type_annotation_map on a base made twice.
    registry: ClassVar[registry] = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={
            str: Text(),
            int: INT,
            dt.date: Date(),
            dt.datetime: UTCDateTime(),
            dict[str, Any]: JSON(),
            list[Any]: JSON(),
        },
    )


IntPK = Annotated[int, mapped_column(INT, primary_key=True)]
Name = Annotated[str, mapped_column(String(200))]
Code = Annotated[str, mapped_column(String(64))]


def enum_column(kind: type[enum.Enum]) -> Enum:
    """A text column with a CHECK that it is one of the values of `kind`."""
    return _enum(kind)


db = SQLAlchemy(model_class=Model, session_options={"autoflush": True})


def sqlite_module() -> Any:
    """The SQLite driver: pysqlite3 where its wheel exists, else the standard library's."""
    try:
        import pysqlite3

        return pysqlite3
    except ImportError:
        import sqlite3

        return sqlite3


def prepare_engine(engine: Engine) -> None:
    """Set what each SQLite connection must have, and begin transactions ourselves.

    pysqlite begins late, so that a reader which later writes can fail; and BEGIN IMMEDIATE takes the one
    write lock at once instead of failing half-way. Reading transactions stay deferred (`read_only`).
    """
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        wal = sqlite_module().sqlite_version_info >= WAL_SAFE_FROM
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT}",
            f"journal_mode={'WAL' if wal else 'DELETE'}",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
            "trusted_schema=OFF",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        options = connection.get_execution_options()
        reads = options.get("read_only", False)
        if not options.get("foreign_keys", True):  # a restore: it looks at them once, at its end
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def empty_journal(engine: Engine) -> None:
    """Let SQLite write its journal back and cut it to nothing, so that no deleted page stays in it.

    Where somebody is reading, it stays until the next time: those who write are not kept waiting for it.
    """
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()  # no transaction: SQLite does this outside of one only
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=100")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT}")
    finally:
        connection.close()


def close_connections(app: Flask) -> None:
    """At the end of a process: SQLite takes what its log holds into its file with the last connection."""
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()
