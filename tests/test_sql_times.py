"""How long SQL takes stands in the log, statement by statement where it is slow, and no value ever does."""

from __future__ import annotations

import json
import logging

import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from tests.canary_walk import quick
from tests.maker import Maker
from tests.test_access import MEMBER, OFFICE, peopled
from tests.test_log_lines import line_of, request_lines
from tests.world import address_of, rules
from tracker import logs
from tracker.clock import now
from tracker.db import db
from tracker.models import Role
from tracker.models.audit import QUIET
from tracker.services import jobs
from tracker.sql_times import LONGEST, sql_times, text_of
from tracker.worker import run_one
from tracker.worker.rounds import all_of

EVERY = pytest.mark.settings(slow_sql_ms=0)
NONE = pytest.mark.settings(slow_sql_ms=600_000)


def slow_lines(caplog):
    return [record for record in caplog.records if record.name == "tracker.sql_times"]


@NONE
def test_the_line_of_a_request_says_how_many_statements_it_made_and_how_long_they_took(
    client, make, caplog, statements
):
    client.sign_in(make.office)
    caplog.set_level(logging.INFO, "tracker")
    with statements() as seen:
        client.page("/records")
    fields = request_lines(caplog)[-1].fields
    assert fields["statements"] >= len(seen) > 3
    assert 0 <= fields["sql_ms"] <= fields["ms"] + 1
    assert slow_lines(caplog) == []
    assert sql_times().count < fields["statements"] + 50, "each request begins at none"


@EVERY
def test_a_slow_statement_is_a_line_with_the_page_that_caused_it_and_without_its_values(client, make, caplog):
    client.sign_in(make.office)
    caplog.set_level(logging.INFO, "tracker")
    client.page("/records?q=欧阳澹台")
    (request,) = request_lines(caplog)
    lines = [record.fields for record in slow_lines(caplog)]
    assert [one["statements"] for one in lines] == list(range(1, request.fields["statements"] + 1))
    assert any(one["sql"].startswith("SELECT") and "FROM record" in one["sql"] for one in lines)
    assert "欧阳澹台" not in str([record.__dict__ for record in caplog.records])


@EVERY
def test_a_slow_line_has_number_endpoint_and_account_as_the_request_has(app, caplog, monkeypatch):
    told = []
    monkeypatch.setattr("tracker.sql_times.log.warning", lambda *args, **_: told.append(line_of(*args)))
    with app.test_request_context("/help"):
        logs.begin()
        db.session.execute(text("SELECT 1"))
    line = json.loads(told[-1])
    assert (line["endpoint"], line["method"], line["says"][:8]) == ("help.show", "GET", "slow SQL")
    assert len(line["request"]) == 11


@EVERY
def test_slow_work_of_the_worker_is_said_with_its_sort(fresh_app, caplog, monkeypatch):
    told = []

    def note(said, _ms, extra):
        told.append(logs.about() | extra["fields"])

    def works(*_args):
        db.session.execute(text("SELECT 2"))

    def comes_round(app):
        with app.app_context():
            db.session.execute(text("SELECT 3"))
            db.session.remove()

    monkeypatch.setattr("tracker.sql_times.log.warning", note)
    monkeypatch.setattr("tracker.worker.run_task", works)
    with fresh_app.app_context():
        jobs.queue_task("load_demo", {}, campaign=None, by=Maker().user(Role.OFFICE), at=now())
        db.session.commit()
    assert told == [], "neither a page nor the worker"
    assert run_one(fresh_app)
    all_of(fresh_app, [comes_round])
    tasks = {one["sql"]: one["task"] for one in told}
    assert (tasks["SELECT 2"], tasks["SELECT 3"]) == ("load_demo", "comes_round")
    assert logs.task() is None


@EVERY
def test_a_statement_that_the_database_refuses_is_counted_and_said(app, make, caplog):
    with app.test_request_context("/help"):
        before = sql_times().count
        with pytest.raises(DBAPIError), db.session.begin_nested():
            db.session.execute(text("SELECT nothing FROM nowhere WHERE name = :name"), {"name": "欧阳澹台"})
        assert sql_times().count >= before + 1
    assert any("FROM nowhere" in record.fields["sql"] for record in slow_lines(caplog))
    assert "欧阳澹台" not in caplog.text


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("SELECT a\n  FROM b\tWHERE c = ?", "SELECT a FROM b WHERE c = ?"),
        ("SELECT 'Wang', 'O''Brien' FROM b", "SELECT '…', '…' FROM b"),
        ("SELECT 'never ended", "SELECT '…'"),
        ("SELECT ''", "SELECT '…'"),
        ("x" * (LONGEST + 1), "x" * LONGEST + " …"),
    ],
)
def test_a_statement_stands_on_one_line_without_what_is_between_quotes(statement, said):
    assert text_of(statement) == said


@pytest.mark.slow
@pytest.mark.on_postgresql_as(OFFICE)
@pytest.mark.parametrize("who", [OFFICE, MEMBER])
def test_no_statement_of_any_page_is_written_with_a_value_in_it(app, make, who):
    """Not only in the log: what reaches the database has placeholders, page by page."""
    world = peopled(make)
    client = quick(app).sign_in(world.users[who])
    seen: dict[str, str] = {}
    asked = [""]

    def note(_connection, _cursor, statement, *_rest):
        seen.setdefault(statement, asked[0])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        for rule in rules(app):
            if "GET" in rule.methods:
                asked[0] = rule.endpoint
                client.get(address_of(app, rule, world.values))
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len(seen) > 100
    assert {where for statement, where in seen.items() if not statement.isascii()} == set()
    quoted = {part for one in seen for part in one.split("'")[1::2]}
    assert quoted <= {"%Y", "%m", *QUIET}, "constants of the code alone"
