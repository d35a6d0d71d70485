"""What a summary pack and a bulletin over a large ledger take, and what the pages feel of it, in one run.

    python bench/reports.py [RECORDS]

Builds a bureau of 50 branches and 1,000 members with RECORDS verified records of every kind (1,000,000 unless
told) on each database that the tests know. Asks the main pages again and again, alone and then while a worker
of its own makes the pack, and while it issues a bulletin; prints seconds, the worker's peak of memory, and
median and p95 of each page in milliseconds, and as ratios. Entering a record is among them: whoever writes
must not wait for the reader.
Exits 1 if the median of a page is more than WORST times what it was alone, or if the work was not done.
"""

from __future__ import annotations

import datetime as dt
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import flask_migrate
from flask.testing import FlaskClient
from sqlalchemy import func, select

from bench.large_ledger import Large, fill
from tests import databases, html
from tests.bureau import KEY
from tests.clients import Client
from tests.conftest import TODAY, close_app, config_for, make_app
from tracker.clock import now
from tracker.db import db
from tracker.models import BulletinBasis, Campaign, Job, JobState, User
from tracker.queries.campaigns import spec_of
from tracker.rules.campaign_bulletins import templates_of
from tracker.rules.packs import Part
from tracker.services.bulletins import draft_bulletin
from tracker.services.jobs import queue_task

ROOT = Path(__file__).resolve().parent.parent
ROUNDS, WORST = 12, 3.0
AS_OF = dt.date(2021, 7, 26)
WORKS = """
import resource, sys, time
from config import load_config
from tracker import create_app, worker
app = create_app(load_config())
start = time.perf_counter()
assert worker.run_one(app)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(time.perf_counter() - start, time.process_time(), peak)
"""


class Browser(Client):
    """One that does not read each page strictly: what is measured is the server."""

    def open(self, *args: Any, buffered: bool = True, **kwargs: Any) -> Any:
        with self.application.app_context():
            return FlaskClient.open(self, *args, buffered=buffered, **kwargs)


class Pages:
    """The pages that are asked for, and how long each took. Every call of `ask` is one round."""

    def __init__(self, app: Any, large: Large) -> None:
        self.taken: dict[str, list[float]] = {}
        self.written = 0
        browsers = [
            self._browser(app, id_) for id_ in (large.office_id, large.secretary_id, large.member_user_id)
        ]
        self.office, self.secretary, self.member = browsers
        self.branch = f"/branches/{large.branch_id}"

    def _browser(self, app: Any, user_id: int) -> Browser:
        browser = Browser(app, app.response_class, use_cookies=True)
        with app.app_context():
            browser.sign_in(db.session.get_one(User, user_id))
        return browser

    def ask(self) -> None:
        """Each page once, and one record entered."""
        self._time("bureau", lambda: self.office.get("/"))
        self._time("branch", lambda: self.secretary.get(self.branch))
        self._time("member", lambda: self.member.get("/me"))
        self._time("ledger", lambda: self.secretary.get("/records"))
        fields = html.hidden_fields(html.parse(self.member.get("/enter/study").text))
        self.written += 1
        day = f"2021-0{3 + self.written // 28 % 5}-{1 + self.written % 28:02}"
        entry = {"happened_on": day, "minutes": "0.1", "source": "学习强国", "title": f"第{self.written}次"}
        self._time("entering", lambda: self.member.post("/enter/study", data={**fields, **entry}))

    def _time(self, name: str, act: Callable[[], Any]) -> None:
        start = time.perf_counter()
        answer = act()
        self.taken.setdefault(name, []).append((time.perf_counter() - start) * 1000)
        assert answer.status_code in (200, 302, 303), f"{name}: {answer.status_code}"

    def take(self) -> dict[str, list[float]]:
        """What was measured since the last time."""
        taken, self.taken = self.taken, {}
        return taken


def p95(values: list[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.95))]


def ask_for_pack(campaign: Campaign, by: User) -> None:
    """The whole pack."""
    asked = {"day": AS_OF.isoformat(), "parts": [str(part) for part in Part]}
    queue_task("pack", asked, campaign=campaign, by=by, at=now(), is_reading=True)


