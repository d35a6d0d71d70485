"""Works off the queue of jobs: in a thread of the web process, or as `flask worker`."""

from __future__ import annotations

import datetime as dt
import logging
import os
import shutil
import threading
import time

from flask import Flask

from tracker import clock, logs
from tracker.db import db, empty_journal
from tracker.models import Beat, Campaign
from tracker.queries.campaigns import current_campaign, spec_of
from tracker.queries.reminders import due_today
from tracker.rules.refusal import Refused
from tracker.rules.reminders import is_day_of
from tracker.services import evidence, job_files, jobs, retention, sealed_people, uploads
from tracker.services.reminders import remind_by_schedule
from tracker.worker.audit import purge_due, seal_waiting
from tracker.worker.backups import back_up
from tracker.worker.imports import ImportRun, limits_of
from tracker.worker.rounds import Round, come_round, if_due
from tracker.worker.runs import run_task
from tracker.worker.tasks import TASKS

__all__ = [
    "back_up",
    "limits_of",
    "remind",
    "run_one",
    "start_inline",
    "sweep",
    "sweep_files",
    "sweep_rows",
    "wake",
    "work",
]

IDLE = 1.0  # seconds between two looks at the queue, when nobody wakes the worker
SWEPT_EVERY = 3600.0  # seconds between two looks for what is to be deleted
MINUTELY = 60.0  # seconds between two seals over the audit, and two looks whether a backup is due

log = logging.getLogger(__name__)
_awake = threading.Event()
_started: set[int] = set()


def start_inline(app: Flask) -> None:
    """Let this process work off the queue in a thread, from its first request on.

    Not before: a command that only loads the application must not take a job and die with it; and a server
    that forks would leave the thread behind in its parent.
    """

    def start() -> None:
        if os.getpid() not in _started:
            _started.add(os.getpid())
            threading.Thread(target=work, args=(app,), name="worker", daemon=True).start()

    app.before_request(start)


def wake() -> None:
    """Let the worker of this process look at the queue now."""
    _awake.set()


def work(app: Flask, once: bool = False) -> None:
    """Work off the queue, for ever or until it is empty; once a minute seal the audit and see whether a
    backup is due, once an hour delete what is due and remind."""
    sweep_at = minute_at = 0.0
    is_told = once
    while True:
        try:
            if not is_told:  # the first work and the first round may take minutes
                come_round(app, Beat.MINUTE, ())
                is_told = True
            while run_one(app):
                pass
            if time.monotonic() >= minute_at:
                minute_at = time.monotonic() + MINUTELY
                come_round(app, Beat.MINUTE, MINUTE)
            if time.monotonic() >= sweep_at:
                sweep_at = time.monotonic() + SWEPT_EVERY
                come_round(app, Beat.HOUR, HOUR)
        except Exception:
            log.exception("the worker could not look at its queue")
        if once:
            return
        _awake.wait(IDLE)
        _awake.clear()


def sweep(app: Flask) -> int:
    """Delete what is sealed and whose day has come. Returns how many."""
    count = if_due(
        app,
        lambda: sealed_people.has_due(clock.today()),
        lambda: sealed_people.delete_due(clock.today(), at=clock.now()),
    )
    with app.app_context():
        empty_journal(db.engine)
    return count


def sweep_files(app: Flask) -> int:
    """Delete the files of long work that were kept long enough, and what killed processes left behind.

    Returns how many. Looking takes no lock.
    """
    data_dir = app.config["TRACKER"].data_dir
    with app.app_context():
        try:
            db.session.connection(execution_options={"read_only": True})
            is_due = job_files.has_due(clock.now())
            found = [
                path
                for unnamed in (job_files.orphans, evidence.sweep, uploads.orphans)
                for path in unnamed(data_dir, clock.now())
            ]
            db.session.rollback()
            for path in found:
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)
            count = job_files.let_go(data_dir, clock.now()) if is_due else 0
            db.session.commit()
            return count + len(found)
        finally:
            db.session.remove()


def sweep_rows(app: Flask) -> int:
    """Delete rows that were kept long enough. Returns how many."""
    longest = dt.timedelta(hours=app.config["TRACKER"].session_hours)
    return if_due(
        app, lambda: retention.is_due(clock.now(), longest), lambda: retention.let_go(clock.now(), longest)
    )


def remind(app: Flask) -> int:
    """Send the reminders of the schedule, if today is its day. Returns how many. Looking takes no lock."""
    with app.app_context():
        try:
            db.session.connection(execution_options={"read_only": True})
            campaign = current_campaign()
            today = clock.today()
            is_day = campaign is not None and is_day_of(spec_of(campaign).reminders, today)
            pairs = due_today(campaign, today) if campaign is not None and is_day else []
            campaign_id = campaign.id if campaign is not None else None
            db.session.rollback()
            if not pairs:
                return 0
            found = db.session.get_one(Campaign, campaign_id)
            count = remind_by_schedule(found, at=clock.now(), today=today, pairs=pairs)
            db.session.commit()
            return count
        finally:
            db.session.remove()


MINUTE: tuple[Round, ...] = (seal_waiting, back_up)
HOUR: tuple[Round, ...] = (sweep, sweep_files, purge_due, sweep_rows, remind)


def run_one(app: Flask) -> bool:
    """Do one job, if there is one. Returns whether there was."""
    with app.app_context():
        try:
            claim = _claim()
            if claim is None:
                return False
            try:
                with logs.working_on(claim.task):
                    if claim.batch_id is not None:
                        ImportRun(app, claim).run()
                    else:
                        run_task(app, claim, TASKS)
            except Refused as refusal:
                db.session.rollback()
                jobs.fail_job(claim, refusal, at=clock.now())
                db.session.commit()
            except Exception:
                log.exception("job %s broke off", claim.job_id)
                db.session.rollback()
                jobs.release_job(claim)
                db.session.commit()
            return True
        finally:
            db.session.remove()


def _claim() -> jobs.Claim | None:
    """The next job. Looking takes no lock: on SQLite an idle worker must not stop those who write."""
    db.session.connection(execution_options={"read_only": True})
    has_work = jobs.has_work(clock.now())
    db.session.rollback()
    if not has_work:
        return None
    claim = jobs.claim_job(clock.now())
    db.session.commit()
    return claim
