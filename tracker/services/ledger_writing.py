"""Writes the entries of a ledger in bulk: plain rows, a few thousand in one statement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, cast

from sqlalchemy import Table, delete, exists, func, insert, select, text, update

from tracker.db import db
from tracker.models import (
    Absence,
    AgendaItem,
    Batch,
    Campaign,
    CoOrganiser,
    Meeting,
    Participation,
    Record,
    Resolution,
    Status,
    Story,
    User,
)
from tracker.rules.ledger_entries import Entry
from tracker.rules.ledgers import LedgerPlan
from tracker.rules.registers import Register
from tracker.rules.stories import Told, story_key
from tracker.services.terms import learn_terms, terms_of

CHUNK = 2_000
CORRECTED = "导入更正"  # kept with the record, in the campaign's language
FIELDS = (
    "happened_on", "is_dated", "ref", "ended_on", "due_on", "minutes", "quantity", "people_served",
    "headcount", "type", "category", "source", "title", "place", "community", "subject", "stage",
    "owner_type", "member_id", "branch_id", "group_id", "section_id", "identity", "content",
)  # fmt: skip

Row = dict[str, Any]


def write_entries(
    plan: LedgerPlan,
    register: Register,
    *,
    campaign: Campaign,
    batch: Batch,
    by: User,
    at: dt.datetime,
    as_verified: bool,
) -> list[Sequence[object]]:
    """Insert records, participations and co-organisers; reverse what they replace.

    Returns (id, identity) of every stored record that gave its identity up to its correction.
    """
    replaced = _replace(plan, batch, by, at)
    reversed_people = _reversed_people(list(plan.replaced.values()))
    entries = [(n, entry) for n, entry in enumerate(plan.entries) if n not in plan.skipped]
    ids = _new_ids(len(entries))
    kinds = {kind.code: kind.id for kind in campaign.kinds}
    shared: Row = {
        "campaign_id": campaign.id, "batch_id": batch.id, "entered_by_id": by.id, "entered_at": at,
        "version": 1, "status": Status.SUBMITTED,
    }  # fmt: skip
    if as_verified:
        shared |= {"status": Status.VERIFIED, "verified_by_id": by.id, "verified_at": at}
    for start in range(0, len(entries), CHUNK):
        chunk = entries[start : start + CHUNK]
        # A kind fills few of the columns; those that nobody fills are left out of the statement.
        fields = [name for name in FIELDS if any(getattr(entry, name) is not None for _, entry in chunk)]
        rows: list[Row] = []
        people: list[Row] = []
        taken_out: list[Row] = []
        further: list[Row] = []
        told: list[Row] = []
        for record_id, (position, entry) in zip(ids[start : start + CHUNK], chunk, strict=True):
            row = {name: getattr(entry, name) for name in fields}
            row["id"], row["kind_id"] = record_id, kinds[entry.kind]
            row["batch_sheet"], row["batch_row"] = entry.sheet[:40], entry.row
            rows.append(row | shared | ({"late_why": late_why_of(plan, position)} if plan.late else {}))
            gone = reversed_people.get(plan.replaced.get(position, 0), {})
            for person in people_of_entry(entry, record_id, register):
                if person["member_id"] in gone:
                    taken_out.append(person | gone[person["member_id"]])
                else:
                    people.append(person)
            further.extend({"record_id": record_id, "unit_id": unit} for unit in entry.co_organisers)
            told.extend(stories_of_entry(entry, record_id))
        for model, made in (
            (Record, rows),
            (Participation, people),
            (Participation, taken_out),
            (CoOrganiser, further),
            (Story, told),
        ):
            if made:
                db.session.connection().execute(insert(cast("Table", model.__table__)), made)
    learn_terms(terms_of(entry for _, entry in entries) | _titles_told(entries))
    new_ids = {position: record_id for record_id, (position, _) in zip(ids, entries, strict=True)}
    if plan.replaced:
        _carry_along({old: new_ids[position] for position, old in plan.replaced.items()})
    return replaced


def _titles_told(entries: Sequence[tuple[int, Entry]]) -> set[str | None]:
    return {told.title for _, entry in entries for told in entry.stories}


def late_why_of(plan: LedgerPlan, position: int) -> str | None:
    """Why an entry comes late; None if its period is open."""
    return plan.late_why if position in plan.late else None


def people_of_entry(entry: Entry, record_id: int, register: Register) -> Iterator[Row]:
    """A participation for each person, with the places of that day."""
    for member_id in entry.people:
        day = entry.happened_on if entry.is_dated else None
        stay = register.place(member_id, day) if day else register.first_place(member_id)
        yield {
            "record_id": record_id, "member_id": member_id, "minutes": entry.minutes, "version": 1,
            "branch_id": stay.branch_id if stay else None, "group_id": stay.group_id if stay else None,
            "section_id": stay.section_id if stay else None,
        }  # fmt: skip


def stories_of_entry(entry: Entry, record_id: int) -> Iterator[Row]:
    """The stories told, in their order."""
    for ordinal, told in enumerate(entry.stories, start=1):
        yield {"record_id": record_id, "ordinal": ordinal, "key": story_key(told.title), **told._asdict()}


def told_of(record: Record) -> tuple[Told, ...]:
    """The stories of a record as an entry holds them."""
    return tuple(Told(story.title, story.member_id, story.teller) for story in record.stories_told)


def _carry_along(new_ids: dict[int, int]) -> None:
    """What stands beside a session stands beside the record that corrects it. new_ids: old id → new one."""
    for model in (Absence, AgendaItem, Resolution):
        table = cast("Table", model.__table__)
        rows = db.session.execute(select(table).where(table.c.record_id.in_(new_ids))).mappings()
        copies = [
            {name: value for name, value in row.items() if name != "id"}
            | {"record_id": new_ids[row["record_id"]]}
            for row in rows
        ]
        if copies:
            db.session.connection().execute(insert(table), copies)
    there = exists().where(
        Participation.record_id == Absence.record_id, Participation.member_id == Absence.member_id
    )
    db.session.execute(delete(Absence).where(Absence.record_id.in_(new_ids.values()), there))
    # Minutes point to one record that tells of their meeting: they are not copied, they point to the new one.
    for meeting in db.session.scalars(select(Meeting).where(Meeting.record_id.in_(new_ids))).all():
        record = db.session.get_one(Record, new_ids[meeting.record_id or 0])
        meeting.record_id, meeting.held_on = record.id, record.happened_on


def _new_ids(count: int) -> list[int]:
    """Ids for `count` records, so that their participations can be written without asking back.

    SQLite has one writer, and this transaction is it; PostgreSQL's sequence gives out each number once.
    """
    if db.engine.dialect.name == "sqlite":
        last = db.session.scalar(select(func.max(Record.id))) or 0
        return list(range(last + 1, last + 1 + count))
    drawn = text("SELECT nextval(pg_get_serial_sequence('record', 'id')) FROM generate_series(1, :count)")
    return list(db.session.scalars(drawn, {"count": count}))


def _replace(plan: LedgerPlan, batch: Batch, by: User, at: dt.datetime) -> list[Sequence[object]]:
    """Reverse the records that entries correct, and take their identities."""
    given_up: list[Sequence[object]] = []
    for position, record_id in plan.replaced.items():
        given_up.append((record_id, plan.entries[position].identity))
    for start in range(0, len(given_up), CHUNK):
        ids = [int(str(record_id)) for record_id, _ in given_up[start : start + CHUNK]]
        chosen = update(Record).where(Record.id.in_(ids)).execution_options(synchronize_session=False)
        db.session.execute(
            chosen.where(Record.status != Status.REVERSED).values(
                status=Status.REVERSED, reversed_at=at, reversed_by_id=by.id, reversed_why=CORRECTED,
                returned_at=None, returned_by_id=None, returned_why=None,
                replaced_in_id=batch.id, version=Record.version + 1,
            )
        )  # fmt: skip
        db.session.execute(chosen.values(identity=None))
    return given_up


def _reversed_people(record_ids: list[int]) -> dict[int, dict[int, Row]]:
    """Who was taken out of the records one by one: a correction of the record does not bring them back."""
    found: dict[int, dict[int, Row]] = {}
    for start in range(0, len(record_ids), CHUNK):
        rows = db.session.scalars(
            select(Participation).where(
                Participation.record_id.in_(record_ids[start : start + CHUNK]),
                Participation.reversed_at.is_not(None),
            )
        )
        for row in rows:
            found.setdefault(row.record_id, {})[row.member_id] = {
                "reversed_at": row.reversed_at,
                "reversed_by_id": row.reversed_by_id,
                "reversed_why": row.reversed_why,
            }
    return found
