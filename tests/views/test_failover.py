"""Two PostgreSQL servers in one address: the one that writes is found, whatever became of the other one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing

import flask_migrate
import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from tests.conftest import close_app, config_for, make_app
from tests.faults import Fragile, Standby
from tests.views.test_faults import PAGE, TYPED, fields_of, form_again, kept, signed_in, timed
from tracker import doctor, postgresql
from tracker.db import db
from tracker.rules.doctor import State

pytestmark = [
    pytest.mark.slow,  # left out of `make check`, which fits into a minute
    pytest.mark.parametrize("database", ["postgresql"], indirect=True),
]
BOTH_ASKED = postgresql.CONNECT + 1.5  # seconds: a silent one, then the other
AT_ONCE = 1.0


@pytest.fixture(scope="module")
def pair(database) -> Iterator[tuple[Fragile, Standby]]:
    """A server with the tables, and one that follows it."""
    first = Fragile()
    url = first.start()
    second = Standby(first)
    try:
        app = make_app(config_for(url.render_as_string(hide_password=False), first.folder))
        with app.app_context():
            flask_migrate.upgrade()
        close_app(app)
        second.start()
        yield first, second
        second.stop()
    finally:
        first.stop()


@pytest.fixture
def apps(tmp_path):
    """Makes applications on both servers, the one that is named first standing first in the address."""
    made = []
    postgresql._silent.clear()

    def make(*servers, target="read-write"):
        hosts = "&".join(f"host={server.folder}:5432" for server in servers)
        url = f"postgresql+psycopg://postgres@/postgres?{hosts}&target_session_attrs={target}"
        made.append(make_app(config_for(url, tmp_path)))
        return made[-1]

    yield make
    for app in made:
        close_app(app)
    postgresql._silent.clear()


def asked(app):
    """Which server answers an application, by its folder, and whether it only reads."""
    with app.app_context():
        where = db.session.scalar(text("SHOW unix_socket_directories"))
        reads = db.session.scalar(text("SHOW transaction_read_only"))
        db.session.remove()
        return where, reads


def standby_state(app):
    """What the doctor says of the server that would take over."""
    with app.app_context():
        found = {finding.id: finding.state for finding in doctor.look_at_database()}
        db.session.remove()
    return found["standby"]


def test_the_one_that_writes_is_found_behind_one_that_only_reads(pair, apps):
    first, second = pair
    assert asked(apps(second, first)) == (str(first.folder), "off")


def test_without_saying_which_the_one_that_only_reads_is_taken_of_which_the_doctor_warns(pair, apps):
    first, second = pair
    assert asked(apps(second, first, target="any")) == (str(second.folder), "on")


def test_one_that_is_down_costs_nothing(pair, apps):
    first, second = pair
    with second.stopped():
        found, seconds = timed(lambda: asked(apps(second, first)))
    assert found == (str(first.folder), "off")
    assert seconds < AT_ONCE + 1  # making the application is in it


def test_one_that_is_frozen_is_waited_for_once_and_not_with_each_connection(pair, apps):
    first, second = pair
    app = apps(second, first)
    with second.frozen():
        found, seconds = timed(lambda: asked(app))
        assert found == (str(first.folder), "off")
        assert postgresql.CONNECT <= seconds < BOTH_ASKED
        close_app(app)  # its pool is empty again
        found, seconds = timed(lambda: asked(app))
        assert found == (str(first.folder), "off")
        assert seconds < AT_ONCE


def test_where_none_writes_that_is_said_of_each(pair, apps):
    first, second = pair
    app = apps(first, second)
    with first.stopped(), pytest.raises(OperationalError) as caught:
        asked(app)
    said = str(caught.value)
    assert f"{first.folder}:5432: connection" in said
    assert f"{second.folder}:5432: " in said
    assert "read-only" in said


def test_two_frozen_ones_are_asked_once_and_then_left_alone_for_a_while(pair, apps):
    first, second = pair
    app = apps(first, second)
    with first.frozen(), second.frozen():
        for most in (2 * postgresql.CONNECT + 1.5, AT_ONCE):
            start = time.monotonic()
            with pytest.raises(OperationalError):
                asked(app)
            assert time.monotonic() - start < most


def test_hosts_and_ports_that_do_not_match_are_refused(pair):
    with pytest.raises(psycopg.OperationalError, match="3 hosts and 2 ports"):
        postgresql._servers({"host": "a,b,c", "port": "1,2"})
    assert [postgresql._server(one) for one in postgresql._servers({"host": "a,b", "port": 1})] == [
        "a:1",
        "b:1",
    ]


def test_a_server_that_comes_to_read_only_is_left_for_the_one_that_writes(pair, apps):
    first, _ = pair
    third = Fragile()
    third.start()
    app = apps(third, first)
    try:
        assert asked(app) == (str(third.folder), "off")
        address = f"host={third.folder} user=postgres dbname=postgres"
        with closing(psycopg.connect(address, autocommit=True)) as admin:
            admin.execute("ALTER SYSTEM SET default_transaction_read_only = on")
            admin.execute("SELECT pg_reload_conf()")
        time.sleep(0.2)
        with app.app_context():
            with pytest.raises(DBAPIError) as caught:
                db.session.execute(text("CREATE TABLE never (id int)"))
            db.session.rollback()
        assert caught.value.connection_invalidated
        assert asked(app) == (str(first.folder), "off")
    finally:
        third.stop()


def test_the_doctor_counts_servers_that_only_the_environment_names(pair, monkeypatch, tmp_path):
    first, second = pair
    for hosts, state in ((f"{first.folder}", State.GOOD), (f"{first.folder},{second.folder}", State.WARNED)):
        monkeypatch.setenv("PGHOST", hosts)
        app = make_app(config_for("postgresql+psycopg://postgres@/postgres", tmp_path))
        found = standby_state(app)
        close_app(app)
        assert found is state


def test_when_the_one_that_writes_is_gone_the_other_takes_over_and_what_was_typed_is_written_once(pair, apps):
    """The last test: afterwards both write, which Patroni would not let happen."""
    first, second = pair
    app = apps(first, second)
    assert standby_state(app) is State.WARNED
    second.waited_for()  # else what was acknowledged last, such as who is signed in, may be gone with it
    assert standby_state(app) is State.GOOD
    browser = signed_in(app)
    form = {**fields_of(browser), "text": TYPED}
    with first.frozen():
        sent, seconds = timed(lambda: browser.post(PAGE, data=form))
        assert sent.status_code == 503
        assert seconds <= 5
        second.promote()
        start = time.monotonic()
        while browser.get("/records").status_code == 503 and time.monotonic() - start < 10:
            time.sleep(0.1)
        assert asked(app) == (str(second.folder), "off")
        address, fields = form_again(sent)
        assert [browser.post(address, data=fields).status_code for _ in range(2)] == [303, 302]
        assert kept(app) == [TYPED]
