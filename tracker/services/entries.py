"""Records that people enter by hand: one, several at once, pasted, from paper. By the rules of the import."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, update

from tracker.db import db
from tracker.models import (
    Campaign,
    CoOrganiser,
    Paper,
    Participation,
    Record,
    Status,
    Story,
    User,
)
from tracker.queries.access import reach_of
from tracker.queries.campaigns import spec_of
from tracker.rules.campaigns import Kind
from tracker.rules.cells import Raw
from tracker.rules.entries import check_rows
from tracker.rules.ledger_entries import Entry, content_digest
from tracker.rules.ledgers import LedgerPlan
from tracker.rules.reach import Reach, check_may_enter, check_people, check_stage
from tracker.rules.refusal import N_, Problem, Refused
from tracker.rules.registers import Register
from tracker.services.absences import drop_overtaken
from tracker.services.audit import record_event
from tracker.services.closes import hold_entries
from tracker.services.entry_identities import free_identity, give_up_identities
from tracker.services.entry_locks import lock_days
from tracker.services.ledger_comparison import check_days
from tracker.services.ledger_writing import (
    FIELDS,
    late_why_of,
    people_of_entry,
    stories_of_entry,
    told_of,
)
from tracker.services.ledgers import load_register
from tracker.services.records import CHANGED
from tracker.services.terms import learn_terms, terms_of
from tracker.services.tick_totals import refuse_beside_ticks
from tracker.services.works import keep_text

SHORTEST_TEXT, LONGEST_TEXT = 20, 50_000
ALREADY = N_(
    "A record with the same particulars is in the ledger already. Look it up before you enter it again."
)
OPEN = (Status.SUBMITTED, Status.RETURNED)  # what may still be corrected or withdrawn


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it was typed: field of the kind -> text; `number` is what its problems are told with."""

    number: int
    cells: Mapping[str, Raw]


def check_entries(
    campaign: Campaign,
    kind: Kind,
    rows: Sequence[Row],
    *,
    by: User,
    today: dt.date,
    at: dt.datetime,
    correcting: Record | None = None,
    late_why: str = "",
) -> LedgerPlan:
    """What these rows would write, and everything that is wrong with them, by the rules of the import.

    by:         rows for others than they may enter for are problems, as are people whom they may not see.
    correcting: the record that the only row replaces; its minutes are not counted twice.
    late_why:   why rows of closed periods come late; without it they are problems.
    Nothing is written. Whoever the rows are about is locked, see `entry_locks`.
    """
    reach, spec = reach_of(by), spec_of(campaign)
    register = load_register(reach)
    plan = check_rows(kind, [(row.number, row.cells) for row in rows], spec, register, today)
    add_reach_problems(plan, kind, reach, register)
    if plan.problems:
        return plan
    lock_days(plan, campaign, kind, register)
    if plan.problems:
        return plan
    if correcting is not None:
        plan.replaced[0] = correcting.id
    check_days(plan, campaign, spec)
    refuse_beside_ticks(plan, campaign)
    hold_entries(plan, campaign, register, late_why, at)
    taken: set[str] = set()
    for entry in plan.entries:
        entry.content = content_digest(entry)
        identity = free_identity(plan, entry, kind, campaign, correcting, taken)
        if identity is None:
            plan.problems.append(Problem(entry.sheet, entry.row, None, ALREADY))
            continue
        taken.add(identity)
        entry.identity = identity
    return plan


def add_reach_problems(plan: LedgerPlan, kind: Kind, reach: Reach, register: Register) -> None:
    """Add a problem for each entry that is not theirs to enter as it is, or names people not theirs then."""
    for entry in plan.entries:
        try:
            check_may_enter(entry, reach)
            check_people(entry, reach, register)
            check_stage(entry, kind, reach)
        except Refused as refusal:
            column = kind.column(refusal.field) if refusal.field in ("stage", "stories") else None
            heading = column.heading if column else None
            plan.problems.append(Problem(entry.sheet, entry.row, heading, refusal.msgid, refusal.params))


def enter_records(
    plan: LedgerPlan,
    kind: Kind,
    campaign: Campaign,
    *,
    by: User,
    at: dt.datetime,
    text: str | None = None,
    has_files: bool = False,
    paper: Paper | None = None,
    is_list: bool = False,
) -> list[Record]:
    """Write what was checked, as submitted: somebody else verifies it. Raises Refused if there are problems.

    text:    of an essay, where the kind carries one; `has_files`: files may stand in its place.
    paper:   the sheet from which the rows were keyed in.
    is_list: rows of a list carry no text, whatever their kind.
    """
    _refuse_problems(plan)
    kept = None if is_list else check_text(text, kind, has_files=has_files)
    kind_id = next(one.id for one in campaign.kinds if one.code == kind.code)
    give_up_identities(plan)
    entries = [(n, entry) for n, entry in enumerate(plan.entries) if n not in plan.skipped]
    records = [
        Record(
            campaign_id=campaign.id, kind_id=kind_id, status=Status.SUBMITTED, entered_by_id=by.id,
            entered_at=at, paper_id=paper.id if paper else None,
            late_why=late_why_of(plan, position), **{name: getattr(entry, name) for name in FIELDS},
        )
        for position, entry in entries
    ]  # fmt: skip
    db.session.add_all(records)
    db.session.flush()  # what belongs to them needs their ids
    for record, (_, entry) in zip(records, entries, strict=True):
        _add_people(record, entry, plan)
        if kept is not None:
            keep_text(record, kept)
        record_event(by, "record:enter", record, at, **({"paper_id": paper.id} if paper else {}))
    return records


