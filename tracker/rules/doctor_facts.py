"""What the doctor looks at, read beforehand: the settings with their machine, and the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from config import Config


@dataclass(frozen=True, slots=True)
class Room:
    """How full the file system of a folder is, in bytes."""

    folder: Path
    free: int
    total: int


@dataclass(frozen=True, slots=True)
class Installation:
    """The settings, and what of the machine they lean on.

    root:     the program's folder.
    environ:  the variables by which PostgreSQL's library is told the rest (PGHOST, PGSSLMODE, …).
    mounts:   mount points and kinds of file system, None where the machine does not tell.
    readable: files of keys that others than their owner can read.
    exposed:  files of an SQLite ledger that others can read, in a folder that is open to them.
    rooms:    of the data folder and the folder for temporary files.
    """

    config: Config
    root: Path
    environ: Mapping[str, str] = field(default_factory=dict)
    mounts: tuple[tuple[str, str], ...] | None = ()
    readable: tuple[Path, ...] = ()
    exposed: tuple[Path, ...] = ()
    rooms: tuple[Room, ...] = ()

    @property
    def is_sqlite(self) -> bool:
        return self.config.database_url.startswith("sqlite:")

    @property
    def sqlite_path(self) -> Path | None:
        """The file of an SQLite ledger; None for PostgreSQL, or where it is kept in memory."""
        path = self.config.database_url.partition("?")[0].removeprefix("sqlite:///")
        return Path(path).absolute() if self.is_sqlite and path and ":" not in path else None


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the database says of itself.

    version:     of SQLite's library or of the server; `is_wal_safe` is False for a library with the WAL bug.
    settings:    SQLite's pragmas, or PostgreSQL's settings, as text by name.
    schema:      the revision that it has, None if it has none; `wanted` the one that this program needs.
    at:          the moment at which it was asked, and `newest` that of the newest event of the audit.
    backup_at:   of the last backup that gave an archive, if any; `is_late` if it is older than planned.
    rewrites:    whether an event of the audit could be changed or deleted by plain SQL.
    hosts:       how many servers the address names, one of which may take over from another.
    """

    dialect: str
    version: str
    is_wal_safe: bool
    settings: Mapping[str, str]
    schema: str | None
    wanted: str | None
    at: dt.datetime
    newest: dt.datetime | None
    rewrites: bool
    backup_at: dt.datetime | None = None
    is_late: bool = False
    hosts: int = 1