def ask_for_issue(campaign: Campaign, by: User) -> None:
    """The campaign's first bulletin, issued."""
    template = templates_of(spec_of(campaign))[0].code
    draft = draft_bulletin(campaign, template, as_of=AS_OF, today=TODAY, by=by, at=now())
    asked = {"bulletin_id": draft.id, "version": 1, "issued_on": TODAY.isoformat()}
    queue_task("issue_bulletin", asked, campaign=campaign, by=by, at=now())


def measure(name: str, records: int) -> list[str]:
    """One database. Returns what is wrong."""
    backend = databases.BACKENDS[name]()
    backend.start()
    folder = Path(tempfile.mkdtemp())
    url = backend.create()
    app = make_app(config_for(url, folder))
    try:
        with app.app_context():
            flask_migrate.upgrade()
            start = time.perf_counter()
            large = fill(records)
            db.session.remove()
        print(
            f"{name}: {large.records} verified records, made in {time.perf_counter() - start:.0f} s",
            flush=True,
        )
        pages = Pages(app, large)
        pages.ask()
        pages.take()  # the first of each warms up
        for _ in range(ROUNDS):
            pages.ask()
        alone = pages.take()
        environ = {
            **os.environ, "TRACKER_DATABASE_URL": url, "TRACKER_DATA_DIR": str(folder),
            "TRACKER_JOBS": "manual", "TRACKER_ENVIRONMENT": "testing", "TRACKER_SECRET_KEY": KEY,
            "TRACKER_TODAY": TODAY.isoformat(),
        }  # fmt: skip
        wrong = []
        for ask in (ask_for_pack, ask_for_issue):
            with app.app_context():
                ask(
                    db.session.get_one(Campaign, large.campaign_id), db.session.get_one(User, large.office_id)
                )
                db.session.commit()
                db.session.remove()
            works = subprocess.Popen(
                [sys.executable, "-c", WORKS], cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True
            )
            while works.poll() is None:
                pages.ask()
            took = works.communicate()[0].split()
            wrong += _told(app, folder, alone, pages.take(), float(took[0]), float(took[1]), int(took[2]))
        return wrong
    finally:
        close_app(app)
        backend.drop(url)
        backend.stop()


def _told(
    app: Any, folder: Path, alone: dict[str, list[float]], beside: dict[str, list[float]], seconds: float,
    cpu: float, mebibytes: int,
) -> list[str]:  # fmt: skip
    wrong = []
    with app.app_context():
        job = db.session.scalars(select(Job).order_by(Job.id.desc()).limit(1)).one()
        if job.state is not JobState.DONE or job.result is None:
            return [f"{job.task} is {job.state}: {job.error}"]
        if job.path is not None:
            rows, size = job.result["rows"], (folder / job.path).stat().st_size
        else:
            bases = db.session.execute(select(BulletinBasis.count, func.length(BulletinBasis.lines))).all()
            rows, size = sum(count for count, _size in bases), sum(size for _count, size in bases)
        print(
            f"  {job.task}: {seconds:.0f} s ({cpu:.0f} s of CPU), {rows} rows, {size / 2**20:.0f} MiB;"
            f" worker at most {mebibytes} MiB"
        )
    for page, times in alone.items():
        now_ = beside[page]
        ratio = statistics.median(now_) / statistics.median(times)
        print(
            f"  {page:9} alone {statistics.median(times):6.0f} / {p95(times):6.0f} ms; meanwhile"
            f" {statistics.median(now_):6.0f} / {p95(now_):6.0f} ms ({len(now_)} times); {ratio:.2f} times"
        )
        if ratio > WORST:
            wrong.append(f"{page} is {ratio:.1f} times as slow beside {job.task}")
    return wrong


if __name__ == "__main__":
    chosen = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    faults = [fault for one in databases.wanted() for fault in measure(one, chosen)]
    print("\n".join(faults))
    sys.exit(1 if faults else 0)
