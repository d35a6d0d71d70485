"""A database that goes away or a disk that is full: a page that says so, nothing typed is lost, and it comes
back by itself. tests/faults.py does it to a real PostgreSQL."""

from __future__ import annotations

import errno
import io
import os
import shutil
import sys
import threading
import time

import flask_migrate
import psycopg
import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import OperationalError

from tests import html
from tests.conftest import close_app, config_for, make_app
from tests.faults import Fragile, asked_for_the_lock
from tests.maker import Maker
from tracker import postgresql
from tracker.db import db
from tracker.models import Role, Suggestion

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

TYPED = "第一行　填两遍\n第二行 <b>“减负”</b>"
PAGE = "/suggestions/new"


def signed_in(app):
    """A browser of the office, whose errors become pages as in earnest."""
    with app.app_context():
        browser = app.test_client().sign_in(Maker().user(Role.OFFICE, login=os.urandom(6).hex()))
        db.session.commit()
    app.testing = False
    return browser


def timed(ask):
    """What was answered, and after how many seconds."""
    start = time.monotonic()
    answer = ask()
    return answer, time.monotonic() - start


def form_again(answer):
    """Address and fields of the form that the page of an error holds."""
    form = html.parse(answer.text).find(".//form[@id='send-again']")
    fields = {one.get("name"): one.get("value") for one in form.iter("input") if one.get("type") == "hidden"}
    return form.get("action"), fields


def kept(app):
    with app.app_context():
        return db.session.scalars(select(Suggestion.text)).all()


def says_wait(answer, status, words):
    assert answer.status_code == status
    assert int(answer.headers["Retry-After"]) > 0
    assert words in answer.text


ON_POSTGRESQL = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@pytest.fixture(scope="module")
def server(database):
    """A PostgreSQL that things happen to; `database` leaves its tests out where none is asked for."""
    fragile = Fragile()
    url = fragile.start()
    app = make_app(config_for(url.render_as_string(hide_password=False), fragile.folder))
    with app.app_context():
        flask_migrate.upgrade()
    close_app(app)
    yield fragile
    fragile.stop()


@pytest.fixture
def city(server, tmp_path):
    """An application on that server, with nothing left of an outage before."""
    postgresql._silent.clear()
    url = f"postgresql+psycopg://postgres@/postgres?host={server.folder}"
    app = make_app(config_for(url, tmp_path))
    yield app
    close_app(app)
    postgresql._silent.clear()


@ON_POSTGRESQL
@pytest.mark.tried("j2")
@pytest.mark.parametrize("fault", ["stopped", "killed", "frozen", "crowded"])
def test_a_postgresql_that_is_away_is_said_within_five_seconds_and_nothing_typed_is_lost(server, city, fault):
    browser = signed_in(city)
    form = {**fields_of(browser), "text": TYPED}
    before = len(kept(city))
    if fault == "crowded":  # the pool's own connections would go on
        close_app(city)
    with getattr(server, fault)():
        answer, seconds = timed(lambda: browser.get("/records"))
        says_wait(answer, 503, "没有响应")
        assert seconds <= 5
        sent, seconds = timed(lambda: browser.post(PAGE, data=form))
        says_wait(sent, 503, "没有响应")
        assert seconds <= 5
        assert browser.get("/static/css/base.css").status_code == 200
    back, seconds = timed(lambda: until_back(browser))
    assert back.status_code == 200
    assert seconds <= 10
    address, fields = form_again(sent)
    assert fields["text"] == TYPED
    assert [browser.post(address, data=fields).status_code for _ in range(2)] == [303, 302]
    assert kept(city)[before:] == [TYPED]


def fields_of(browser):
    """What the form of the page holds before anybody types."""
    form = html.parse(browser.get(PAGE).text).find(f".//form[@action='{PAGE}']")
    return {one.get("name"): one.get("value", "") for one in form.iter("input") if one.get("name")}


def until_back(browser):
    deadline = time.monotonic() + 10
    while (answer := browser.get("/records")).status_code == 503 and time.monotonic() < deadline:
        time.sleep(0.2)
    return answer


@ON_POSTGRESQL
def test_who_waits_in_the_middle_of_a_statement_is_let_go_too(server, city):
    raised = []

    def ask():
        with city.app_context():
            try:
                db.session.execute(text("SELECT pg_sleep(60)"))
            except OperationalError as error:
                raised.append(error)
            db.session.remove()

    with city.app_context():
        db.session.execute(text("SELECT 1"))
    waiting = threading.Thread(target=ask)
    waiting.start()
    time.sleep(0.5)
    with server.frozen():
        waiting.join(5)
        assert not waiting.is_alive()
    assert raised


@ON_POSTGRESQL
def test_what_is_only_slow_is_not_given_up(city):
    with city.app_context():
        assert db.session.scalar(text("SELECT count(*) FROM (SELECT pg_sleep(2.2)) AS slept")) == 1


