"""Long work whose worker is killed, whose file is old, that is asked for twice at once."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.maker import NOW, Maker
from tests.task_desk import Desk, makes_a_file
from tracker import worker
from tracker.db import db
from tracker.models import AuditEvent, Campaign, Job, JobState
from tracker.rules.refusal import Refused
from tracker.services import job_files, jobs
from tracker.worker.tasks import TASKS

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

ROOT = Path(__file__).parents[2]


@pytest.fixture
def desk(fresh_app, monkeypatch):
    return Desk(fresh_app, monkeypatch)


# What a worker process does that dies with its file on the disk and its row not committed.
DIES = """
import os
from config import load_config
from tracker import create_app, worker
from tracker.services import jobs
from tracker.services.jobs import Given
from tracker.worker.tasks import TASKS

def dies(run):
    with run.file(".txt") as part:
        part.write_text("全部")
        if run.arguments["when"] == "half":
            os._exit(9)
    os._exit(9)

TASKS["count"] = dies
worker.run_one(create_app(load_config()))
"""


@pytest.mark.parametrize("when", ["half", "whole"])
def test_a_killed_worker_leaves_no_file_that_is_shown_and_the_work_is_done_again(desk, when, monkeypatch):
    job_id = desk.ask(makes_a_file, when=when)
    config = desk.app.config["TRACKER"]
    environ = {
        **os.environ, "TRACKER_DATABASE_URL": config.database_url, "TRACKER_DATA_DIR": str(config.data_dir),
        "TRACKER_JOBS": "manual", "TRACKER_ENVIRONMENT": "testing", "TRACKER_SECRET_KEY": config.secret_key,
    }  # fmt: skip
    killed = subprocess.run([sys.executable, "-c", DIES], cwd=ROOT, env=environ, check=False)
    assert killed.returncode == 9
    assert len(desk.files()) == 1
    job = desk.row(job_id)
    assert (job.state, job.path) == (JobState.RUNNING, None)
    desk.work()
    assert desk.row(job_id).state is JobState.RUNNING  # its lease still runs
    soon = worker.clock.now() + jobs.LEASE + dt.timedelta(seconds=1)
    monkeypatch.setattr("tracker.clock.now", lambda: soon)
    desk.work()
    job = desk.row(job_id)
    assert (job.state, job.attempts) == (JobState.DONE, 2)
    assert len(desk.files()) == 2  # the dead one's too, until it is old
    monkeypatch.setattr("tracker.clock.now", lambda: soon + dt.timedelta(days=2))
    assert worker.sweep_files(desk.app) == 1
    assert [f"jobs/{name}" for name in desk.files()] == [job.path]


def test_a_file_is_deleted_when_its_days_are_over(desk, monkeypatch):
    job_id = desk.ask(makes_a_file)
    desk.work()
    finished = desk.row(job_id).finished_at
    assert finished is not None
    assert worker.sweep_files(desk.app) == 0
    over = finished + job_files.KEPT_FOR + dt.timedelta(seconds=1)
    monkeypatch.setattr("tracker.clock.now", lambda: over)
    assert worker.sweep_files(desk.app) == 1
    job = desk.row(job_id)
    assert (job.path, job.result, desk.files()) == (None, {"filename": "全部.txt"}, [])
    with desk.here():
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "job:drop")).one()
        assert (event.actor_id, event.subject_id) == (None, job_id)


def test_what_lay_beside_a_file_that_a_killed_worker_made_is_swept_away(desk, monkeypatch):
    beside = desk.data_dir / "jobs" / "7-abc.part-xyz"
    beside.mkdir(parents=True)
    (beside / "ledger.xlsx").write_bytes(b"PK")
    assert worker.sweep_files(desk.app) == 0
    later = worker.clock.now() + dt.timedelta(days=2)
    monkeypatch.setattr("tracker.clock.now", lambda: later)
    assert worker.sweep_files(desk.app) == 1
    assert desk.files() == []


def test_a_file_of_an_import_is_swept_away_once_no_row_names_it(desk, monkeypatch):
    folder = desk.data_dir / "uploads"
    folder.mkdir(exist_ok=True)
    for name in ("named.xlsx", "left.xlsx"):
        (folder / name).write_bytes(b"PK")
    with desk.here():
        Maker().batch().path = "uploads/named.xlsx"
        db.session.commit()
    assert worker.sweep_files(desk.app) == 0  # a transaction that names it may still be open
    later = worker.clock.now() + dt.timedelta(days=2)
    monkeypatch.setattr("tracker.clock.now", lambda: later)
    assert worker.sweep_files(desk.app) == 1
    assert [path.name for path in folder.iterdir()] == ["named.xlsx"]


def test_a_file_is_deleted_before_its_time_only_if_that_is_committed(desk):
    job_id = desk.ask(makes_a_file)
    desk.work()
    with desk.app.app_context():
        job = db.session.get_one(Job, job_id)
        job_files.drop_file(job, data_dir=desk.data_dir, by=job.asked_by, at=NOW)
        db.session.rollback()
    assert len(desk.files()) == 1
    with desk.here():
        job = db.session.get_one(Job, job_id)
        job_files.drop_file(job, data_dir=desk.data_dir, by=job.asked_by, at=NOW)
        with pytest.raises(Refused, match="faster"):
            job_files.drop_file(job, data_dir=desk.data_dir, by=job.asked_by, at=NOW)
    assert desk.files() == []


def test_two_clicks_at_once_ask_once(desk):
    desk.patch.setitem(TASKS, "count", makes_a_file)
    together = threading.Barrier(2)
    ids: list[int] = []

    def click() -> None:
        together.wait()
        ids.append(desk.ask(makes_a_file, day="2021-06-26"))

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 2
    assert len(set(ids)) == 1
    with desk.here():
        assert len(db.session.scalars(select(Job)).all()) == 1
        assert db.session.scalars(select(Campaign)).all() == []
