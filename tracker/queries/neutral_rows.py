"""The rows of every table in the neutral form of `rules.backups`, as they stand in the database.

Tables are read as the database has them, not as the models say: so a backup can be made before an upgrade.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    cast,
    func,
    inspect,
    select,
    table,
    text,
    type_coerce,
)
from sqlalchemy.engine import Connection
from sqlalchemy.types import TypeEngine

from tracker.rules.backups import NOT_KEPT, Sort, TableShape

FETCHED = 2_000  # rows at a time
# The first that fits. A moment is a day to none of them.
_SORTS: tuple[tuple[type[TypeEngine[Any]], Sort], ...] = (
    (JSON, Sort.JSON),
    (Boolean, Sort.FLAG),
    (DateTime, Sort.MOMENT),
    (Date, Sort.DAY),
    (LargeBinary, Sort.BYTES),
    (Integer, Sort.INT),
    (String, Sort.TEXT),
)
_SHOWN = {Sort.MOMENT: "YYYY-MM-DD HH24:MI:SS.US", Sort.DAY: "YYYY-MM-DD"}


def tables_of(connection: Connection) -> dict[TableShape, Table]:
    """Every table that a backup keeps, what is referred to before what refers to it."""
    found = MetaData()
    found.reflect(connection)
    return {
        TableShape(one.name, tuple((column.name, _sort_of(column)) for column in one.columns)): one
        for one in found.sorted_tables
        if one.name not in NOT_KEPT
    }


def _sort_of(column: Column[Any]) -> Sort:
    for kind, sort in _SORTS:
        if isinstance(column.type, kind):
            return sort
    raise TypeError(f"{column}: no backup knows what {column.type!r} holds")


def rows_of(connection: Connection, shape: TableShape, source: Table) -> Iterator[Sequence[Any]]:
    """The rows of a table, in the order of their key."""
    is_postgresql = connection.dialect.name == "postgresql"
    shown = [_neutral(source.c[name], sort, is_postgresql) for name, sort in shape.columns]
    statement = select(*shown).order_by(*source.primary_key).execution_options(yield_per=FETCHED)
    blobs = [at for at, (_, sort) in enumerate(shape.columns) if sort is Sort.BYTES]
    for row in connection.execute(statement):
        values = list(row)
        for at in blobs:
            values[at] = None if values[at] is None else values[at].hex()
        yield values


def _neutral(column: Column[Any], sort: Sort, is_postgresql: bool) -> ColumnElement[Any]:
    """What the database is asked for. SQLite keeps every value but bytes in the neutral form already."""
    if sort is Sort.BYTES:
        return column
    if sort in (Sort.INT, Sort.FLAG):
        return cast(column, Integer) if is_postgresql and sort is Sort.FLAG else type_coerce(column, Integer)
    if not is_postgresql or sort is Sort.TEXT:
        return type_coerce(column, Text)
    return func.to_char(column, _SHOWN[sort]) if sort in _SHOWN else cast(column, Text)


def revision_of(connection: Connection) -> str | None:
    """The schema's revision; None if there is no schema yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def first_filled(connection: Connection) -> str | None:
    """A table that holds a row, those of sessions included; None if there is no row at all.

    That a worker looked round once makes no installation a used one.
    """
    for name in sorted(inspect(connection).get_table_names()):
        if name not in ("alembic_version", "heartbeat"):
            held = select(text("1")).select_from(table(name)).limit(1)
            if connection.execute(held).first() is not None:
                return name
    return None
