"""A worker that is killed anywhere in an import, time after time: in the end each row is there once."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import time
from collections import Counter
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select, update

from tests.ledger_rows import STUDY
from tests.maker import NOW, Maker
from tests.proof.figures import count, is_full, reached
from tests.proof.server import ROOT, environ_for
from tests.services.test_imports_at_once import Office, at_once
from tests.workbooks import xlsx
from tracker import worker
from tracker.db import db
from tracker.models import AuditEvent, Batch, BatchSort, BatchState, Campaign, Job, JobState, Record, Status
from tracker.services import jobs

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

ROWS = 5_000 if is_full() else 600
PEOPLE = 20
KILLED = jobs.MOST_ATTEMPTS - 1  # times that one piece of work may break off and still go on by itself
FIRST = dt.date(2021, 3, 1)
# A worker that says when it is ready, takes one job when told to, and says that it is done.
WORKER = """
from config import load_config
from tracker import create_app, worker
app = create_app(load_config())
print("ready", flush=True)
input()
worker.run_one(app)
print("done", flush=True)
"""


class Killed(Office):
    """An office whose workers are killed."""

    def __init__(self, app: Any, folder: Any) -> None:
        super().__init__(app, folder)
        self.environ = environ_for(app.config["TRACKER"])
        with self.here():
            make = Maker()
            branch = make.branch("第二党支部")
            for number in range(2, PEOPLE + 1):
                make.member(branch, name=f"党员{number}", number=f"M{number:04}")

    def sheets(self, title: str) -> dict[str, list[list[Any]]]:
        """Rows that no two files share, a quarter of an hour each."""
        names = {1: "张三"}
        rows = []
        for n in range(ROWS):
            person, day = n % PEOPLE + 1, FIRST + dt.timedelta(days=n // PEOPLE % 140)
            name = names.get(person, f"党员{person}")
            rows.append([day, f"M{person:04}", name, None, 0.25, "学习强国", f"{title}-{n}"])
        return {"读党史": [STUDY, *rows]}

    def keep(self, title: str) -> int:
        """A file that waits to be checked."""
        with self.here():
            campaign = db.session.get_one(Campaign, self.campaign_id)
            return self.importer.upload(xlsx(self.sheets(title)), BatchSort.LEDGER, campaign).id

    def work(self, after: float | None) -> float:
        """Let a worker take a job, and kill it after so many seconds; None: never. Returns for how long."""
        process = subprocess.Popen(
            [sys.executable, "-c", WORKER], cwd=ROOT, env=self.environ, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        assert process.stdin is not None and process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        begin = time.monotonic()
        process.stdin.write(b"\n")
        process.stdin.flush()
        if after is None:
            assert process.stdout.readline() == b"done\n"
        else:
            time.sleep(after)
            os.killpg(process.pid, 9)
        lived = time.monotonic() - begin
        process.wait()
        process.stdin.close()
        process.stdout.close()
        with self.here():  # fifteen minutes later
            over = {"lease_until": NOW - dt.timedelta(days=1)}
            db.session.execute(update(Job).where(Job.state == JobState.RUNNING).values(**over))
        return lived

    def titles(self) -> Counter[str]:
        with self.here():
            found = db.session.scalars(select(Record.title).where(Record.status == Status.VERIFIED))
            return Counter(title or "" for title in found)

    def state(self, batch_id: int) -> BatchState:
        with self.here():
            return db.session.get_one(Batch, batch_id).state


@pytest.mark.on_postgresql_as
def test_an_import_whose_workers_are_killed_comes_in_whole_and_once(fresh_app, tmp_path, record_property):
    office, random = Killed(fresh_app, tmp_path), Random(1)
    lasted, expected = {}, Counter()
    first = office.keep("零")
    for task in ("check", "commit"):
        office.ask(first, task)
        lasted[task] = office.work(after=None)
    expected.update(title for *_, title in office.sheets("零")["读党史"][1:])
    assert office.titles() == expected
    kills, files, broke_off = 0, 0, 0
    while kills < count("d2"):
        files += 1
        batch_id = office.keep(f"第{files}份")
        for task in ("check", "commit"):
            office.ask(batch_id, task)
            for _ in range(KILLED):
                office.work(after=random.uniform(0, lasted[task]))
                kills += 1
                was_done = office.state(batch_id) is BatchState.COMMITTED
                there = office.titles() - expected
                assert sum(there.values()) == (ROWS if was_done else 0)  # all of it or nothing
                assert office.is_true()
                broke_off += not was_done
            worker.work(office.app, once=True)
        assert office.state(batch_id) is BatchState.COMMITTED
        expected.update(title for *_, title in office.sheets(f"第{files}份")["读党史"][1:])
        assert office.titles() == expected
    assert office.is_true()
    events = select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "batch:commit")
    assert office.count(events) == files + 1
    assert broke_off > kills / 4  # not all of them came too late
    said = f"{kills} kills in {files} imports of {ROWS} rows: 0 lost, 0 doubled"
    reached(record_property, "d2", said)


def test_the_same_rows_under_another_name_and_by_two_at_once_come_in_once(fresh_app, tmp_path):
    office = Killed(fresh_app, tmp_path)
    ids = [office.send(office.sheets("同")) for _ in range(2)]
    assert at_once(*[lambda n=n: office.commit(n) for n in ids]) == [None, None]
    assert set(office.titles().values()) == {1}
    again = office.bring(office.sheets("同"))
    with office.here():
        counts = db.session.get_one(Batch, again).report["counts"]
    assert (counts["new"], counts["unchanged"], sum(office.titles().values())) == (0, ROWS, ROWS)
    assert office.is_true()
