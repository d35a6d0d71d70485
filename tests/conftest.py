"""Fixtures. Whatever asks for a database runs once on each: the test's name says [sqlite] or [postgresql].

app        a migrated database in a transaction that is rolled back after the test; `make`, `client` and
           `session` belong to it. Nearly every test wants this.
fresh_app  a database of its own, with real commits: for two writers at once, for commands, for crashes.
           `fresh_url` is such a database without the application, `empty_url` one without a table.
"""

from __future__ import annotations

import datetime as dt
import gc
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import flask_migrate
import hypothesis
import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Engine

from config import Config
from tests import databases, quiet_logs
from tests.clients import Client
from tests.commits import hold_to_events
from tests.compiled import CompiledTemplates
from tracker import create_app
from tracker.db import close_connections, db

pytest_plugins = ["tests.summary", "tests.tried"]

# Two busy cores make any deadline a coin toss; in CI the same examples come each time.
hypothesis.settings.register_profile("tracker", deadline=None, derandomize=databases.is_ci())
hypothesis.settings.load_profile("tracker")

gc.set_threshold(20_000)  # as in wsgi.py: looking for waste at every 700 objects takes a tenth of the time

TODAY = dt.date(2021, 7, 31)
TEMPLATES = CompiledTemplates()  # a first page of a new application takes a second without it

# The sessions of a test join its outer transaction: their commit ends a savepoint. Engines do not heed this.
db.session.session_factory.configure(join_transaction_mode="create_savepoint")
hold_to_events()
LOGGED = quiet_logs.watch()


def config_for(url: str, data_dir: Path, **fields: Any) -> Config:
    """The settings of tests; `fields` override them."""
    settings = {
        "environment": "testing", "database_url": url, "secret_key": "only-for-tests-" * 4,
        "data_dir": data_dir, "today": TODAY, "jobs": "manual",
    }  # fmt: skip
    return Config(**{**settings, **fields})


def make_app(config: Config) -> Flask:
    """An application whose test client is ours."""
    app = create_app(config)
    app.test_client_class = Client
    app.jinja_env.bytecode_cache = TEMPLATES
    return app


def pytest_collection_finish() -> None:
    """What was imported stays: no collection has to look at it."""
    gc.freeze()


close_app = close_connections


@pytest.fixture(autouse=True)
def _quiet_logs() -> Iterator[None]:
    """Whatever a test does, what is logged names nobody of its people (ASVS 16.2.5)."""
    LOGGED.clear()
    yield
    assert LOGGED.named() == []


def _settings(request: pytest.FixtureRequest) -> dict[str, Any]:
    marker = request.node.get_closest_marker("settings")
    return dict(marker.kwargs) if marker else {}


@pytest.fixture(scope="session", params=databases.wanted())
def database(request: pytest.FixtureRequest) -> Iterator[databases.Backend]:
    """One of the databases, started."""
    backend = databases.BACKENDS[request.param]()
    try:
        backend.start()
    except RuntimeError as error:
        pytest.fail(str(error), pytrace=False)
    yield backend
    backend.stop()


@pytest.fixture(scope="session")
def template_url(database: databases.Backend, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database that the migrations made, from nothing; to be copied, never written to."""
    url = database.create()
    app = make_app(config_for(url, tmp_path_factory.mktemp("template")))
    with app.app_context():
        flask_migrate.upgrade()
    close_app(app)
    return url


@pytest.fixture(scope="session")
def database_url(database: databases.Backend, template_url: str) -> str:
    """The database whose tests are rolled back."""
    return database.create(template_url)


@pytest.fixture(scope="session")
def session_app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application behind `app`, made once: only its transaction is each test's own."""
    app = make_app(config_for(database_url, tmp_path_factory.mktemp("data")))
    yield app
    close_app(app)


@contextmanager
def rolled_back(app: Flask) -> Iterator[None]:
    """Let every session of `app` work on one connection, whose transaction is rolled back at the end."""
    with app.app_context():
        engines = db.engines
    kept = dict(engines)
    connections = {key: engine.connect() for key, engine in kept.items()}
    for connection in connections.values():
        connection.begin()
    engines.update(connections)  # type: ignore[arg-type]  # a session binds to a connection as to an engine
    try:
        yield
    finally:
        engines.update(kept)
        for connection in connections.values():
            connection.close()


@pytest.fixture
def app(session_app: Flask, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application on a migrated, empty database; whatever the test writes is rolled back.

    The mark `settings` overrides fields of the Config, as far as they are read at each request.
    """
    config = session_app.config["TRACKER"]
    session_app.config["TRACKER"] = replace(config, data_dir=tmp_path, **_settings(request))
    with rolled_back(session_app):
        yield session_app
    session_app.config["TRACKER"] = config


@pytest.fixture
def fresh_url(database: databases.Backend, template_url: str) -> Iterator[str]:
    """A migrated, empty database of this test's own."""
    url = database.create(template_url)
    yield url
    database.drop(url)


@pytest.fixture
def empty_url(database: databases.Backend) -> Iterator[str]:
    """A database without a table: for the tests of the migrations."""
    url = database.create()
    yield url
    database.drop(url)


@pytest.fixture
def fresh_app(fresh_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """An application on a database of its own, where commits are real and threads may meet."""
    app = make_app(config_for(fresh_url, tmp_path, **_settings(request)))
    yield app
    close_app(app)


@pytest.fixture
def app_context(app: Flask) -> Iterator[None]:
    """An application context held open for the test."""
    with app.app_context():
        yield


@pytest.fixture
def session(app_context: None) -> Any:
    """The database session of the test."""
    return db.session


@pytest.fixture
def make(app_context: None) -> Any:
    """Makes whatever a test needs, with a default for every argument."""
    from tests.maker import Maker

    return Maker()


@pytest.fixture
def client(app: Flask) -> Any:
    """A browser without its screen; nobody is signed in."""
    return app.test_client()


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Password hashes that cost little: a test signs in many times."""
    from argon2 import PasswordHasher

    from tracker.services import sessions, users

    quick = PasswordHasher(time_cost=2, memory_cost=1024, parallelism=1)
    monkeypatch.setattr(users, "HASHER", quick)
    monkeypatch.setattr(sessions, "HASHER", quick)
    users._nobody.cache_clear()
    yield
    users._nobody.cache_clear()


@pytest.fixture(params=["UTC", "Asia/Shanghai", "America/Los_Angeles"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The time zone that the process believes itself to be in."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def statements() -> Callable[[], AbstractContextManager[list[str]]]:
    """Counts SQL: `with statements() as seen: …` and then `len(seen)`; savepoints are left out."""

    @contextmanager
    def watch() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
                seen.append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(Engine, "before_cursor_execute", note)

    return watch