def _add_people(record: Record, entry: Entry, plan: LedgerPlan) -> None:
    register = plan.register
    assert register is not None  # `lock_days` gave it the one that it was checked with
    db.session.add_all(Participation(**row) for row in people_of_entry(entry, record.id, register))
    db.session.add_all(CoOrganiser(record_id=record.id, unit_id=unit) for unit in entry.co_organisers)
    db.session.add_all(Story(**row) for row in stories_of_entry(entry, record.id))


def check_text(text: str | None, kind: Kind, *, has_files: bool = False) -> str | None:
    """The essay's text as it is kept, None where the kind has none or it is left to files. Raises Refused if
    out of bounds."""
    if not kind.has_text or (has_files and not (text or "").strip()):
        return None
    text = (text or "").replace("\r\n", "\n").strip("\n")
    if len("".join(text.split())) < SHORTEST_TEXT:
        raise Refused(N_("Write at least %(least)d characters."), "text", least=SHORTEST_TEXT)
    if len(text) > LONGEST_TEXT:
        raise Refused(N_("Write at most %(most)d characters."), "text", most=LONGEST_TEXT)
    return text


def _refuse_problems(plan: LedgerPlan) -> None:
    if plan.problems:
        first = plan.problems[0]
        raise Refused(first.msgid, first.column, **dict(first.params))


def is_theirs(record: Record, by: User) -> bool:
    """Whether `by` entered the record, or it is about them alone."""
    is_about = by.member_id is not None and record.member_id == by.member_id
    return record.entered_by_id == by.id or is_about


def may_change(record: Record, by: User) -> bool:
    """Whether `by` may withdraw the record as it stands, and correct it unless it is a later stage."""
    return record.status in OPEN and is_theirs(record, by)


def check_is_theirs(record: Record, by: User) -> None:
    if not is_theirs(record, by):
        raise Refused(N_("Only whoever entered a record, or whom it is about, can change it."))


def correct_record(
    record: Record,
    plan: LedgerPlan,
    kind: Kind,
    *,
    version: int,
    by: User,
    at: dt.datetime,
    text: str | None = None,
    has_files: bool = False,
) -> None:
    """Put a record right that does not count yet; it waits for verification again.

    version: the one that was seen. Raises Refused if it changed since, was verified, or is not theirs.
    """
    check_is_theirs(record, by)
    _refuse_problems(plan)
    text = check_text(text, kind, has_files=has_files)
    if len(plan.entries) != 1:  # a title that the campaign's lists no longer have is no field of any form
        raise Refused(N_("Nothing of this record can be corrected. Withdraw it and enter it anew."))
    (entry,) = plan.entries
    before = {name: getattr(record, name) for name in FIELDS}
    told = told_of(record)
    values = {name: getattr(entry, name) for name in FIELDS}
    late_why = late_why_of(plan, 0)
    give_up_identities(plan)
    entered = {"entered_by_id": by.id, "entered_at": at, "late_why": late_why}
    _change(record, version, values | entered | {"status": Status.SUBMITTED})
    learn_terms(terms_of(plan.entries))
    db.session.execute(delete(Participation).where(Participation.record_id == record.id))
    db.session.execute(delete(CoOrganiser).where(CoOrganiser.record_id == record.id))
    db.session.execute(delete(Story).where(Story.record_id == record.id))
    db.session.refresh(record)
    _add_people(record, entry, plan)
    changed = sorted(
        name for name in FIELDS if before[name] != values[name] and name not in ("identity", "content")
    )
    drop_overtaken(record)
    if told != entry.stories:
        changed.append("stories")
    if kind.has_text and keep_text(record, text):
        changed.append("text")
    amounts = {
        name: [before[name], values[name]]
        for name in ("minutes", "quantity", "people_served", "headcount")
        if name in changed
    }
    record_event(by, "record:correct", record, at, fields=changed, amounts=amounts)


def withdraw_record(record: Record, *, version: int, by: User, at: dt.datetime) -> None:
    """Take back a record that does not count yet. It stays as withdrawn, and a file may bring it again."""
    check_is_theirs(record, by)
    _change(record, version, {"status": Status.WITHDRAWN, "identity": None})
    db.session.refresh(record)
    record_event(by, "record:withdraw", record, at)


def _change(record: Record, version: int, values: dict[str, object]) -> None:
    """One conditional UPDATE of a record that does not count yet; what was returned is so no more."""
    changed = db.session.execute(
        update(Record)
        .where(Record.id == record.id, Record.status.in_(OPEN), Record.version == version)
        .values(version=version + 1, returned_at=None, returned_by_id=None, returned_why=None, **values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        raise Refused(CHANGED)
