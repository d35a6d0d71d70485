"""What watches the machine is answered without a sign-in, in words that tell nothing of it or of people."""

from __future__ import annotations

import datetime as dt
import json
import logging
import time

import pytest
from sqlalchemy import event, text, update

from tests.canary_walk import shown
from tests.test_log_lines import request_lines
from tracker import doctor
from tracker.clock import now
from tracker.db import db
from tracker.models import Beat, Job, JobState, Role, UserSession
from tracker.rules.doctor import SILENT
from tracker.services import jobs
from tracker.services.heartbeats import note_beat
from tracker.views import watch

WORKER = pytest.mark.settings(jobs="worker")
WELL = {
    "ready": True, "database": "ok", "settings": "ok", "schema": "ok", "worker": "off", "folder": "ok",
}  # fmt: skip


def ready(client, status=200):
    answer = client.get("/readyz")
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/json"
    return json.loads(answer.text)


def break_connections(app):
    """From now on the database of a fresh application is away."""
    with app.app_context():
        engine = db.engine
        engine.dispose()

    @event.listens_for(engine, "checkout")
    def refuse(*_args):
        raise engine.dialect.loaded_dbapi.OperationalError("away on purpose, at 10.1.2.3")


def test_the_process_answers_without_database_cookie_or_line(client, make, caplog, statements):
    client.sign_in(make.office)
    caplog.set_level(logging.INFO, "tracker")
    with statements() as seen:
        answer = client.get("/healthz")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "ok\n", "text/plain")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert (seen, request_lines(caplog)) == ([], [])


def test_it_answers_whether_the_database_does_or_not(fresh_app):
    break_connections(fresh_app)
    client = fresh_app.test_client()
    assert client.get("/healthz").status_code == 200
    assert client.get("/help").status_code == 503


def test_ready_is_said_with_a_word_for_each_check_and_nothing_else(client, app, tmp_path, caplog):
    caplog.set_level(logging.INFO, "tracker")
    answer = client.get("/readyz")
    assert json.loads(answer.text) == WELL
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert not any(letter.isdigit() or letter in "/." for letter in answer.text), "no version, no path"
    assert request_lines(caplog) == []
    assert list(tmp_path.iterdir()) == [], "nothing is left in the folder"


def test_asking_writes_nothing_and_renews_no_session(client, make):
    user = make.office
    client.sign_in(user)
    db.session.execute(update(UserSession).values(seen_at=now() - dt.timedelta(minutes=20)))
    db.session.commit()
    before = db.session.execute(text("SELECT count(*), max(seen_at) FROM user_session")).one()
    for address in ("/healthz", "/readyz"):
        assert "Set-Cookie" not in client.get(address).headers
    assert db.session.execute(text("SELECT count(*), max(seen_at) FROM user_session")).one() == before
    assert db.session.scalar(text("SELECT count(*) FROM try_count")) == 0


def test_a_database_that_is_away_is_said_and_not_where_it_is(fresh_app, caplog):
    break_connections(fresh_app)
    caplog.set_level(logging.INFO, "tracker")
    answer = fresh_app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert json.loads(answer.text) == {
        **WELL, "ready": False, "database": "failed", "settings": "unknown", "schema": "unknown",
    }  # fmt: skip
    assert "10.1.2.3" not in answer.text
    assert request_lines(caplog)[-1].fields["refused"] == "not ready: database"


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_database_that_keeps_it_waiting_is_given_up_soon_and_the_connection_is_as_before(
    fresh_app, monkeypatch
):
    monkeypatch.setattr(watch, "PATIENCE", 0.2)
    with fresh_app.app_context(), db.engine.begin() as other:
        other.execute(text("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE"))
        began = time.monotonic()
        assert ready(fresh_app.test_client(), 503)["database"] == "failed"
        assert time.monotonic() - began < 3
    with fresh_app.app_context():
        assert db.session.scalar(text("SHOW statement_timeout")) == "10min"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_sqlite_waits_as_long_as_before_once_it_has_answered(fresh_app):
    assert ready(fresh_app.test_client()) == WELL
    with fresh_app.app_context():
        assert db.session.scalar(text("PRAGMA busy_timeout")) == 15000


def test_an_older_or_newer_schema_is_not_ready(client, app_context):
    db.session.execute(text("UPDATE alembic_version SET version_num = '0007'"))
    db.session.commit()
    assert ready(client, 503) == {**WELL, "ready": False, "schema": "failed"}


@WORKER
@pytest.mark.parametrize(("minutes", "status"), [(None, 503), (1, 200), (11, 503)])
def test_a_worker_that_is_expected_has_come_round_lately(client, app_context, minutes, status):
    if minutes is not None:
        note_beat(Beat.MINUTE, now() - dt.timedelta(minutes=60), is_well=True)
        note_beat(Beat.MINUTE, now() - dt.timedelta(minutes=minutes), is_well=False)
        note_beat(Beat.HOUR, now(), is_well=True)
    db.session.commit()
    assert ready(client, status)["worker"] == ("ok" if status == 200 else "failed")


@WORKER
def test_a_worker_that_is_at_long_work_counts_as_there_until_its_lease_ends(client, make):
    job = jobs.queue_task("load_demo", {}, campaign=None, by=make.user(Role.OFFICE), at=now())
    assert jobs.claim_job(now()) is not None
    db.session.commit()
    assert ready(client)["worker"] == "ok"
    db.session.execute(
        update(Job).where(Job.id == job.id).values(lease_until=now() - dt.timedelta(minutes=1))
    )
    db.session.commit()
    assert db.session.get_one(Job, job.id).state is JobState.RUNNING
    assert ready(client, 503)["worker"] == "failed"


def test_a_folder_that_takes_no_files_is_not_ready(client, app, tmp_path):
    tmp_path.rmdir()
    assert ready(client, 503) == {**WELL, "ready": False, "folder": "failed"}


def test_what_production_has_yet_to_look_at_is_not_ready_and_the_process_answers(app, client, monkeypatch):
    monkeypatch.setitem(app.extensions, doctor.PENDING, True)
    monkeypatch.setattr(doctor, "look_at_database", lambda: [SILENT])
    assert ready(client, 503) == {**WELL, "ready": False, "settings": "failed"}
    assert client.get("/healthz").status_code == 200
    monkeypatch.setattr(doctor, "look_at_database", list)
    assert ready(client) == WELL
    assert not app.extensions[doctor.PENDING]


def test_without_a_token_there_is_no_page_of_figures(client, make):
    nowhere = client.get("/nowhere")
    for sent in ({}, {"Authorization": "Bearer "}, {"Authorization": "Bearer x"}):
        answer = client.get("/metrics", headers=sent)
        assert (answer.status_code, shown(answer)) == (404, shown(nowhere))
    client.sign_in(make.user(Role.ADMINISTRATOR))
    assert client.get("/metrics").status_code == 404
