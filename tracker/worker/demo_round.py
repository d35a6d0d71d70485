"""What goes on in the demo when it starts, so that the daily round can be tried at once."""

from __future__ import annotations

import datetime as dt
import tomllib
from itertools import cycle
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, select

from tracker.db import db
from tracker.files.evidence import check_file
from tracker.models import Campaign, NoteSort, Record, Role, Status, User
from tracker.queries.campaigns import spec_of
from tracker.queries.pairings import due_visits
from tracker.queries.users import user_by_login
from tracker.rules.mappings import MappingSpec
from tracker.rules.periods import period_by_code
from tracker.rules.refusal import N_, Refused
from tracker.services.closes import close_period
from tracker.services.deadlines import change_deadline
from tracker.services.entries import Row, check_entries, enter_records
from tracker.services.evidence import add_evidence
from tracker.services.mappings import save_mapping
from tracker.services.pairings import add_note
from tracker.services.shares import share_record
from tracker.services.verifications import return_records

FAULTY = N_("The demo's own file %(file)s has problems. Tell the administrator.")
ROUND = Path(__file__).resolve().parent.parent / "demo" / "round.toml"


def fill_round(campaign: Campaign, *, data_dir: Path, at: dt.datetime, today: dt.date) -> None:
    """Enter what tracker/demo/round.toml says as the demo's people, and give back those that say so."""
    rows = tomllib.loads(ROUND.read_text(encoding="utf-8"))
    for row in rows["closes"]:
        _close(row, campaign, at, today)
    for row in rows["records"]:
        _enter(row, campaign, data_dir, at, today)
    for row in rows["deadlines"]:
        record = _verified(Record.ref == row["ref"])
        change_deadline(
            record, row["due_on"], why=row["why"], version=record.version, by=_account(row["by"]), at=at
        )
    for row in rows["shares"]:
        _share(row, campaign, data_dir, at)
    for row in rows["notes"]:
        by, record = _account(row["by"]), _verified(Record.subject == row["subject"])
        add_note(record, NoteSort(row["sort"]), row["on"], row["text"], by=by, at=at, today=today)
    for row in rows["mappings"]:
        said = {name: value for name, value in row.items() if name != "by"}
        save_mapping(campaign, MappingSpec.of(said), by=_account(row["by"]), at=at)
    _visit(rows["visits"], campaign, at, today)


def _visit(said: dict[str, Any], campaign: Campaign, at: dt.datetime, today: dt.date) -> None:
    """Note a visit of each pairing of a secretary's branch that asks for one and has none yet."""
    by = _account(said["by"])
    (branch,) = (grant.unit for grant in by.grants if grant.unit)
    due = [one for one in due_visits(campaign, branch, today)[0] if one.due.last_on is None]
    for one, days in zip(due, cycle(said["days_ago"]), strict=False):
        on = today - dt.timedelta(days=days)
        add_note(one.record, NoteSort.VISIT, on, "", by=by, at=at, today=today)


def _close(row: dict[str, Any], campaign: Campaign, at: dt.datetime, today: dt.date) -> None:
    """Close a period: of their branch by a secretary, of the bureau by the office."""
    by, period = _account(row["by"]), period_by_code(row["period"], campaign, spec_of(campaign).phases)
    unit = next((grant.unit for grant in by.grants if grant.role is Role.SECRETARY), None)
    if period is None:
        raise Refused(FAULTY, file=ROUND.name)
    close_period(campaign, period, unit, grace_until=None, holds_at=None, today=today, by=by, at=at)


def _enter(row: dict[str, Any], campaign: Campaign, data_dir: Path, at: dt.datetime, today: dt.date) -> None:
    by = _account(row["by"])
    kind = spec_of(campaign).kind(row["kind"])
    own = {"member_number": by.member.number, "member_name": by.member.name} if by.member else {}
    plan = check_entries(
        campaign,
        kind,
        [Row(1, {**own, **row["cells"]})],
        by=by,
        today=today,
        at=at,
        late_why=row.get("late", ""),
    )
    if plan.problems:
        raise Refused(FAULTY, file=ROUND.name)
    (record,) = enter_records(plan, kind, campaign, by=by, at=at, text=row.get("text"))
    if "file" in row:
        _add_file(row, record, data_dir, by, at)
    if returned := row.get("returned"):
        keeper = _account(returned["by"])
        return_records([(record.id, record.version)], why=returned["why"], by=keeper, at=at)


def _share(row: dict[str, Any], campaign: Campaign, data_dir: Path, at: dt.datetime) -> None:
    """Add the picture of a work and let its branch read it."""
    by, record = _account(row["by"]), _verified(Record.title == row["title"])
    _add_file(row, record, data_dir, by, at)
    kind = spec_of(campaign).kind(record.kind.code)
    share_record(record, kind, unit_id=record.branch_id or 0, by=by, at=at)


def _add_file(row: dict[str, Any], record: Record, data_dir: Path, by: User, at: dt.datetime) -> None:
    with (ROUND.parent / row["file"]).open("rb") as file:
        picture = check_file(file, row["called"])
    add_evidence(record, [picture], data_dir=data_dir, most=1, by=by, at=at)


def _verified(which: ColumnElement[bool]) -> Record:
    """The record of the demo's ledger that this names."""
    return db.session.scalars(select(Record).where(which, Record.status == Status.VERIFIED)).one()


def _account(login: str) -> User:
    user = user_by_login(login)
    assert user is not None  # the demo has just made its accounts
    return user
