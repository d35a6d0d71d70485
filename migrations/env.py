"""How Alembic meets the application: its engine, its tables, its names."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import DateTime
from sqlalchemy.engine import Connection

from tracker.db import UTCDateTime

database = current_app.extensions["migrate"].db
# A migration that waits for a table keeps everybody waiting who comes after it: it gives up first.
LOCK_PATIENCE = "SET lock_timeout = '5s'"


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """Write our own types into migrations as what they are in the database."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime()"
    return False


def compare_type(
    _context: Any, _inspected: Any, _column: Any, inspected_type: Any, type_: Any
) -> bool | None:
    """Our moments are plain DateTime columns; leave the rest to Alembic."""
    if isinstance(type_, UTCDateTime):
        return not isinstance(inspected_type, DateTime)
    return None


def configure(**options: Any) -> None:
    context.configure(
        target_metadata=database.metadata,
        render_item=render_item,
        compare_type=compare_type,
        render_as_batch=True,
        **options,
    )


def run_offline() -> None:
    """Print the SQL instead of running it."""
    configure(url=str(database.engine.url), literal_binds=True)
    with context.begin_transaction():
        if database.engine.dialect.name == "postgresql":
            context.execute(LOCK_PATIENCE)
        context.run_migrations()


def hold_foreign_keys(connection: Connection, *, on: bool) -> None:
    """SQLite changes a table by making it anew: meanwhile what refers to it must not be taken for lost.

    The driver is asked directly: a statement through SQLAlchemy would begin a transaction, in which SQLite
    does not heed this.
    """
    if connection.dialect.name == "sqlite":
        connection.connection.driver_connection.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


def take_time(connection: Connection) -> None:
    """A migration of a large ledger may take longer than any page; but it waits for no lock so long."""
    if connection.dialect.name == "postgresql":
        connection.connection.driver_connection.execute("SET statement_timeout = 0")
        connection.connection.driver_connection.execute(LOCK_PATIENCE)


def run_online(connection: Connection) -> None:
    hold_foreign_keys(connection, on=False)
    take_time(connection)
    try:
        configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
            if connection.dialect.name == "sqlite":
                lost = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if lost:
                    raise RuntimeError(f"rows would refer to nothing: {lost[:5]}")
    finally:
        hold_foreign_keys(connection, on=True)


if context.is_offline_mode():
    run_offline()
else:
    given = context.config.attributes.get("connection")
    if given is not None:
        run_online(given)
    else:
        with database.engine.connect() as opened:
            run_online(opened)
