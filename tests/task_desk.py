"""Long work with real commits: a database with an office, and one sort of work of the test's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.maker import NOW, Maker
from tracker import worker
from tracker.db import db
from tracker.models import Job, Suggestion, User
from tracker.services import jobs
from tracker.services.jobs import Given
from tracker.worker.runs import Run
from tracker.worker.tasks import TASKS


class Desk:
    """A database with somebody of the office, and one sort of work, which a test may give."""

    def __init__(self, app: Any, patch: pytest.MonkeyPatch) -> None:
        self.app, self.patch = app, patch
        self.data_dir: Path = app.config["TRACKER"].data_dir
        with self.here():
            self.by_id = Maker().user(login="office").id

    @contextmanager
    def here(self) -> Iterator[None]:
        with self.app.app_context():
            yield
            db.session.commit()

    def ask(self, task: Callable[[Run], Given], **arguments: Any) -> int:
        self.patch.setitem(TASKS, "count", task)
        with self.here():
            by = db.session.get_one(User, self.by_id)
            return jobs.queue_task("count", arguments, campaign=None, by=by, at=NOW).id

    def work(self) -> None:
        worker.work(self.app, once=True)

    def row(self, job_id: int) -> Job:
        with self.here():
            job = db.session.get_one(Job, job_id)
            db.session.expunge(job)
        return job

    def files(self) -> list[str]:
        folder = self.data_dir / "jobs"
        return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []

    def suggestions(self) -> list[str]:
        with self.here():
            return list(db.session.scalars(select(Suggestion.text).order_by(Suggestion.id)))


def write(run: Run, text: str) -> None:
    db.session.add(Suggestion(text=text, page="/", by_id=run.by().id, at=run.at()))


def makes_a_file(run: Run) -> Given:
    with run.file(".txt") as part:
        part.write_text("全部", encoding="utf-8")
    write(run, "写下了")
    return Given({"filename": "全部.txt"}, run.path)
