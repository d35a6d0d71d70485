"""Imports: files are read and checked, their rows written or taken out again."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from config import Config
from tracker import clock
from tracker.db import db
from tracker.files.workbook import Limits, Workbook
from tracker.models import Batch, BatchSort, BatchState, Campaign, User
from tracker.queries.campaigns import spec_of
from tracker.queries.mappings import mapping_specs
from tracker.rules.ledgers import LedgerPlan, check_sheets
from tracker.rules.mappings import mappings_of
from tracker.rules.refusal import Refused
from tracker.rules.workbook_sorts import is_roster
from tracker.services import batches, jobs, uploads
from tracker.services.batches import Plan
from tracker.services.ledger_comparison import compare_stored
from tracker.services.ledgers import load_register

REPORTED_EVERY = 0.7  # seconds between two reports of progress


def limits_of(config: Config) -> Limits:
    """How much an uploaded workbook may ask for."""
    return Limits(
        file=config.upload_bytes, rows=config.import_rows, memory=config.import_memory_mib * 2**20,
        seconds=config.import_seconds,
    )  # fmt: skip


class ImportRun:
    """One import. Reading and checking hold no lock and report as they go; writing is one transaction.

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
