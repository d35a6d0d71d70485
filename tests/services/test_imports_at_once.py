"""Imports that meet: two people at once, a correction during an undo, a worker that is killed."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.ledger_rows import STUDY, TASK, hour
from tests.maker import NOW, Maker
from tests.workbooks import TODAY, Importer, xlsx
from tracker import clock, worker
from tracker.db import db
from tracker.models import Batch, BatchSort, BatchState, Campaign, Job, JobState, Member, Record, Status, User
from tracker.queries.recounts import differences
from tracker.rules.refusal import Refused
from tracker.services import batches, jobs

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

ROOT = Path(__file__).parents[2]
TASK_ROW = ["W1", dt.date(2021, 3, 5), "支部", "第一党支部", "修灯", None]
ROSTER = ["工号", "姓名", "党支部", "人员类别"]

# What a worker process does that dies when everything is written but nothing committed.
DIES = """
import os
from config import load_config
from tracker import create_app, worker
from tracker.services import jobs
jobs.finish_job = lambda *args, **kw: os._exit(9)
worker.run_one(create_app(load_config()))
"""


class Office:
    """A bureau with a branch and a member in a database of its own, and what its office does."""

    def __init__(self, app: Any, folder: Path) -> None:
        self.app, self.folder = app, folder
        with self.here():
            make = Maker()
            self.campaign_id = make.campaign().id
            make.member(make.branch("第一党支部"), name="张三", number="M0001")
            self.user_id = make.user(login="office").id

    @contextmanager
    def here(self) -> Iterator[None]:
        """One transaction."""
        with self.app.app_context():
            yield
            db.session.commit()

    @property
    def importer(self) -> Importer:
        return Importer(db.session.get_one(User, self.user_id), self.folder)

    def send(self, sheets: dict[str, Any], sort: BatchSort = BatchSort.LEDGER) -> int:
        """Keep a file and check it. Returns the id of the batch."""
        with self.here():
            campaign = db.session.get_one(Campaign, self.campaign_id) if sort is BatchSort.LEDGER else None
            batch = self.importer.upload(xlsx(sheets), sort, campaign)
            self.importer.check(batch)
            assert batch.state is BatchState.CHECKED, batches.problems_of(batch)
            return batch.id

    def bring(self, sheets: dict[str, Any], sort: BatchSort = BatchSort.LEDGER) -> int:
        batch_id = self.send(sheets, sort)
        self.commit(batch_id)
        return batch_id

    def commit(self, batch_id: int) -> None:
        with self.here():
            self.importer.commit(db.session.get_one(Batch, batch_id))

    def undo(self, batch_id: int) -> None:
        with self.here():
            batches.undo_batch(db.session.get_one(Batch, batch_id), by=self.importer.by, at=NOW)

    def ask(self, batch_id: int, task: str) -> None:
        with self.here():
            jobs.queue_job(task, db.session.get_one(Batch, batch_id), by=self.importer.by, at=NOW)

    def count(self, statement: Any) -> int:
        with self.here():
            return db.session.scalar(statement) or 0

    def standing(self) -> int:
        """How many records count."""
        return self.count(select(func.count()).select_from(Record).where(Record.status == Status.VERIFIED))

    def is_true(self) -> bool:
        """Whether every cell is what its rows come to."""
        with self.here():
            return not list(differences(db.session.get_one(Campaign, self.campaign_id)))


@pytest.fixture
def office(fresh_app: Any, tmp_path: Path) -> Office:
    return Office(fresh_app, tmp_path)


def task(stage: str, done: dt.date | None = None) -> dict[str, Any]:
    return {"微实事": [TASK, [*TASK_ROW, stage, done]]}


def at_once(*acts: Callable[[], None]) -> list[Exception | None]:
    """Run each act in a thread, all at the same moment; what each of them raised."""
    barrier = threading.Barrier(len(acts))
    raised: list[Exception | None] = [None] * len(acts)

    def run(n: int) -> None:
        barrier.wait(10)
        try:
            acts[n]()
        except Exception as error:
            raised[n] = error

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return raised


def test_an_undo_waits_for_the_correction_that_is_being_written(office, monkeypatch):
    first = office.bring(task("在办"))
    second = office.send(task("完成", dt.date(2021, 6, 1)))
    written, go_on = threading.Event(), threading.Event()
    record_event = batches.record_event

    def hold(by: Any, action: str, *rest: Any, **detail: Any) -> None:
        record_event(by, action, *rest, **detail)
        if action == "batch:commit":
            db.session.flush()
            written.set()
            go_on.wait(20)

    monkeypatch.setattr(batches, "record_event", hold)
    said: list[Exception] = []

    def undo() -> None:
        try:
            office.undo(first)
        except Refused as refusal:
            said.append(refusal)

    threads = [threading.Thread(target=office.commit, args=(second,)), threading.Thread(target=undo)]
    threads[0].start()
    assert written.wait(20)
    threads[1].start()
    threads[1].join(0.5)
    assert threads[1].is_alive()
    go_on.set()
    for thread in threads:
        thread.join(60)
    assert [refusal.msgid for refusal in said] == [
        "Import %(later)s corrected rows of this one. Undo it first."
    ]
    assert office.standing() == 1
    office.undo(second)
    office.undo(first)
    assert office.standing() == 0
    assert office.is_true()


def test_two_who_bring_the_same_batch_in_at_once_bring_it_in_once(office):
    batch_id = office.send({"读党史": [STUDY, hour(), hour()]})
    raised = at_once(*[lambda: office.ask(batch_id, "commit")] * 4)
    assert sorted(type(error).__name__ for error in raised) == ["NoneType", "Refused", "Refused", "Refused"]
    raised = at_once(*[lambda: worker.work(office.app, once=True)] * 3)
    assert raised == [None] * 3
    assert office.standing() == 2
    assert office.count(select(func.count()).select_from(Job).where(Job.state == JobState.DONE)) == 1
    assert office.is_true()


def test_two_files_with_the_same_rows_at_once_add_them_once(office):
    ids = [office.send({"读党史": [STUDY, hour(), hour()]}) for _ in range(2)]
    assert at_once(*[lambda n=n: office.commit(n) for n in ids]) == [None, None]
    assert office.standing() == 2
    assert office.is_true()


def test_two_rosters_at_once_leave_a_member_in_one_branch(office):
    sheets = [
        {"名册": [ROSTER, ["M0001", "张三", branch, "在职"]]} for branch in ("第二党支部", "第三党支部")
    ]
    ids = [office.send(sheet, BatchSort.ROSTER) for sheet in sheets]
    assert at_once(*[lambda n=n: office.commit(n) for n in ids]) == [None, None]
    with office.here():
        member = db.session.scalars(select(Member)).one()
        holding = [m for m in member.memberships if m.ends_on is None or m.ends_on > TODAY]
        assert len(holding) == 1


def test_undoing_twice_at_once_undoes_once(office):
    batch_id = office.bring({"读党史": [STUDY, hour(), hour()]})
    raised = at_once(*[lambda: office.undo(batch_id)] * 2)
    assert sorted(type(error).__name__ for error in raised) == ["NoneType", "Refused"]
    assert office.standing() == 0
    assert office.is_true()


def test_a_worker_killed_before_its_commit_leaves_nothing_and_the_job_is_picked_up(
    office, fresh_url, tmp_path
):
    batch_id = office.send({"读党史": [STUDY, hour(), hour()]})
    office.ask(batch_id, "commit")
    settings = {
        "TRACKER_ENVIRONMENT": "testing", "TRACKER_DATABASE_URL": fresh_url,
        "TRACKER_DATA_DIR": str(tmp_path), "TRACKER_TODAY": TODAY.isoformat(),
        "TRACKER_JOBS": "manual", "TRACKER_SECRET_KEY": "k" * 40,
    }  # fmt: skip
    died = subprocess.run([sys.executable, "-c", DIES], cwd=ROOT, env={**os.environ, **settings}, check=False)
    assert died.returncode == 9
    assert (office.standing(), office.is_true()) == (0, True)
    assert not worker.run_one(office.app)  # its lease still runs
    with pytest.MonkeyPatch.context() as patch:
        later = dt.datetime.now(dt.UTC) + jobs.LONG_LEASE
        patch.setattr(clock, "now", lambda: later)
        assert worker.run_one(office.app)
    assert (office.standing(), office.is_true()) == (2, True)


def test_a_file_that_cannot_be_noted_is_not_left_in_the_folder(office, monkeypatch):
    def full(*_args: Any, **_kw: Any) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(batches, "record_event", full)
    with office.app.app_context(), pytest.raises(OSError, match="no space"):
        batches.store_upload(
            BytesIO(b"PK"), "a.xlsx", BatchSort.ROSTER, None, as_verified=True, data_dir=office.folder,
            most=100, by=office.importer.by, at=NOW,
        )  # fmt: skip
    assert list((office.folder / "uploads").iterdir()) == []
