"""What is logged names nobody: no row, no parameter, no field that somebody typed."""

from __future__ import annotations

import contextlib
import json
import logging
import sqlite3
import traceback

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.conftest import LOGGED
from tests.maker import Maker
from tests.quiet_logs import named_by_server
from tracker.clock import now
from tracker.db import db
from tracker.models import Role
from tracker.services import jobs
from tracker.worker import run_one

NAME, NUMBER, TYPED = "欧阳澹台", "M-7391-X", "只在这里写过的话"
SAID = (NAME, NUMBER, TYPED)


def named(told):
    return [word for word in SAID if word in told or word.encode("unicode_escape").decode() in told]


def refused(statement, **values):
    """What a log would say of an error of the database."""
    with pytest.raises(DBAPIError) as caught, db.session.begin_nested():
        db.session.execute(text(statement), values)
    return "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("name", [NAME, None], ids=["there is one already", "a column lacks its value"])
def test_an_error_of_the_database_says_what_was_wrong_and_not_with_whom(make, name):
    make.member(number=NUMBER, name=NAME)
    told = refused(
        "INSERT INTO member (number, name, version, pinyin) VALUES (:number, :name, 1, '')",
        number=NUMBER, name=name,
    )  # fmt: skip
    assert "INSERT INTO member" in told
    assert named(told) == []


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_value_that_postgresql_cannot_read_is_not_quoted(make):
    told = refused("SELECT CAST(:name AS int)", name=NAME)
    assert "InvalidTextRepresentation" in told
    assert named(told) == []


def test_a_job_that_breaks_off_is_logged_without_what_it_worked_on(fresh_app, caplog, monkeypatch):
    def breaks(*_args):
        db.session.execute(
            text("INSERT INTO member (number, name) VALUES (:n, :m)"), {"n": NUMBER, "m": NAME}
        )

    monkeypatch.setattr("tracker.worker.run_task", breaks)
    with fresh_app.app_context():
        user = Maker().user(Role.OFFICE)
        jobs.queue_task("load_demo", {}, campaign=None, by=user, at=now())
        db.session.commit()
    with caplog.at_level(logging.DEBUG):
        assert run_one(fresh_app)
    assert "broke off" in caplog.text
    assert "member" in caplog.text
    assert named(caplog.text) == []


def test_a_page_that_breaks_is_logged_once_with_the_number_on_it_and_without_what_was_typed(
    client, make, caplog, monkeypatch
):
    def breaks(*_args, **_options):
        raise RuntimeError("broken on purpose")

    client.sign_in(make.user(Role.MEMBER, member=make.member(number=NUMBER, name=NAME)))
    monkeypatch.setattr("tracker.views.suggestions.add_suggestion", breaks)
    monkeypatch.setitem(client.application.config, "PROPAGATE_EXCEPTIONS", False)
    with caplog.at_level(logging.INFO):
        answer = client.submit("/suggestions/new", {"text": TYPED})
    assert answer.status_code == 500
    broken = [record for record in caplog.records if record.exc_info]
    assert len(broken) == 1
    assert "broken on purpose" in caplog.text
    number = answer.headers["X-Request-ID"]
    assert f"请把编号{number}告诉系统管理员" in answer.text
    assert f"request {number} broke off in suggestions.new" in broken[0].getMessage()
    assert named(caplog.text) == []


def test_a_wrong_password_is_logged_nowhere(client, make, caplog, quick_hashes):
    with caplog.at_level(logging.DEBUG, logger="tracker"):
        client.submit("/sign-in", {"login": NUMBER, "password": TYPED})
    assert named(caplog.text) == []


@pytest.mark.asvs("16.2.5")
def test_the_watch_over_all_tests_finds_whoever_is_named_and_what_they_wrote(make, tmp_path):
    member = make.member(number=NUMBER, name=NAME)
    record = make.record(make.campaign(), member=member, note=TYPED)
    for said in (f"job of {NAME} broke off", f"no row for {NUMBER}", f"note={TYPED!r}"):
        logging.getLogger("tracker.anywhere").info(said)
    logging.getLogger("tracker.anywhere").info("done", extra={"fields": {"member": NAME}})
    logging.getLogger("tracker.anywhere").info("record %s of member %s", record.id, member.id)
    found = LOGGED.named()
    LOGGED.clear()
    assert len(found) == 4


@pytest.mark.asvs("16.2.5")
def test_the_log_of_a_server_is_read_with_the_names_of_its_database(tmp_path):
    log, database = tmp_path / "server.log", tmp_path / "tracker.sqlite3"
    log.write_text(json.dumps({"says": f"signed in: {NAME}"}) + "\nstarted\n", "utf-8")
    assert named_by_server(log, database) == [], "there is no database yet"
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("CREATE TABLE member (name, number, phone)")
        connection.execute("INSERT INTO member VALUES (?, ?, NULL)", (NAME, NUMBER))
    assert len(named_by_server(log, database)) == 1
