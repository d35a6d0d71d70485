"""Tables that many rows go into at once have no indexes meanwhile; each is made anew by one sorting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

# Indexes that stand by themselves; those that belong to a constraint stay.
SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :name AND sql IS NOT NULL"
POSTGRESQL = """
SELECT indexname, indexdef FROM pg_indexes WHERE tablename = :name AND schemaname = 'public'
AND indexname NOT IN (SELECT conname FROM pg_constraint)
"""


@contextmanager
def loose(connection: Connection, *tables: str) -> Iterator[None]:
    """Within, the tables have no indexes but those of their constraints; PostgreSQL checks no references."""
    is_postgresql = connection.dialect.name == "postgresql"
    found = [
        row
        for table in tables
        for row in connection.execute(text(POSTGRESQL if is_postgresql else SQLITE), {"name": table}).all()
    ]
    for name, _ in found:
        connection.execute(text(f'DROP INDEX "{name}"'))
    if is_postgresql:
        connection.execute(text("SET LOCAL session_replication_role = 'replica'"))
    yield
    if is_postgresql:
        connection.execute(text("SET LOCAL session_replication_role = 'origin'"))
        connection.execute(text("SET LOCAL maintenance_work_mem = '1GB'"))
    for _, made in found:
        connection.execute(text(made))
    for table in tables:
        connection.execute(text(f"ANALYZE {table}"))  # else PostgreSQL joins as if they were empty still
