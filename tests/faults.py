"""A PostgreSQL that is stopped, killed, frozen or full of connections, and comes back."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import event
from sqlalchemy.engine import Engine

from tests.databases import Server, postgres_source


class Fragile(Server):
    """A throw-away server of one test's own, that things happen to."""

    commits_wait = "on"  # what was committed before a kill is there after it

    def __init__(self) -> None:
        source = postgres_source()
        assert source is not None
        super().__init__(Path(source))

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def processes(self) -> list[int]:
        """The postmaster and its children."""
        first = int((self.data / "postmaster.pid").read_text(encoding="ascii").split()[0])
        found = [first]
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if (
                    entry.name.isdigit()
                    and int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1]) == first
                ):
                    found.append(int(entry.name))
        return found

    def signal(self, what: signal.Signals) -> None:
        """Send a signal to all of them."""
        for process in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, what)

    def up(self) -> None:
        """Start it again."""
        self._run("pg_ctl", "-D", self.data, "-w", "-t", "60", "-l", self.folder / "log", "start")

    @contextlib.contextmanager
    def stopped(self) -> Iterator[None]:
        self._run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop")
        try:
            yield
        finally:
            self.up()

    @contextlib.contextmanager
    def killed(self) -> Iterator[None]:
        self.signal(signal.SIGKILL)
        for left in (self.data / "postmaster.pid", self.folder / ".s.PGSQL.5432.lock"):
            left.unlink(missing_ok=True)  # whoever adopted the dead process may not have buried it yet
        try:
            yield
        finally:
            self.up()

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        self.signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.signal(signal.SIGCONT)

    @contextlib.contextmanager
    def crowded(self) -> Iterator[None]:
        """Somebody else holds every connection that there is."""
        held: list[psycopg.Connection] = []
        try:
            with contextlib.suppress(psycopg.OperationalError):
                while True:
                    held.append(psycopg.connect(f"host={self.folder} user=postgres dbname=postgres"))
            yield
        finally:
            for connection in held:
                connection.close()


@contextlib.contextmanager
def asked_for_the_lock() -> Iterator[list[Any]]:
    """Transactions that ask for SQLite's one lock."""
    waits: list[Any] = []

    def note(connection: Any) -> None:
        if not connection.get_execution_options().get("read_only"):
            waits.append(connection)

    event.listen(Engine, "begin", note)
    try:
        yield waits
    finally:
        event.remove(Engine, "begin", note)


class Standby(Fragile):
    """A copy of another server that follows it and only reads, until it is promoted."""

    def __init__(self, first: Fragile) -> None:
        super().__init__()
        self.first = first

    def _make(self) -> None:
        self._run("pg_basebackup", "-h", self.first.folder, "-U", "postgres", "-D", self.data, "-R",
                  "-c", "fast")  # fmt: skip

    def waited_for(self) -> None:
        """From now on the first one answers a commit only when this one has it."""
        address = f"host={self.first.folder} user=postgres dbname=postgres"
        with contextlib.closing(psycopg.connect(address, autocommit=True)) as admin:
            admin.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
            admin.execute("SELECT pg_reload_conf()")
            until = time.monotonic() + 60
            while admin.execute("SELECT sync_state FROM pg_stat_replication").fetchall() != [("sync",)]:
                assert time.monotonic() < until, "the standby is not followed"
                time.sleep(0.05)

    def promote(self) -> None:
        """Let it write from now on."""
        self._run("pg_ctl", "-D", self.data, "-w", "-t", "60", "promote")
