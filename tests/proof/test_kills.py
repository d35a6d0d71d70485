"""Server and worker are killed under sixteen writers: what was acknowledged is there, and there once."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections import Counter
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from tests.maker import Maker
from tests.proof.figures import count, reached
from tests.proof.memory import children
from tests.proof.server import Browser, Process, Server, environ_for
from tests.proof.writers import FORM, Promise, Writer, send_workbooks
from tests.signing_in import PASSWORD
from tracker import clock, worker
from tracker.db import db
from tracker.models import AuditEvent, Evidence, Job, JobState, Participation, Record, Role
from tracker.services.jobs import LONG_LEASE
from tracker.services.users import HASHER

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

WRITERS = 16
ALL_EACH = 5


class Bureau:
    """A branch of sixteen, its office, a server of two processes and a worker."""

    def __init__(self, app: Any, folder: Any) -> None:
        self.app, config = app, app.config["TRACKER"]
        with app.app_context():
            make, hashed = Maker(), HASHER.hash(PASSWORD)
            make.campaign()
            branch = make.branch("第一党支部")
            for number in range(1, WRITERS + 1):
                member = make.member(branch, number=f"M{number:04}")
                make.user(Role.MEMBER, login=f"w{number}", password_hash=hashed, member=member)
            make.user(Role.OFFICE, login="office", password_hash=hashed)
            db.session.commit()
        self.server = Server(config, folder, workers=2, threads=4)
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
        self.worker = Process(command, environ_for(config, TRACKER_JOBS="worker"), folder / "worker.log")
        self.over = threading.Event()

    def start(self) -> None:
        """Start what is not running."""
        if not self.worker.is_alive:
            self.worker.start()
        if not self.server.is_alive:
            self.server.start()

    def writers(self) -> list[Writer]:
        """Everybody signed in, with the form open."""
        found = []
        for number in range(1, WRITERS + 1):
            browser = Browser(self.server.port).sign_in(f"w{number}", PASSWORD)
            found.append(Writer(f"w{number}", browser, self.over, browser.hidden(FORM)))
        return found

    def assert_books_right(self) -> None:
        """What `flask data check` says, and the audit of entries: one event for each record."""
        said = self.app.test_cli_runner().invoke(args=["data", "check"])
        assert said.exit_code == 0, said.output
        with self.app.app_context():
            records = set(db.session.scalars(select(Record.id)))
            people = list(db.session.scalars(select(Participation.record_id)))
            entered = select(AuditEvent.subject_id).where(AuditEvent.action == "record:enter")
            events = list(db.session.scalars(entered))
        assert len(events) == len(people) == len(records)
        assert set(events) == set(people) == records


@pytest.fixture
def bureau(fresh_app, tmp_path_factory):
    bureau = Bureau(fresh_app, tmp_path_factory.mktemp("logs"))
    yield bureau
    bureau.over.set()
    for one in (bureau.server, bureau.worker):
        if one.running is not None:
            one.kill()


def kill_and_look(bureau: Bureau, kills: int, random: Random) -> None:
    """Kill one process of the server, which gets another one, or each fifth time all, and look at the books.

    Never what such a process started in its turn: a file whose reader is killed is refused, as it should be.
    """
    for number in range(kills):
        time.sleep(random.uniform(0.2, 1.2))
        if number % ALL_EACH:
            os.kill(random.choice(list(children(bureau.server.running.pid))), signal.SIGKILL)
            continue
        bureau.server.kill()
        bureau.worker.kill()
        bureau.assert_books_right()
        bureau.start()
    time.sleep(1)


@pytest.mark.on_postgresql_as
def test_nothing_acknowledged_is_lost_or_doubled(bureau, monkeypatch, record_property):
    bureau.start()
    writers = bureau.writers()
    office = Browser(bureau.server.port).sign_in("office", PASSWORD)
    work = [threading.Thread(target=one.work) for one in writers]
    work.append(threading.Thread(target=send_workbooks, args=(office, bureau.over)))
    for thread in work:
        thread.start()
    kills, start = count("a1"), time.monotonic()
    try:
        kill_and_look(bureau, kills, Random(1))
    finally:
        bureau.over.set()
        for thread in work:
            thread.join(timeout=120)
    seconds = time.monotonic() - start
    assert [one.odd for one in writers if one.odd] == []
    promised = {title: promise for one in writers for title, promise in one.promises.items()}
    bureau.assert_books_right()
    kept, orphans = compare(bureau, promised)
    assert orphans <= kills * WRITERS  # `flask data sweep` takes them away
    answers_to_the_same_key(writers)
    assert compare(bureau, promised) == (kept, orphans)
    jobs = finished_jobs(bureau, monkeypatch)
    again = sum(one.again for one in writers)
    said = f"{kills} kills in {seconds:.0f} s, {len(promised)} acknowledged, {again} tries again"
    files = f"{kept} files, {orphans} more to be swept"
    reached(record_property, "a1", f"{said}: 0 lost, 0 doubled; {files}; {jobs} jobs finished")


def compare(bureau: Bureau, promised: dict[str, Promise]) -> tuple[int, int]:
    """Every promise is one row at its place, and every row was promised; every file of a row is there.

    Returns how many files rows have, and how many more lie there.
    """
    with bureau.app.app_context():
        told = db.session.execute(select(Record.id, Record.title))
        rows = [(title, f"/records/{id_}") for id_, title in told]
        kept = set(db.session.scalars(select(Evidence.stored_as)))
    assert sorted(rows) == sorted((title, promise.location) for title, promise in promised.items())
    assert len(kept) == sum(promise.has_file for promise in promised.values())
    folder = bureau.app.config["TRACKER"].data_dir / "evidence"
    lying = {path.name for path in folder.iterdir()} if folder.exists() else set()
    assert kept <= lying
    return len(kept), len(lying - kept)


def answers_to_the_same_key(writers: list[Writer]) -> None:
    """Send some of what was taken once more: each gets the answer that it got."""
    for one in writers:
        for promise in [*one.promises.values()][:3]:
            answer = one.deliver(promise.fields, promise.has_file)
            assert (answer.status, answer.location) == (302, promise.location)


def finished_jobs(bureau: Bureau, monkeypatch: Any) -> int:
    """How many jobs there are, none of which waits or works for ever: a dead worker's lease ends."""
    bureau.worker.kill()
    later = clock.now() + LONG_LEASE + LONG_LEASE
    monkeypatch.setattr("tracker.clock.now", lambda: later)
    worker.work(bureau.app, once=True)
    with bureau.app.app_context():
        states = Counter(db.session.scalars(select(Job.state)))
    assert set(states) <= {JobState.DONE, JobState.FAILED}, states
    return sum(states.values())
