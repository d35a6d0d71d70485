"""Long work in the worker: its rows and its file stand at once or not at all."""

from __future__ import annotations

import errno
import threading

import pytest
from sqlalchemy import select

from tests.maker import NOW
from tests.task_desk import Desk, makes_a_file, write
from tracker.db import db
from tracker.models import Job, JobState, Suggestion
from tracker.rules.refusal import N_, Refused
from tracker.services import jobs
from tracker.services.jobs import Given
from tracker.worker.runs import NO_ROOM, UNKNOWN_TASK, Run
from tracker.worker.tasks import TASKS

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture
def desk(fresh_app, monkeypatch):
    return Desk(fresh_app, monkeypatch)


def test_a_task_leaves_its_file_its_rows_and_its_result_at_once(desk):
    job_id = desk.ask(makes_a_file)
    desk.work()
    job = desk.row(job_id)
    assert (job.state, job.result) == (JobState.DONE, {"filename": "全部.txt"})
    assert (desk.data_dir / str(job.path)).read_text(encoding="utf-8") == "全部"
    assert desk.suggestions() == ["写下了"]
    assert (desk.data_dir / str(job.path)).stat().st_mode & 0o077 == 0


def test_what_a_task_reads_is_of_one_moment_though_others_write_and_it_reports(desk, monkeypatch):
    monkeypatch.setattr("tracker.worker.runs.REPORTED_EVERY", 0.0)
    seen = []

    def reads(run: Run) -> Given:
        counts = select(Suggestion.text)
        with run.reading():
            seen.append(len(db.session.scalars(counts).all()))
            other = threading.Thread(target=lambda: _write_elsewhere(desk))
            other.start()
            other.join()
            run.report(1, 2)
            seen.append(len(db.session.scalars(counts).all()))
        seen.append(len(db.session.scalars(counts).all()))
        return Given({})

    job_id = desk.ask(reads)
    desk.work()
    job = desk.row(job_id)
    assert (job.state, job.done, job.total) == (JobState.DONE, 1, 2)
    assert seen == [0, 0, 1]


def _write_elsewhere(desk: Desk) -> None:
    with desk.here():
        db.session.add(Suggestion(text="别人写的", page="/", by_id=desk.by_id, at=NOW))


def test_a_task_that_is_stopped_leaves_nothing(desk, monkeypatch):
    monkeypatch.setattr("tracker.worker.runs.REPORTED_EVERY", 0.0)

    def is_stopped(run: Run) -> Given:
        with run.file(".txt") as part:
            part.write_text("一半", encoding="utf-8")
            other = threading.Thread(target=_stop, args=(desk,))
            other.start()
            other.join()
            run.report(1, 2)
        raise AssertionError("the report did not notice")

    job_id = desk.ask(is_stopped)
    desk.work()
    job = desk.row(job_id)
    assert (job.state, job.path, job.error) == (JobState.CANCELLED, None, None)
    assert (desk.files(), desk.suggestions()) == ([], [])


def _stop(desk: Desk) -> None:
    with desk.here():
        job = db.session.scalars(select(Job)).one()
        jobs.cancel_job(job, by=job.asked_by, at=NOW)


def test_a_task_that_is_stopped_at_its_very_end_leaves_nothing(desk):
    def ends(run: Run) -> Given:
        given = makes_a_file(run)
        db.session.rollback()
        _stop_beside(desk)
        return given

    job_id = desk.ask(ends)
    desk.work()
    assert desk.row(job_id).state is JobState.CANCELLED
    assert (desk.files(), desk.suggestions()) == ([], [])


def _stop_beside(desk: Desk) -> None:
    other = threading.Thread(target=_stop, args=(desk,))
    other.start()
    other.join()


def test_a_refusal_of_the_task_is_what_its_page_says(desk):
    def refuses(run: Run) -> Given:
        with run.file(".txt") as part:
            part.write_text("一半", encoding="utf-8")
        write(run, "不应留下")
        raise Refused(N_("Choose a file."))

    job_id = desk.ask(refuses)
    desk.work()
    job = desk.row(job_id)
    assert (job.state, job.error) == (JobState.FAILED, {"msgid": "Choose a file.", "params": {}})
    assert (desk.files(), desk.suggestions()) == ([], [])


@pytest.mark.parametrize("is_wrapped", [False, True])
def test_a_full_disk_is_said_and_leaves_no_half_file(desk, is_wrapped):
    def fills(run: Run) -> Given:
        with run.file(".txt") as part:
            part.write_text("一半", encoding="utf-8")
            full = OSError(errno.ENOSPC, "No space left on device")
            if is_wrapped:
                raise RuntimeError("the file could not be closed") from full
            raise full

    job_id = desk.ask(fills)
    desk.work()
    job = desk.row(job_id)
    assert (job.state, job.error) == (JobState.FAILED, {"msgid": NO_ROOM, "params": {}})
    assert desk.files() == []


def test_work_of_an_unknown_sort_is_refused_in_words(desk):
    job_id = desk.ask(makes_a_file)
    desk.patch.delitem(TASKS, "count")
    desk.work()
    job = desk.row(job_id)
    assert (job.state, job.error) == (JobState.FAILED, {"msgid": UNKNOWN_TASK, "params": {}})
