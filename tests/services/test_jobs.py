"""Long work: claimed by one, taken over from the dead, its effects once or not at all."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.maker import NOW, Maker
from tests.workbooks import ARTICLE, TODAY, xlsx
from tracker import worker
from tracker.db import db
from tracker.models import Batch, BatchSort, BatchState, Campaign, Job, JobState, Member
from tracker.queries.figures import figures_json
from tracker.rules.refusal import Refused
from tracker.services import batches, jobs

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

LATER = NOW + dt.timedelta(hours=1)


@pytest.fixture
def batch(make: Any) -> Batch:
    return make.batch(state=BatchState.UPLOADED)


def queue(batch: Batch, make: Any, task: str = "check") -> Job:
    return jobs.queue_job(task, batch, by=make.office, at=NOW)


def test_a_job_is_claimed_by_one_worker(batch, make):
    job = queue(batch, make)
    claim = jobs.claim_job(NOW)
    assert claim is not None
    assert (claim.job_id, claim.task, claim.batch_id) == (job.id, "check", batch.id)
    assert jobs.claim_job(NOW) is None


def test_work_on_a_batch_is_not_asked_for_twice(batch, make):
    queue(batch, make)
    with pytest.raises(Refused, match="is being worked on"):
        queue(batch, make)


def test_a_task_that_does_not_fit_the_state_is_refused(batch, make):
    with pytest.raises(Refused, match="past that step"):
        queue(batch, make, "commit")


def test_a_job_whose_worker_is_silent_goes_to_another_one(batch, make):
    queue(batch, make)
    dead = jobs.claim_job(NOW)
    alive = jobs.claim_job(LATER)
    assert dead is not None
    assert alive is not None
    assert dead.token != alive.token
    assert not jobs.note_progress(dead, 1, 2, at=LATER)
    with pytest.raises(Refused, match="faster"):
        jobs.finish_job(dead, at=LATER)
    jobs.finish_job(alive, at=LATER)


def test_progress_renews_the_lease(batch, make):
    job = queue(batch, make)
    claim = jobs.claim_job(NOW)
    assert claim is not None
    assert jobs.note_progress(claim, 500, 1000, at=LATER)
    db.session.refresh(job)
    assert (job.done, job.total) == (500, 1000)
    assert jobs.claim_job(LATER) is None


def test_a_job_that_broke_off_three_times_has_failed(batch, make):
    job = queue(batch, make)
    for _ in range(3):
        claim = jobs.claim_job(NOW)
        assert claim is not None
        jobs.release_job(claim)
    assert jobs.claim_job(NOW) is None
    db.session.refresh(job)
    assert (job.state, job.error and job.error["msgid"]) == (JobState.FAILED, jobs.GIVEN_UP)


# ---- the worker, with real commits ----


class Office:
    """Uploads, asks and looks; holds no transaction open while the worker works."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def upload(self, name: str, sort: BatchSort = BatchSort.ROSTER, content: bytes | None = None) -> int:
        """Upload a file, of the article if no other, and ask for its check. Returns the id of the batch."""
        content = content or (ARTICLE / name).read_bytes()
        with self.app.app_context():
            make = Maker()
            campaign = make.campaign()
            if sort is BatchSort.LEDGER:
                make.member(name="张三", number="M0001")
            batch = batches.store_upload(
                BytesIO(content),
                name,
                sort,
                campaign if sort is BatchSort.LEDGER else None,
                as_verified=True,
                data_dir=self.app.config["TRACKER"].data_dir,
                most=2**24,
                by=make.user(login="uploader"),
                at=NOW,
            )
            batch_id = batch.id
            jobs.queue_job("check", batch, by=batch.uploaded_by, at=NOW)
            db.session.commit()
        return batch_id

    def ask(self, batch_id: int, task: str) -> None:
        with self.app.app_context():
            batch = db.session.get_one(Batch, batch_id)
            jobs.queue_job(task, batch, by=batch.uploaded_by, at=NOW)
            db.session.commit()

    def look(self, batch_id: int) -> tuple[BatchState, JobState | None, int | None]:
        """The states of the batch and of the last job, and how many members there are."""
        with self.app.app_context():
            return (
                db.session.get_one(Batch, batch_id).state,
                db.session.scalars(select(Job.state).order_by(Job.id.desc())).first(),
                db.session.scalar(select(func.count()).select_from(Member)),
            )


