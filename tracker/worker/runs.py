"""Long work that is no import: what its task is given, and how its result comes to stand."""

from __future__ import annotations

import datetime as dt
import errno
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask

from config import Config
from tracker import clock
from tracker.db import WAL_SAFE_FROM, db, sqlite_module
from tracker.files import store
from tracker.models import Campaign, User
from tracker.rules.refusal import N_, Refused
from tracker.services import jobs
from tracker.services.jobs import Given

REPORTED_EVERY = 0.7  # seconds between two reports of progress
FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
NO_ROOM = N_("The disk of the server is full: the file could not be written. Tell the administrator.")
UNKNOWN_TASK = N_("This version does not know such work. Tell the administrator.")


class Run:
    """One piece of long work, as its task sees it.

    arguments:   what was asked for.
    campaign_id: of the campaign that it is about; None for none.
    today:       the business day on which it began.
    """

    def __init__(self, app: Flask, claim: jobs.Claim) -> None:
        self.config: Config = app.config["TRACKER"]
        self.data_dir: Path = self.config.data_dir
        self.arguments: Mapping[str, Any] = claim.arguments
        self.campaign_id = claim.campaign_id
        self.today: dt.date = clock.today()
        self.made: Path | None = None
        self._claim = claim
        self._reported_at = clock.now()
        self._is_mute = False

    def at(self) -> dt.datetime:
        """The moment now."""
        return clock.now()

    def by(self) -> User:
        """Who asked for it."""
        return db.session.get_one(User, self._claim.asked_by_id)

    def campaign(self) -> Campaign:
        """The campaign that it is about, read in the transaction that is open."""
        return db.session.get_one(Campaign, self.campaign_id)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Everything read herein is of one moment, and nobody waits for it.

        On SQLite it is the snapshot that the write-ahead log keeps. Without that log (an old library) whoever
        writes waits for readers: then nothing is reported meanwhile, and the lease is long.
        """
        db.session.rollback()
        options: dict[str, Any] = {"read_only": True}
        if db.engine.dialect.name == "postgresql":
            options["isolation_level"] = "REPEATABLE READ"
        elif sqlite_module().sqlite_version_info < WAL_SAFE_FROM:
            self._note(0, 0, jobs.LONG_LEASE)
            self._is_mute = True
        db.session.connection(execution_options=options)
        try:
            yield
        finally:
            self._is_mute = False
            db.session.rollback()

    def report(self, done: int, total: int) -> None:
        """Say how far the work is; call it often, it is written now and then, by a connection of its own.

        Not while the task writes: on SQLite that keeps everybody else from writing (`before_writing`).
        Raises Refused if the work was stopped, or another worker has taken it over.
        """
        due = (clock.now() - self._reported_at).total_seconds() >= REPORTED_EVERY
        if due and not self._is_mute:
            self._note(done, total, jobs.LEASE)

    def before_writing(self, done: int, total: int) -> None:
        """Report once more, with a lease that is long enough for one transaction. Raises as `report`."""
        self._note(done, total, jobs.LONG_LEASE)

    def _note(self, done: int, total: int, lease: dt.timedelta) -> None:
        self._reported_at = clock.now()
        with db.engine.begin() as connection:
            is_held = jobs.note_progress(
                self._claim, done, total, at=self._reported_at, lease=lease, connection=connection
            )
        if not is_held:
            raise Refused(jobs.CHANGED)

    @contextmanager
    def file(self, ending: str) -> Iterator[Path]:
        """The place of the file that the task makes: complete on the disk afterwards, or not there at all.

        ending: such as '.zip'. Afterwards `path` is what the task gives.
        """
        self.made_as = f"{store.JOBS}/{self._claim.job_id}-{self._claim.token}{ending}"
        with store.whole_file(store.path_of(self.made_as, self.data_dir)) as file:
            yield Path(file.name)
        self.made = store.path_of(self.made_as, self.data_dir)

    @property
    def path(self) -> str | None:
        """Of the file that was made, as its row names it."""
        return self.made_as if self.made else None

    @property
    def size(self) -> int:
        """Of the file that was made, in bytes; 0 without one."""
        return self.made.stat().st_size if self.made else 0


Task = Callable[[Run], Given]


def run_task(app: Flask, claim: jobs.Claim, tasks: Mapping[str, Task]) -> None:
    """Do one job that is no import. What it wrote and that it is done are one transaction.

    tasks: name → what does it.
    Raises Refused if the task refuses, was stopped or taken over, or if the disk is full; its file goes.
    """
    run = Run(app, claim)
    try:
        if claim.task not in tasks:
            raise Refused(UNKNOWN_TASK)
        given = tasks[claim.task](run)
        jobs.finish_job(claim, at=clock.now(), given=given)
        db.session.flush()
    except BaseException as error:
        db.session.rollback()
        if run.made is not None:
            run.made.unlink(missing_ok=True)
        if _is_full(error):
            raise Refused(NO_ROOM) from error
        raise
    db.session.commit()


def _is_full(error: BaseException | None) -> bool:
    """Whether there was no room on the disk; a library may have wrapped that."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in FULL:
            return True
        error = error.__cause__ or error.__context__
    return False
