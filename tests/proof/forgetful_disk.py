"""A disk that forgets: everything SQLite writes is noted, and what was not synced may be lost or torn.

SQLAlchemy drives it as it drives pysqlite, so that the application runs on it with the settings that it
makes for itself (tracker.db.prepare_engine). There is no shared memory here, so the one connection locks the
file for itself; it writes and syncs as any other does.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import apsw

SECTOR = 512
TORN = 0.05  # of the sectors that were not synced and are there are there by half

apilevel, threadsafety, paramstyle = "2.0", 1, "qmark"
sqlite_version = apsw.sqlite_lib_version()
sqlite_version_info = tuple(int(part) for part in sqlite_version.split("."))


class Error(Exception):
    """What SQLite refuses."""


DatabaseError = type("DatabaseError", (Error,), {})
OperationalError = type("OperationalError", (DatabaseError,), {})
ProgrammingError = type("ProgrammingError", (DatabaseError,), {})
IntegrityError = type("IntegrityError", (DatabaseError,), {})


class Step(NamedTuple):
    """One thing that was asked of the disk. data: of a write; at: its place, or the size of a truncation."""

    act: str
    path: str
    at: int = 0
    data: bytes = b""


class Disk(apsw.VFS):
    """Passes everything on to real files and notes it."""

    numbers = itertools.count()

    def __init__(self) -> None:
        self.disk_name = f"forgetful{next(self.numbers)}"
        self.steps: list[Step] = []
        super().__init__(self.disk_name, base="")

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:  # noqa: N802  (SQLite's name)
        return File(self, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        super().xDelete(filename, syncdir)
        self.steps.append(Step("delete", filename, int(syncdir)))


class File(apsw.VFSFile):
    """One file of it."""

    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:
        self.path = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        self.disk = disk
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        super().xWrite(data, offset)
        self.disk.steps.append(Step("write", self.path, offset, bytes(data)))

    def xTruncate(self, size: int) -> None:  # noqa: N802
        super().xTruncate(size)
        self.disk.steps.append(Step("truncate", self.path, size))

    def xSync(self, flags: int) -> None:  # noqa: N802
        self.disk.steps.append(Step("sync", self.path))


# ---- what SQLAlchemy asks of a driver ----


class Connection:
    """One connection through the disk that `using` named."""

    disk: Disk

    def __init__(self, path: str, **_: Any) -> None:
        self.isolation_level: str | None = None
        self.inner = apsw.Connection(path, vfs=self.disk.disk_name)
        self.inner.execute("PRAGMA locking_mode=EXCLUSIVE")

    def cursor(self) -> Cursor:
        return Cursor(self.inner)

    def commit(self) -> None:
        if self.inner.in_transaction:
            self.cursor().execute("COMMIT")

    def rollback(self) -> None:
        if self.inner.in_transaction:
            self.cursor().execute("ROLLBACK")

    def create_function(self, name: str, count: int, function: Any, deterministic: bool = False) -> None:
        self.inner.create_scalar_function(name, function, count, deterministic=deterministic)

    def close(self) -> None:
        self.inner.close()


class Cursor:
    """Runs a statement to its end and keeps what came of it."""

    arraysize = 1

    def __init__(self, inner: apsw.Connection) -> None:
        self.inner = inner
        self.description: Any = None
        self.rows: Iterator[Any] = iter(())
        self.rowcount, self.lastrowid = -1, 0

    def execute(self, statement: str, values: Sequence[Any] = ()) -> Cursor:
        cursor = self.inner.cursor()
        cursor.exec_trace = self._describe
        before = self.inner.total_changes()
        try:
            self.rows = iter(list(cursor.execute(statement, tuple(values))))
        except apsw.ConstraintError as error:
            raise IntegrityError(str(error)) from error
        except apsw.Error as error:
            raise OperationalError(str(error)) from error
        writes = not statement.lstrip().upper().startswith(("SELECT", "PRAGMA", "WITH"))
        self.rowcount = self.inner.total_changes() - before if writes else -1
        self.lastrowid = self.inner.last_insert_rowid()
        return self

    def executemany(self, statement: str, several: Sequence[Sequence[Any]]) -> Cursor:
        changed = sum(self.execute(statement, values).rowcount for values in several)
        self.rowcount = changed
        return self

    def _describe(self, cursor: apsw.Cursor, _statement: str, _values: Any) -> bool:
        self.description = [(one[0], *[None] * 6) for one in cursor.get_description()] or None
        return True

    def fetchone(self) -> Any:
        return next(self.rows, None)

    def fetchmany(self, size: int = 1) -> list[Any]:
        return list(itertools.islice(self.rows, size))

    def fetchall(self) -> list[Any]:
        return list(self.rows)

    def close(self) -> None:
        self.rows = iter(())


connect = Connection


# ---- the power goes ----


class Remains:
    """What lies on the disk for certain, and what was asked of it since and may be lost."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.certain = {path: bytearray(content) for path, content in files.items()}
        self.open: dict[str, list[Step]] = {}

    def take(self, step: Step) -> None:
        """One more step was taken before the power went."""
        waiting = self.open.setdefault(step.path, [])
        if step.act == "sync":
            content = self.certain.setdefault(step.path, bytearray())
            for one in waiting:
                _apply(content, one)
            waiting.clear()
        elif step.act == "delete" and step.at:  # with its folder synced
            self.certain.pop(step.path, None)
            waiting.clear()
        else:
            waiting.append(step)

    def lost(self, random: Random) -> dict[str, bytes]:
        """What is found afterwards: of what was not synced each sector is there, or not, or torn."""
        share = random.choice((0.0, 0.1, 0.5, 0.9, 1.0))
        found = {path: bytearray(content) for path, content in self.certain.items()}
        for path, waiting in self.open.items():
            for step in waiting:
                if step.act == "delete":
                    if random.random() < share:
                        found.pop(path, None)
                    continue
                content = found.setdefault(path, bytearray())
                for part in _sectors(step) if step.act == "write" else [step]:
                    if random.random() < share:
                        is_torn = part.act == "write" and random.random() < TORN
                        there = part.data[: len(part.data) // 2] if is_torn else part.data
                        _apply(content, part._replace(data=there))
        return {path: bytes(content) for path, content in found.items()}


def _sectors(step: Step) -> Iterator[Step]:
    """A write, cut where one sector ends and the next begins."""
    start, end = step.at, step.at + len(step.data)
    while start < end:
        stop = min(end, (start // SECTOR + 1) * SECTOR)
        yield step._replace(at=start, data=step.data[start - step.at : stop - step.at])
        start = stop


def _apply(content: bytearray, step: Step) -> None:
    if step.act == "truncate":
        del content[step.at :]
        return
    if len(content) < step.at:
        content.extend(bytes(step.at - len(content)))
    content[step.at : step.at + len(step.data)] = step.data


def put(files: dict[str, bytes], folder: Path) -> None:
    """Lay the files into a folder, under their names alone, and nothing else."""
    for old in folder.iterdir():
        old.unlink()
    for path, content in files.items():
        (folder / Path(path).name).write_bytes(content)
