"""Imported files: kept, checked without a trace, written whole, taken back as one act."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import select, update

from tracker.db import db
from tracker.files import store
from tracker.files.workbook import Limits, Workbook, read_workbook
from tracker.models import Batch, BatchSort, BatchState, Campaign, User
from tracker.queries.campaigns import spec_of
from tracker.queries.figures import figures_json
from tracker.queries.mappings import mapping_specs
from tracker.rules.import_reports import Json, ledger_json, problem_of, problems_json, roster_json
from tracker.rules.ledgers import LedgerPlan, Progress
from tracker.rules.mappings import MappingSpec, mappings_json, mappings_of
from tracker.rules.refusal import N_, Problem, Refused
from tracker.rules.roster_changes import RosterPlan
from tracker.services.audit import record_event
from tracker.services.closes import hold_entries
from tracker.services.deletions import delete_once_committed
from tracker.services.ledger_undo import undo_ledger
from tracker.services.ledgers import check_ledger, load_register, write_ledger
from tracker.services.roster_undo import undo_roster
from tracker.services.rosters import check_roster, write_roster

BLOCK = 2**16
LONGEST_NAME = 200
UNWRITTEN = (BatchState.UPLOADED, BatchState.CHECKED, BatchState.REFUSED)
NOTHING = N_("The workbook holds no sheet with rows.")
CHANGED = N_("Somebody else was faster. Reload the page and try again.")

Plan = LedgerPlan | RosterPlan


def store_upload(
    stream: BinaryIO,
    filename: str,
    sort: BatchSort,
    campaign: Campaign | None,
    *,
    as_verified: bool,
    data_dir: Path,
    most: int,
    by: User,
    at: dt.datetime,
) -> Batch:
    """Keep a file under a name that says nothing, readable by its owner only, as a new batch.

    most:   bytes.
    Raises  Refused for a file that is empty or larger.
    """
    kept_as = f"{store.UPLOADS}/{secrets.token_hex(16)}.xlsx"
    path = store.path_of(kept_as, data_dir)
    try:
        batch = Batch(
            sort=sort, campaign_id=campaign.id if campaign else None, digest=_copy(stream, path, most),
            filename=shown_name(filename) or path.name, path=kept_as, report={},
            as_verified=as_verified, state=BatchState.UPLOADED, uploaded_by_id=by.id, uploaded_at=at,
        )  # fmt: skip
        db.session.add(batch)
        db.session.flush()  # the event needs its id
        record_event(by, "batch:upload", batch, at, sort=str(sort), verified=as_verified)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return batch


def shown_name(filename: str) -> str:
    """The name of a file as pages show it: without folders, and without characters that cannot be seen."""
    name = Path(filename.replace("\\", "/")).name
    return " ".join("".join(char if char.isprintable() else " " for char in name).split())[-LONGEST_NAME:]


def _copy(stream: BinaryIO, path: Path, most: int) -> str:
    """Write the stream to a new file; its SHA-256."""
    digest, size = hashlib.sha256(), 0
    with store.whole_file(path) as file:
        while block := stream.read(BLOCK):
            size += len(block)
            if size > most:
                raise Refused(N_("The file is larger than %(most)s MiB."), "file", most=most // 2**20)
            digest.update(block)
            file.write(block)
        if size == 0:
            raise Refused(N_("The file is empty."), "file")
    return digest.hexdigest()


def read_batch(
    path: str | None, data_dir: Path, limits: Limits, progress: Progress | None = None
) -> Workbook:
    """Open the file of a batch, without touching the database. Raises Refused if it cannot be read."""
    file = store.found(path, data_dir)
    if file is None:
        raise Refused(N_("The file of this import is no longer there. Upload it again."), "file")
    return read_workbook(file, limits, (lambda rows: progress(rows, 0)) if progress else None)


def plan_batch(batch: Batch, workbook: Workbook, *, today: dt.date, bureau: str | None = None) -> Plan:
    """What the workbook would write. Raises Refused for a ledger without a campaign."""
    lock_campaign(batch)
    if batch.sort is BatchSort.ROSTER:
        return check_roster(workbook, today=today, bureau=bureau)
    campaign = campaign_of(batch)
    spec, known = spec_of(campaign), mapping_specs(campaign.id)
    mappings = mappings_of(batch.mapping, workbook.sheets, known, spec)
    return check_ledger(campaign, spec, workbook, today=today, mappings=mappings)


def campaign_of(batch: Batch) -> Campaign:
    campaign = db.session.get(Campaign, batch.campaign_id) if batch.campaign_id else None
    if campaign is None:
        raise Refused(N_("There is no campaign yet. Load its file first."), "campaign")
    return campaign


def lock_campaign(batch: Batch) -> None:
    """Let no other import of the campaign be compared with what is stored until this transaction ends.

    A roster belongs to every campaign: whoever is on it may stand in each of them.
    """
    rows = select(Campaign.id).order_by(Campaign.id)
    if batch.campaign_id is not None:
        rows = rows.where(Campaign.id == batch.campaign_id)
    db.session.execute(rows.with_for_update()).all()


def map_batch(batch: Batch, mappings: Sequence[MappingSpec], *, by: User, at: dt.datetime) -> None:
    """Say by which mappings the sheets of a file are to be read; without one as those of a ledger.

    Raises Refused if it is written already, or if somebody else was faster.
    """
    take_batch(batch, UNWRITTEN)
    batch.mapping = mappings_json(mappings)
    record_event(by, "batch:map", batch, at, kinds=[mapping.kind for mapping in mappings])


def check_batch(batch: Batch, plan: Plan, *, today: dt.date, by: User, at: dt.datetime) -> None:
    """The dry run: what would be written, all problems, and the effect on each figure, kept as the report.

    It is written inside a savepoint and taken back, so that the effects are counted and not guessed. Rows
    that will wait are written so and as verified: what they change at once, and what once they are verified.
    """
    take_batch(batch, UNWRITTEN)
    _hold(batch, plan, at)
    report = _report(batch, plan, today)
    if not plan.problems:
        report["effects"] = _tried(batch, plan, batch.as_verified, today=today, by=by, at=at)
        if isinstance(plan, LedgerPlan) and not batch.as_verified:
            report["once_verified"] = _tried(batch, plan, True, today=today, by=by, at=at)
    report["same_as"] = _same_as(batch)
    batch.report = report
    batch.state = BatchState.REFUSED if plan.problems else BatchState.CHECKED
    record_event(by, "batch:check", batch, at, problems=len(plan.problems))


def refuse_batch(batch: Batch, refusal: Refused, *, today: dt.date, by: User, at: dt.datetime) -> None:
    """The file as a whole cannot be read: its one problem is the refusal."""
    take_batch(batch, UNWRITTEN)
    problem = Problem("", None, None, refusal.msgid, refusal.params)
    batch.report = {"today": today.isoformat(), "counts": {}, "sheets": []} | problems_json([problem], [])
    batch.state = BatchState.REFUSED
    record_event(by, "batch:check", batch, at, problems=1)


def commit_batch(batch: Batch, plan: Plan, *, today: dt.date, by: User, at: dt.datetime) -> None:
    """Write a checked batch. With problems that came up since the check it is refused, and nothing written.

    Raises Refused if it is not the one that was checked, or if somebody else was faster.
    """
    take_batch(batch, (BatchState.CHECKED,))
    _hold(batch, plan, at)
    report = _report(batch, plan, today)
    if plan.problems:
        batch.state = BatchState.REFUSED
    else:
        undo, report["effects"] = _write(batch, plan, batch.as_verified, today=today, by=by, at=at)
        report["undo"] = undo
        batch.state, batch.committed_at = BatchState.COMMITTED, at
    report["same_as"] = _same_as(batch)
    batch.report = report
    record_event(by, "batch:commit", batch, at, problems=len(plan.problems))


def _hold(batch: Batch, plan: Plan, at: dt.datetime) -> None:
    """Rows of closed periods are late, or problems if nobody says why they come late."""
    if isinstance(plan, LedgerPlan):
        hold_entries(plan, campaign_of(batch), load_register(), batch.late_why or "", at)


def undo_batch(batch: Batch, *, by: User, at: dt.datetime) -> None:
    """Take a written batch back as one act. Raises Refused if something was built on it since."""
    lock_campaign(batch)  # an import that is correcting rows of this one must be seen, or wait
    take_batch(batch, (BatchState.COMMITTED,))
    if batch.sort is BatchSort.ROSTER:
        undo_roster(batch)
    else:
        undo_ledger(batch, campaign_of(batch), by=by, at=at)
    batch.state, batch.undone_at = BatchState.UNDONE, at
    record_event(by, "batch:undo", batch, at)


def discard_batch(batch: Batch, *, data_dir: Path, by: User, at: dt.datetime) -> None:
    """Put an unwritten batch away, and its file with it."""
    take_batch(batch, UNWRITTEN)
    if batch.path:
        delete_once_committed(store.path_of(batch.path, data_dir))
    batch.state, batch.path = BatchState.DISCARDED, None
    record_event(by, "batch:discard", batch, at)


def problems_of(batch: Batch) -> list[Problem]:
    """The problems that the last check kept."""
    return [problem_of(data) for data in batch.report.get("problems", [])]


def take_batch(batch: Batch, states: tuple[BatchState, ...]) -> None:
    """Make sure that the batch is as it was read, and nobody else's any more in this transaction."""
    db.session.flush()
    changed = db.session.execute(
        update(Batch)
        .where(Batch.id == batch.id, Batch.state.in_(states), Batch.version == batch.version)
        .values(version=Batch.version + 1)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        raise Refused(CHANGED)
    db.session.refresh(batch)


def _report(batch: Batch, plan: Plan, today: dt.date) -> Json:
    """What the plan found; the mappings by which it was read are those of the batch from now on."""
    if isinstance(plan, LedgerPlan) and plan.mappings:
        batch.mapping = mappings_json(plan.mappings)
    found = ledger_json(plan) if isinstance(plan, LedgerPlan) else roster_json(plan)
    return {"today": today.isoformat(), "effects": []} | found


def _tried(
    batch: Batch, plan: Plan, as_verified: bool, *, today: dt.date, by: User, at: dt.datetime
) -> list[Json]:
    """The figures that writing the plan changes; it is taken back."""
    savepoint = db.session.begin_nested()
    try:
        return _write(batch, plan, as_verified, today=today, by=by, at=at)[1]
    finally:
        savepoint.rollback()


def _write(
    batch: Batch, plan: Plan, as_verified: bool, *, today: dt.date, by: User, at: dt.datetime
) -> tuple[dict[str, Any], list[Json]]:
    """Write a plan. Returns what undoing it needs, and the figures that it changes as of `today`."""
    campaigns = (
        [campaign_of(batch)]
        if batch.campaign_id
        else list(db.session.scalars(select(Campaign).order_by(Campaign.id)))
    )
    before = [figures_json(campaign, today)["figures"] for campaign in campaigns]
    undo: dict[str, Any]
    if isinstance(plan, LedgerPlan):
        undo = dict(
            write_ledger(plan, campaign=campaigns[0], batch=batch, by=by, at=at, as_verified=as_verified)
        )
    else:
        undo = write_roster(plan, batch=batch, by=by, at=at)
    db.session.flush()
    effects: list[Json] = []
    for campaign, old in zip(campaigns, before, strict=True):
        new = figures_json(campaign, today)["figures"]
        spec = spec_of(campaign)
        for figure_id, after in new.items():
            if old.get(figure_id) != after:
                figure = spec.figure(figure_id)
                effects.append({
                    "figure": figure_id, "title": figure.title if figure else figure_id,
                    "unit": figure.unit if figure else "", "before": old.get(figure_id), "after": after,
                })  # fmt: skip
    return undo, effects


def _same_as(batch: Batch) -> int | None:
    """An earlier batch of the same file that is written."""
    return db.session.scalar(
        select(Batch.id)
        .where(Batch.digest == batch.digest, Batch.id != batch.id, Batch.state == BatchState.COMMITTED)
        .order_by(Batch.id.desc())
        .limit(1)
    )
