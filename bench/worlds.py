"""Databases of known size for the lines, made once and kept outside of git.

`.bench/` holds one SQLite file for each size and one PostgreSQL cluster with a database for each. A name ends
in the head of the migrations and a digest of what makes the rows, so that a change of either makes it anew.
Whatever is written to is a copy. PostgreSQL runs as in earnest here: a commit waits for the disk.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import flask_migrate
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import URL, make_url

from bench import large_ledger
from bench.bare import connect_anew
from bench.large_ledger import Large, fill
from config import Config
from tests import databases
from tests.conftest import close_app, config_for, make_app
from tracker.db import db

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".bench"


@dataclass(frozen=True, slots=True)
class Size:
    """How large a bureau is."""

    records: int
    members: int = large_ledger.MEMBERS
    branches: int = large_ledger.BRANCHES
    waiting: int = 1_000  # rounded up to whole patterns

    @property
    def name(self) -> str:
        made = (ROOT / "bench" / "large_ledger.py").read_bytes() + schema_head().encode()
        digest = hashlib.sha256(made).hexdigest()[:8]
        return f"bench_{self.records}_{self.members}_{self.branches}_{self.waiting}_{digest}"


def schema_head() -> str:
    """The revision that the migrations end in."""
    return str(ScriptDirectory(str(ROOT / "migrations")).get_current_head())


class Kept(databases.Server):
    """PostgreSQL with its data in the cache, and every commit on the disk. The socket's folder is short."""

    def start(self) -> URL:
        self.data = CACHE / "postgresql"
        return super().start()

    def _start(self) -> None:
        CACHE.mkdir(exist_ok=True)
        if self.user is not None:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
            self._make_reachable(self.user)
        if not (self.data / "PG_VERSION").exists():
            shutil.rmtree(self.data, ignore_errors=True)
            self.data.mkdir(mode=0o700)
            if self.user is not None:
                os.chown(self.data, self.user.pw_uid, self.user.pw_gid)
            self._run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
                      "--locale=C.UTF-8")  # fmt: skip
        options = f"-c listen_addresses= -c unix_socket_directories={self.folder} -c max_connections=100"
        self._run(
            "pg_ctl", "-D", self.data, "-w", "-t", "120", "-l", self.folder / "log", "-o", options, "start"
        )

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


class Place:
    """One of the two databases, with its kept worlds and the copies of this run."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.folder = Path(tempfile.mkdtemp(prefix="tracker-bench-", dir=_beside()))
        self.backend: databases.Backend = databases.BACKENDS[name]()
        self.server: Kept | None = None
        self.seconds: dict[str, float] = {}

    def start(self) -> None:
        if isinstance(self.backend, databases.PostgreSQL):
            source = databases.postgres_source()
            if source is None:
                raise RuntimeError("There is no PostgreSQL here; choose --databases sqlite.")
            if source != databases.SERVER:
                self.server = Kept(Path(source))
                os.environ[databases.SERVER] = self.server.start().render_as_string(hide_password=False)
                databases.postgres_source.cache_clear()
        self.backend.start()

    def stop(self) -> None:
        self.backend.stop()
        if self.server is not None:
            self.server.stop()
            del os.environ[databases.SERVER]
            databases.postgres_source.cache_clear()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def version(self) -> str:
        """The library's or the server's version."""
        if isinstance(self.backend, databases.PostgreSQL):
            return str(self.backend.admin.info.server_version)
        from tracker.db import sqlite_module

        return str(sqlite_module().sqlite_version)

    def kept(self, size: Size) -> tuple[str, Large]:
        """The URL of a kept world, and what is in it; made where it is not there yet."""
        CACHE.mkdir(exist_ok=True)
        said = CACHE / f"{size.name}.{self.name}.json"
        url = self._url(size.name)
        if not said.exists():
            for older in CACHE.glob(f"{size.name.rpartition('_')[0]}_*.{self.name}.json"):
                self.backend.drop(self._url(older.name.partition(".")[0]))
                older.unlink()
            self._make(size, url, said)
        return url, Large(**json.loads(said.read_text(encoding="utf-8")))

    def _url(self, name: str) -> str:
        if isinstance(self.backend, databases.PostgreSQL):
            return self.backend.url.set(database=name).render_as_string(hide_password=False)
        return f"sqlite:///{CACHE / name}.sqlite3"

    def _make(self, size: Size, url: str, said: Path) -> None:
        if isinstance(self.backend, databases.PostgreSQL):
            self.backend.drop(url)
            self.backend.admin.execute(f'CREATE DATABASE "{size.name}" TEMPLATE template0'.encode())
        else:
            self.backend.drop(url)
        start = time.perf_counter()
        app = make_app(config_for(url, self.folder))
        with app.app_context():
            flask_migrate.upgrade()
            large = fill(size.records, members=size.members, branches=size.branches, waiting=size.waiting)
            db.session.remove()
        close_app(app)
        print(f"# {self.name}: made {size.name} in {time.perf_counter() - start:.0f} s", flush=True)
        said.write_text(json.dumps(asdict(large)), encoding="utf-8")

    @contextlib.contextmanager
    def copy(self, size: Size) -> Iterator[World]:
        """A copy of a kept world, gone at the end."""
        url, large = self.kept(size)
        if isinstance(self.backend, databases.PostgreSQL):
            copied = self.backend.create(url)
        else:
            path = self.folder / f"{size.name}-{time.monotonic_ns()}.sqlite3"
            shutil.copyfile(str(make_url(url).database), path)
            with path.open("rb+") as file:
                os.fsync(file.fileno())  # else the first commit of a line would wait for all of it
            copied = f"sqlite:///{path}"
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        config = config_for(copied, folder, environment="development")
        app = make_app(config)
        try:
            yield World(self, size, config, app, large, folder)
        finally:
            close_app(app)
            self.backend.drop(copied)


@dataclass(frozen=True, slots=True)
class World:
    """A bureau that a line may write to: an application of this process on it, and a folder."""

    place: Place
    size: Size
    config: Config
    app: Flask
    large: Large
    folder: Path

    def ask(self) -> Any:
        """A connection of the driver itself, as bare code would open it; the caller closes it."""
        return connect_anew(driver_url(self.config.database_url))


def driver_url(url: str) -> str:
    """The URL as PostgreSQL's own library reads it; of SQLite as it is."""
    if url.startswith("sqlite"):
        return url
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _beside() -> str:
    """Where copies lie: beside the kept worlds, so that the disk is the same one."""
    CACHE.mkdir(exist_ok=True)
    return str(CACHE)
