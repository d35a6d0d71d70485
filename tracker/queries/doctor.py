"""What the database says of itself to the doctor. Nothing here takes a lock, and nobody's row is read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from alembic.script import ScriptDirectory
from psycopg.pq import Conninfo
from sqlalchemy import func, inspect, select, text
from sqlalchemy.engine import Connection

from tracker.db import WAL_SAFE_FROM, db
from tracker.models import AuditEvent, Backup
from tracker.queries.backups import last_good
from tracker.rules.backups import is_late
from tracker.rules.doctor_facts import Ledger

AUDIT = AuditEvent.__tablename__
PRAGMAS = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "trusted_schema", "mmap_size")
SETTINGS = ("fsync", "synchronous_commit", "full_page_writes", "is_superuser", "synchronous_standby_names")


def read_ledger(migrations: Path, at: dt.datetime, every: dt.timedelta) -> Ledger:
    """How the database is set up for a connection as the tracker opens it.

    migrations: the folder that says which schema this program needs.
    every:      how often backups are planned.
    Raises      sqlalchemy.exc.DBAPIError if the database does not answer.
    """
    connection = db.session.connection(execution_options={"read_only": True})
    dialect = connection.dialect
    is_sqlite = dialect.name == "sqlite"
    version = dialect.server_version_info or ()
    tables = set(inspect(connection).get_table_names())
    has_audit = AUDIT in tables
    backup = last_good() if Backup.__tablename__ in tables else None
    backup_at = backup.started_at if backup else None
    return Ledger(
        dialect=dialect.name,
        version=".".join(map(str, version)),
        is_wal_safe=not is_sqlite or tuple(version) >= WAL_SAFE_FROM,
        settings=_pragmas(connection) if is_sqlite else _settings(connection),
        schema=_schema(connection) if "alembic_version" in tables else None,
        wanted=ScriptDirectory(str(migrations)).get_current_head(),
        at=at,
        newest=db.session.scalar(select(func.max(AuditEvent.at))) if has_audit else None,
        backup_at=backup_at,
        is_late=is_late(backup_at, every=every, at=at),
        rewrites=has_audit and _rewrites(connection, is_sqlite),
        hosts=_hosts(connection),
    )


def _schema(connection: Connection) -> str | None:
    revisions = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    return ", ".join(sorted(map(str, revisions))) or None


def _pragmas(connection: Connection) -> dict[str, str]:
    values = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in PRAGMAS}
    return {name: str(value).lower() for name, value in values.items() if value is not None}


def _settings(connection: Connection) -> dict[str, str]:
    values = select(*(func.current_setting(name).label(name) for name in SETTINGS))
    return {name: str(value) for name, value in connection.execute(values).mappings().one().items()}


def _hosts(connection: Connection) -> int:
    """How many servers are named: by the address, or else (PGHOST, a service file) by libpq's defaults."""
    url = connection.engine.url
    named = url.query.get("host") or url.host or ()
    said = ",".join([named] if isinstance(named, str) else named)
    if not said and connection.dialect.name == "postgresql":
        defaults = Conninfo.get_defaults()
        said = next((one.val or b"" for one in defaults if one.keyword == b"host"), b"").decode()
    return 1 + said.count(",")


def _rewrites(connection: Connection, is_sqlite: bool) -> bool:
    """Whether neither a trigger nor a missing right keeps plain SQL from changing or deleting an event."""
    if is_sqlite:
        triggers = connection.execute(
            text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"),
            {"table": AUDIT},
        ).scalars()
        found = " ".join(str(sql).upper() for sql in triggers)
        return not all(f"BEFORE {act}" in found for act in ("UPDATE", "DELETE"))
    # Of tgtype, bit 3 stands for DELETE and bit 4 for UPDATE; tgenabled is D for a trigger that is off.
    guarded, may = connection.execute(
        text(
            "SELECT coalesce(bit_or(tgtype::int) & 24 = 24, false), "
            "has_table_privilege(:table, 'UPDATE') OR has_table_privilege(:table, 'DELETE') "
            "FROM pg_trigger WHERE tgrelid = CAST(:table AS regclass) "
            "AND NOT tgisinternal AND tgenabled <> 'D'"
        ),
        {"table": AUDIT},
    ).one()
    return bool(may) and not guarded