def test_the_worker_checks_writes_and_undoes(fresh_app):
    office = Office(fresh_app)
    batch_id = office.upload("roster.xlsx")
    worker.work(fresh_app, once=True)
    assert office.look(batch_id) == (BatchState.CHECKED, JobState.DONE, 0)
    office.ask(batch_id, "commit")
    worker.work(fresh_app, once=True)
    assert office.look(batch_id) == (BatchState.COMMITTED, JobState.DONE, 126)
    office.ask(batch_id, "undo")
    worker.work(fresh_app, once=True)
    assert office.look(batch_id) == (BatchState.UNDONE, JobState.DONE, 0)
    assert not worker.run_one(fresh_app)


def test_the_worker_writes_a_ledger_and_its_figures_count_at_once(fresh_app):
    office = Office(fresh_app)
    head = ["日期", "工号", "姓名", "时长", "学习来源"]
    rows = [[dt.date(2021, 3, 5), "M0001", "张三", 0.5, "学习强国"]] * 1_500
    days = [[dt.date(2021, 3, 5) + dt.timedelta(days=n % 100), *row[1:]] for n, row in enumerate(rows)]
    batch_id = office.upload("台账.xlsx", BatchSort.LEDGER, xlsx({"读党史": [head, *days]}))
    worker.work(fresh_app, once=True)
    assert office.look(batch_id) == (BatchState.CHECKED, JobState.DONE, 1)
    office.ask(batch_id, "commit")
    worker.work(fresh_app, once=True)
    assert office.look(batch_id) == (BatchState.COMMITTED, JobState.DONE, 1)
    with fresh_app.app_context():
        campaign = db.session.scalars(select(Campaign)).one()
        assert figures_json(campaign, TODAY)["figures"]["study.total_minutes"] == 45_000
        job = db.session.scalars(select(Job).order_by(Job.id.desc())).first()
        assert job is not None
        assert (job.done, job.total) == (1_500, 1_500)


def test_the_worker_refuses_what_is_no_workbook(fresh_app):
    office = Office(fresh_app)
    batch_id = office.upload("数据.json", content=b"{}")
    worker.work(fresh_app, once=True)
    assert office.look(batch_id) == (BatchState.REFUSED, JobState.DONE, 0)
    with fresh_app.app_context():
        (problem,) = batches.problems_of(db.session.get_one(Batch, batch_id))
        assert "not an Excel workbook" in problem.message


def test_what_breaks_off_leaves_nothing_behind_and_is_tried_again(fresh_app, monkeypatch):
    office = Office(fresh_app)
    batch_id = office.upload("roster.xlsx")
    worker.work(fresh_app, once=True)
    office.ask(batch_id, "commit")

    def die(*_args: Any, **_kw: Any) -> None:
        raise RuntimeError("the lights went out")

    with monkeypatch.context() as patch:
        patch.setattr(jobs, "finish_job", die)
        assert worker.run_one(fresh_app)
    assert office.look(batch_id) == (BatchState.CHECKED, JobState.QUEUED, 0)
    worker.work(fresh_app, once=True)
    assert office.look(batch_id) == (BatchState.COMMITTED, JobState.DONE, 126)


def test_an_import_that_cannot_be_undone_says_why(fresh_app):
    office = Office(fresh_app)
    batch_id = office.upload("roster.xlsx")
    worker.work(fresh_app, once=True)
    office.ask(batch_id, "commit")
    worker.work(fresh_app, once=True)
    with fresh_app.app_context():
        campaign = db.session.scalars(select(Campaign)).one()
        Maker().record(
            campaign, "study", member=db.session.scalars(select(Member).limit(1)).one(), minutes=60
        )
        db.session.commit()
    office.ask(batch_id, "undo")
    worker.work(fresh_app, once=True)
    assert office.look(batch_id) == (BatchState.COMMITTED, JobState.FAILED, 126)
    with fresh_app.app_context():
        error = db.session.scalars(select(Job.error).order_by(Job.id.desc())).first()
        assert "Undo those imports first" in error["msgid"]
