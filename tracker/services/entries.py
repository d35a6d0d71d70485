"""Records that people enter by hand: one, several at once, pasted, from paper. By the rules of the import."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update

from tracker.db import db
from tracker.models import (
    Campaign,
    CoOrganiser,
    Member,
    Participation,
    Record,
    Status,
    User,
    Work,
)
from tracker.queries.access import reach_of
from tracker.queries.campaigns import spec_of
from tracker.rules.campaigns import Kind
from tracker.rules.cells import Raw
from tracker.rules.entries import check_rows
from tracker.rules.ledger_entries import Entry, base_of, content_digest, identity_digest
from tracker.rules.ledgers import LedgerPlan
from tracker.rules.reach import check_may_enter, check_people
from tracker.rules.refusal import N_, Problem, Refused
from tracker.services.audit import record_event
from tracker.services.ledger_comparison import check_days
from tracker.services.ledger_writing import FIELDS, people_of_entry
from tracker.services.ledgers import load_register
from tracker.services.records import CHANGED

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
    correcting: Record | None = None,
) -> LedgerPlan:
    """What these rows would write, and everything that is wrong with them, by the rules of the import.

    by:         rows for others than they may enter for are problems, as are people whom they may not see.
    correcting: the record that the only row replaces; its minutes are not counted twice.
    Whoever the rows are about is locked, so that two of these cannot fill one day beyond 24 hours.
    """
    reach = reach_of(by)
    plan = check_rows(
        kind, [(row.number, row.cells) for row in rows], spec_of(campaign), load_register(reach), today
    )
    for entry in plan.entries:
        try:
            check_may_enter(entry, reach)
            check_people(entry, reach)
        except Refused as refusal:
            plan.problems.append(Problem(entry.sheet, entry.row, None, refusal.msgid, refusal.params))
    if plan.problems:
        return plan
    people = sorted({person for entry in plan.entries for person in entry.people})
    db.session.execute(select(Member.id).where(Member.id.in_(people)).order_by(Member.id).with_for_update())
    if correcting is not None and plan.entries:
        plan.replaced[0] = correcting.id
    check_days(plan, campaign, spec_of(campaign))
    for entry in plan.entries:
        _identify(plan, entry, kind, campaign, correcting)
    return plan


def _identify(
    plan: LedgerPlan, entry: Entry, kind: Kind, campaign: Campaign, correcting: Record | None
) -> None:
    """Give the entry the identity by which a file recognises it: of equal facts, the next free one.

    Where the kind names what tells its records apart, an equal one is a problem instead; one that was
    reversed gives up its place to the entry that puts it right.
    """
    base, ordinal = base_of(entry, kind), 0
    taken = {one.identity for one in plan.entries if one is not entry and one.identity}
    while True:
        identity = identity_digest(base, ordinal)
        held = db.session.execute(
            select(Record.id, Record.status).where(
                Record.campaign_id == campaign.id, Record.identity == identity
            )
        ).first()
        is_free = identity not in taken and (held is None or (correcting and held.id == correcting.id))
        if is_free:
            break
        is_named = bool(kind.identity) and base != base_of(entry, kind, by_content=True)
        if is_named and held is not None and held.status is Status.REVERSED and identity not in taken:
            db.session.execute(update(Record).where(Record.id == held.id).values(identity=None))
            break
        if is_named:
            plan.problems.append(Problem(entry.sheet, entry.row, None, ALREADY))
            return
        ordinal += 1
    entry.identity, entry.content = identity, content_digest(entry)


def enter_records(
    plan: LedgerPlan,
    kind: Kind,
    campaign: Campaign,
    *,
    by: User,
    at: dt.datetime,
    text: str | None = None,
) -> list[Record]:
    """Write what was checked, as submitted: somebody else verifies it. Raises Refused if there are problems.

    text: of an essay, where the kind carries one.
    """
    _refuse_problems(plan)
    text = check_text(text, kind)
    register = load_register()
    kind_id = next(one.id for one in campaign.kinds if one.code == kind.code)
    records = []
    for entry in plan.entries:
        record = Record(
            campaign_id=campaign.id, kind_id=kind_id, status=Status.SUBMITTED, entered_by_id=by.id,
            entered_at=at,
            **{name: getattr(entry, name) for name in FIELDS},
        )  # fmt: skip
        db.session.add(record)
        db.session.flush()  # what belongs to it needs its id
        db.session.add_all(Participation(**row) for row in people_of_entry(entry, record.id, register))
        db.session.add_all(CoOrganiser(record_id=record.id, unit_id=unit) for unit in entry.co_organisers)
        if text is not None:
            db.session.add(Work(record_id=record.id, text=text))
        record_event(by, "record:enter", record, at)
        records.append(record)
    return records


def check_text(text: str | None, kind: Kind) -> str | None:
    """The essay's text as it is kept, None where the kind has none. Raises Refused if out of bounds."""
    if not kind.has_text:
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


def check_is_theirs(record: Record, by: User) -> None:
    """Raises Refused unless `by` entered the record or it is about them alone."""
    is_about = by.member_id is not None and record.member_id == by.member_id
    if record.entered_by_id != by.id and not is_about:
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
) -> None:
    """Put a record right that does not count yet; it waits for verification again.

    version: the one that was seen. Raises Refused if it changed since, was verified, or is not theirs.
    """
    check_is_theirs(record, by)
    _refuse_problems(plan)
    text = check_text(text, kind)
    (entry,) = plan.entries
    before = {name: getattr(record, name) for name in FIELDS}
    values = {name: getattr(entry, name) for name in FIELDS}
    _change(record, version, values | {"status": Status.SUBMITTED, "entered_by_id": by.id, "entered_at": at})
    db.session.execute(delete(Participation).where(Participation.record_id == record.id))
    db.session.execute(delete(CoOrganiser).where(CoOrganiser.record_id == record.id))
    db.session.refresh(record)
    db.session.add_all(Participation(**row) for row in people_of_entry(entry, record.id, load_register()))
    db.session.add_all(CoOrganiser(record_id=record.id, unit_id=unit) for unit in entry.co_organisers)
    changed = sorted(
        name for name in FIELDS if before[name] != values[name] and name not in ("identity", "content")
    )
    if text is not None:
        work = record.work or Work(record_id=record.id, text="")
        if work.text != text:
            changed.append("text")
        work.text = text
        db.session.add(work)
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
