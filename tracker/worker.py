"""Works off the queue of jobs: in a thread of the web process, or as `flask worker`."""

from __future__ import annotations

import logging
import os
import threading
import time
from pathlib import Path

from flask import Flask

from config import Config
from tracker import clock
from tracker.db import db, empty_journal
from tracker.files.workbook import Limits, Workbook
from tracker.models import Batch, BatchSort, BatchState, Campaign, User
from tracker.queries.campaigns import current_campaign, spec_of
from tracker.queries.mappings import mapping_specs
from tracker.queries.reminders import due_today
from tracker.rules.ledgers import LedgerPlan, check_sheets
from tracker.rules.mappings import mappings_of
from tracker.rules.refusal import Refused
from tracker.rules.reminders import is_day_of
from tracker.rules.workbook_sorts import is_roster
from tracker.services import batches, jobs, sealed_people, uploads
from tracker.services.batches import Plan
from tracker.services.ledger_comparison import compare_stored
from tracker.services.ledgers import load_register
from tracker.services.reminders import remind_by_schedule

IDLE = 1.0  # seconds between two looks at the queue, when nobody wakes the worker
SWEPT_EVERY = 3600.0  # seconds between two looks for what is to be deleted
REPORTED_EVERY = 0.7  # seconds between two reports of progress

log = logging.getLogger(__name__)
_awake = threading.Event()
_started: set[int] = set()


def limits_of(config: Config) -> Limits:
    """How much an uploaded workbook may ask for."""
    return Limits(
        file=config.upload_bytes, rows=config.import_rows, memory=config.import_memory_mib * 2**20,
        seconds=config.import_seconds,
    )  # fmt: skip


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
    """Work off the queue, for ever or until it is empty; and once an hour delete what is due and remind."""
    sweep_at = 0.0
    while True:
        try:
            while run_one(app):
                pass
            if time.monotonic() >= sweep_at:
                sweep_at = time.monotonic() + SWEPT_EVERY
                sweep(app)
                remind(app)
        except Exception:
            log.exception("the worker could not look at its queue")
        if once:
            return
        _awake.wait(IDLE)
        _awake.clear()


def sweep(app: Flask) -> int:
    """Delete what is sealed and whose day has come. Returns how many. Looking takes no lock."""
    with app.app_context():
        try:
            db.session.connection(execution_options={"read_only": True})
            is_due = sealed_people.has_due(clock.today())
            db.session.rollback()
            count = sealed_people.delete_due(clock.today(), at=clock.now()) if is_due else 0
            db.session.commit()
            empty_journal(db.engine)
            return count
        finally:
            db.session.remove()


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


def run_one(app: Flask) -> bool:
    """Do one job, if there is one. Returns whether there was."""
    with app.app_context():
        try:
            claim = _claim()
            if claim is None:
                return False
            try:
                _Run(app, claim).run()
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


class _Run:
    """One job. Reading and checking hold no lock and report as they go; writing is one transaction.

    On SQLite a transaction that writes keeps everybody else from writing, reports of progress included. So
    they are written, each committed at once, while the file is read and its rows are checked, when no other
    transaction of this job is open; and once more, with a long lease, before the writing begins.
    """

    def __init__(self, app: Flask, claim: jobs.Claim) -> None:
        self.config: Config = app.config["TRACKER"]
        self.data_dir: Path = self.config.data_dir
        self.claim = claim
        self.today = clock.today()
        self.reported_at = clock.now()

    def run(self) -> None:
        if self.claim.task == "undo":
            self._report(0, 1, long=True)
            batches.undo_batch(self._batch(), by=self._by(), at=clock.now())
        else:
            self._import()
        jobs.finish_job(self.claim, at=clock.now())
        db.session.commit()

    def _batch(self) -> Batch:
        return db.session.get_one(Batch, self.claim.batch_id)

    def _by(self) -> User:
        return db.session.get_one(User, self.claim.asked_by_id)

    def _import(self) -> None:
        try:
            plan = self._plan()
        except Refused as refusal:
            db.session.rollback()
            if self.claim.task != "check":
                raise
            batches.refuse_batch(self._batch(), refusal, today=self.today, by=self._by(), at=clock.now())
            return
        act = batches.check_batch if self.claim.task == "check" else batches.commit_batch
        batch = self._batch()
        act(batch, plan, today=self.today, by=self._by(), at=clock.now())
        if batch.state is BatchState.COMMITTED and batch.sort is BatchSort.ROSTER:
            uploads.check_others_again(batch, by=self._by(), at=clock.now())

    def _plan(self) -> Plan:
        """Read the file and check it. The transaction that is open at the end is the one to write in."""
        db.session.connection(execution_options={"read_only": True})
        batch = self._batch()
        path, campaign_id, sort = batch.path, batch.campaign_id, batch.sort
        is_told = uploads.is_told(batch)
        campaign = db.session.get(Campaign, campaign_id) if campaign_id else None
        spec = spec_of(campaign) if campaign else None
        register = load_register() if spec else None
        kept = batch.mapping
        # What was checked is what is written: a mapping that was saved since does not change it.
        known = mapping_specs(campaign_id) if campaign_id and self.claim.task == "check" else []
        db.session.rollback()
        workbook: Workbook = batches.read_batch(path, self.data_dir, limits_of(self.config), self._progress)
        if is_told and is_roster(workbook.sheets, known, spec):
            sort = BatchSort.ROSTER
        if sort is BatchSort.ROSTER or spec is None or register is None:
            self._report(0, 1, long=True)
            batch = self._batch()
            uploads.name_sort(batch, sort)
            return batches.plan_batch(batch, workbook, today=self.today)
        mappings = mappings_of(kept, workbook.sheets, known, spec)
        plan: LedgerPlan = check_sheets(workbook.sheets, spec, register, self.today, self._progress, mappings)
        self._report(len(plan.entries), len(plan.entries), long=True)
        batches.lock_campaign(self._batch())
        if load_register().fingerprint != register.fingerprint:  # the roster changed while we looked
            plan = check_sheets(workbook.sheets, spec, load_register(), self.today, mappings=mappings)
        compare_stored(plan, batches.campaign_of(self._batch()), spec)
        return plan

    def _progress(self, done: int, total: int) -> None:
        if (clock.now() - self.reported_at).total_seconds() >= REPORTED_EVERY:
            self._report(done, total)

    def _report(self, done: int, total: int, long: bool = False) -> None:
        """Commit how far the work is. Raises Refused if another worker has taken it over."""
        self.reported_at = clock.now()
        lease = jobs.LONG_LEASE if long else jobs.LEASE
        is_held = jobs.note_progress(self.claim, done, total, at=self.reported_at, lease=lease)
        db.session.commit()
        if not is_held:
            raise Refused(batches.CHANGED)
