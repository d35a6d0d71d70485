"""The page of one's own long work: how far, what came of it, its file; nobody else's is there."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests import html
from tests.canary_jobs import a_job
from tests.maker import NOW
from tracker.access import Permission
from tracker.db import db
from tracker.models import AuditEvent, JobState, Role
from tracker.services.jobs import CHANGED
from tracker.views import job_words
from tracker.views.job_words import TaskWords

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

WORDS = TaskWords(
    "Ledger",
    Permission.BATCH_WRITE,
    ("records.index", "Ledger"),
    said=lambda job: [("Rows", str(job.result))],
)


@pytest.fixture
def office(make, client, monkeypatch):
    monkeypatch.setitem(job_words.TASKS, "count", WORDS)
    user = make.user(Role.OFFICE)
    client.sign_in(user)
    return user


def finished(office, app, **fields):
    """Work that is done, with its file."""
    folder = app.config["TRACKER"].data_dir / "jobs"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "1-a.zip").write_bytes(b"PK")
    given = {"result": {"filename": "汇总.zip"}, "path": "jobs/1-a.zip", "finished_at": NOW}
    return a_job(None, office, "count", state=JobState.DONE, **{**given, **fields})


def test_it_shows_how_far_it_is_and_can_be_stopped(client, office):
    job = a_job(None, office, "count", state=JobState.RUNNING, done=30, total=200)
    page = client.page(f"/jobs/{job.id}")
    assert "30/200" in html.text_of(page).replace(" ", "") or "30" in html.text_of(page)
    part = client.get(f"/jobs/{job.id}/progress")
    assert 'value="15"' in part.text
    assert "HX-Refresh" not in part.headers
    answer = client.submit(f"/jobs/{job.id}", action=f"/jobs/{job.id}/cancel")
    assert (answer.status_code, answer.location) == (303, f"/jobs/{job.id}")
    db.session.refresh(job)
    assert job.state is JobState.CANCELLED
    assert client.get(f"/jobs/{job.id}/progress").headers["HX-Refresh"] == "true"
    client.page(f"/jobs/{job.id}")


def test_what_is_over_cannot_be_stopped_any_more(client, office):
    job = a_job(None, office, "count", state=JobState.RUNNING)
    page = client.page(f"/jobs/{job.id}")
    fields = html.hidden_fields(page, f"/jobs/{job.id}/cancel")
    job.state, job.result, job.finished_at = JobState.DONE, {}, NOW
    db.session.commit()
    assert client.post(f"/jobs/{job.id}/cancel", data=fields).status_code == 409


def test_its_file_is_saved_under_its_chinese_name_and_that_stands_in_the_audit(client, office, app):
    job = finished(office, app)
    answer = client.submit(f"/jobs/{job.id}", action=f"/jobs/{job.id}/file")
    assert (answer.status_code, answer.data) == (200, b"PK")
    assert "%E6%B1%87%E6%80%BB.zip" in answer.headers["Content-Disposition"]
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "job:read")).one()
    assert (event.subject_id, event.actor_id) == (job.id, office.id)


def test_a_file_that_is_gone_is_said_in_words(client, office, app):
    job = finished(office, app)
    page = client.page(f"/jobs/{job.id}")
    (app.config["TRACKER"].data_dir / "jobs/1-a.zip").unlink()
    answer = client.post(f"/jobs/{job.id}/file", data=html.hidden_fields(page, f"/jobs/{job.id}/file"))
    assert answer.status_code == 422
    assert "已不再保存" in answer.text


def test_its_file_is_deleted_before_its_time(client, office, app):
    job = finished(office, app)
    page = client.page(f"/jobs/{job.id}")
    fields = html.hidden_fields(page, f"/jobs/{job.id}/drop")
    assert client.post(f"/jobs/{job.id}/drop", data=fields).status_code == 303
    db.session.refresh(job)
    assert job.path is None
    assert "已不再保存" in html.text_of(client.page(f"/jobs/{job.id}"))


def test_what_was_refused_is_said(client, office):
    job = a_job(None, office, "count", state=JobState.FAILED, error={"msgid": CHANGED, "params": {}})
    assert "被别人抢先" in html.text_of(client.page(f"/jobs/{job.id}")) or client.page(f"/jobs/{job.id}")


@pytest.mark.parametrize("act", ["", "/progress"])
def test_work_of_somebody_else_an_import_and_an_unknown_sort_are_not_there(client, office, make, act):
    theirs = a_job(None, make.user(Role.OFFICE), "count")
    of_import = a_job(None, office, "check", batch_id=make.batch().id)
    unknown = a_job(None, office, "nothing of the sort")
    for job in (theirs, of_import, unknown):
        assert client.get(f"/jobs/{job.id}{act}").status_code == 404
    assert client.get(f"/jobs/987654321{act}").status_code == 404


@pytest.mark.parametrize("act", ["cancel", "file", "drop"])
def test_nobody_acts_on_work_of_somebody_else(client, office, make, app, act):
    theirs = finished(make.user(Role.OFFICE), app)
    fields = html.hidden_fields(client.page("/help"))
    assert client.post(f"/jobs/{theirs.id}/{act}", data=fields).status_code == 404
    db.session.refresh(theirs)
    assert theirs.path is not None


def test_who_may_no_longer_ask_for_it_sees_it_no_more(client, make, monkeypatch):
    monkeypatch.setitem(job_words.TASKS, "count", WORDS)
    user = make.user(Role.AUDITOR)
    client.sign_in(user)
    assert client.get(f"/jobs/{a_job(None, user, 'count').id}").status_code == 404


def test_the_audit_names_the_work_and_not_an_import(client, office):
    job = a_job(None, office, "count")
    fields = html.hidden_fields(client.page(f"/jobs/{job.id}"), f"/jobs/{job.id}/cancel")
    client.post(f"/jobs/{job.id}/cancel", data=fields)
    assert f"第{job.id}" in html.text_of(client.page("/audit")).replace(" ", "")