@ON_POSTGRESQL
def test_each_connection_knows_how_long_to_wait(city):
    with city.app_context():
        shown = {
            name: db.session.scalar(text(f"SHOW {name}")) for name in ("lock_timeout", "statement_timeout")
        }
        assert shown == {"lock_timeout": "15s", "statement_timeout": "10min"}
        said = psycopg.conninfo.conninfo_to_dict(
            db.session.connection().connection.driver_connection.info.dsn
        )
        assert {
            "connect_timeout": "2",
            "keepalives_idle": "15",
            "tcp_user_timeout": "5000",
        }.items() <= said.items()
    assert "connect_timeout" not in postgresql.settings_for("postgresql+psycopg:///x?connect_timeout=9")


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    """A migrated SQLite file, to be copied."""
    folder = tmp_path_factory.mktemp("migrated")
    app = make_app(config_for(f"sqlite:///{folder}/ledger.sqlite3", folder))
    with app.app_context():
        flask_migrate.upgrade()
    close_app(app)
    return folder / "ledger.sqlite3"


@pytest.fixture
def bureau(migrated, tmp_path, monkeypatch):
    """An application on an SQLite file of its own, that waits a moment only for the lock."""
    monkeypatch.setattr(sys.modules["tracker.db"], "BUSY_TIMEOUT", 200)
    shutil.copyfile(migrated, tmp_path / "ledger.sqlite3")
    app = make_app(config_for(f"sqlite:///{tmp_path}/ledger.sqlite3", tmp_path))
    yield app
    close_app(app)


def test_a_locked_sqlite_is_said_while_reading_goes_on(bureau):
    browser = signed_in(bureau)
    form = {**fields_of(browser), "text": TYPED}
    with bureau.app_context():
        other = db.engine.raw_connection()
        other.cursor().execute("BEGIN IMMEDIATE")
        with asked_for_the_lock() as waits:
            sent = browser.post(PAGE, data=form)
        says_wait(sent, 503, "没有响应")
        assert len(waits) == 1, "each further one is another fifteen seconds"
        assert browser.get("/records").status_code == 200
        other.cursor().execute("ROLLBACK")
        other.close()
    address, fields = form_again(sent)
    assert browser.post(address, data=fields).status_code == 303
    assert kept(bureau) == [TYPED]


def test_a_full_disk_under_sqlite_is_said_while_reading_goes_on(bureau):
    """No real disk is filled: SQLite is told that its file may not grow, and raises what it raises then."""
    browser, full = signed_in(bureau), [True]
    form = {**fields_of(browser), "text": "很长" * 900}
    with bureau.app_context():
        engine = db.engine

        @event.listens_for(engine, "checkout")
        def limit(connection, _record, _proxy):
            pages = connection.execute("PRAGMA page_count").fetchone()[0] if full[0] else 2**30
            connection.execute(f"PRAGMA max_page_count={pages}")

    for _ in range(40):  # until the pages that are there are full
        sent = browser.post(PAGE, data={**form, "submission_key": os.urandom(12).hex()})
        if sent.status_code != 303:
            break
    says_wait(sent, 507, "空间")
    assert browser.get("/records").status_code == 200
    before = len(kept(bureau))
    full[0] = False
    address, fields = form_again(sent)
    assert browser.post(address, data=fields).status_code == 303
    assert len(kept(bureau)) == before + 1


def no_room(*_args, **_more):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_no_room_for_a_file_of_evidence_is_said_and_nothing_is_left_of_it(bureau, monkeypatch):
    """The write is made to fail as on a full disk."""
    with bureau.app_context():
        make = Maker()
        record = make.record(make.campaign(), member=make.member(), minutes=60)
        db.session.commit()
        address, data_dir = f"/records/{record.id}", bureau.config["TRACKER"].data_dir
    browser = signed_in(bureau)
    page = html.parse(browser.get(address).text)
    form = next(one for one in page.iter("form") if (one.get("action") or "").endswith("/evidence"))
    fields = {
        one.get("name"): one.get("value", "") for one in form.iter("input") if one.get("type") == "hidden"
    }
    picture = b"%PDF-1.4\n%%EOF\n"
    monkeypatch.setattr(os, "fsync", no_room)
    sent = browser.post(form.get("action"), data={**fields, "files": (io.BytesIO(picture), "a.pdf")})
    says_wait(sent, 507, "空间")
    assert not list((data_dir / "evidence").glob("*"))
    assert html.parse(sent.text).find(".//form[@id='send-again']//input[@type='file']") is not None
    monkeypatch.undo()


def test_no_room_for_temporary_files_is_said(bureau, monkeypatch):
    """Making the file into which a large part of a form is read is made to fail."""
    browser = signed_in(bureau)
    monkeypatch.setattr("flask.wrappers.Request._get_file_stream", no_room)
    data = {"file": (io.BytesIO(b"x"), "a.xlsx")}
    sent = browser.post("/batches", data=data, content_type="multipart/form-data")
    says_wait(sent, 507, "空间")
    assert browser.get("/records").status_code == 200


def test_a_password_is_never_written_into_the_page_of_an_error(bureau):
    browser = signed_in(bureau)
    with bureau.app_context():
        other = db.engine.raw_connection()
        other.cursor().execute("BEGIN IMMEDIATE")
        form = {
            **fields_of(browser),
            "current": "old-secret-words",
            "password": "new-secret-words",
            "again": "x",
        }
        sent = browser.post("/account/password", data=form)
        other.cursor().execute("ROLLBACK")
        other.close()
    assert sent.status_code == 503
    assert "secret-words" not in sent.text
    assert html.parse(sent.text).find(".//form[@id='send-again']") is None
