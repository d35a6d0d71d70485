"""The ledger as pages show it: lists, and one record with its people and its history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select
from sqlalchemy.orm import joinedload, selectinload

from tracker.db import INT, db
from tracker.models import Campaign, CoOrganiser, Kind, Participation, Record, Unit, User
from tracker.queries.access import people_within
from tracker.queries.campaigns import spec_of
from tracker.queries.paging import PER_PAGE, Page, page_within
from tracker.queries.record_filters import (
    SORTS,
    RecordFilter,
    adds_by_record,
    conditions,
    hidden_kinds,
    may_sort_by_minutes,
    rows_behind,
)
from tracker.rules.pseudonyms import member_code

AT_ONCE = 1000  # rows that an export holds in memory
RELATED = (
    joinedload(Record.kind),
    selectinload(Record.member),
    selectinload(Record.branch),
    selectinload(Record.group),
    selectinload(Record.section),
    selectinload(Record.stories_told),
)


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One row of the list.

    code:     in place of the member's name, where it is hidden.
    people:   how many were in it, named or not; None where the row is one person's own.
    branches: how many further branches held it.
    stories:  how many were told at it.
    adds:     what it adds to the figure, in the measure's own unit; None without a figure.
    """

    record: Record
    code: str | None = None
    people: int | None = None
    branches: int = 0
    adds: int | None = None
    stories: int = 0


@dataclass(frozen=True, slots=True)
class Ledger:
    """A list that one reader asked for, not yet read.

    ids:    the records' ids, and what each adds.
    hidden: kinds whose people are shown as codes, made with `key`.
    """

    chosen: RecordFilter
    ids: Any
    hidden: frozenset[str]
    key: str
    may_sort_by_minutes: bool


@dataclass(frozen=True, slots=True)
class Person:
    """One attendance as the reader may see it."""

    participation: Participation
    code: str | None


@dataclass(frozen=True, slots=True)
class People:
    """Who was in a record: those whom the reader may see, and how many others."""

    seen: tuple[Person, ...]
    others: int

    @property
    def present(self) -> int:
        """Everybody whose attendance counts."""
        return self.others + sum(1 for person in self.seen if person.participation.reversed_at is None)


def ledger(campaign: Campaign, chosen: RecordFilter, user: User, key: str) -> Ledger:
    """The list of records that `user` chose and may see.

    key: the installation's secret, for the codes that stand in place of names.
    """
    spec = spec_of(campaign)
    hidden = hidden_kinds(user, spec)
    where = conditions(chosen, campaign.id, campaign.kinds, user, hidden)
    ids: Any = select(Record.id, literal(None, INT).label("adds")).select_from(Record)
    if chosen.figure:
        behind = rows_behind(campaign, chosen, chosen.figure)
        if behind is None:
            where.append(literal(1) == literal(0))
        else:
            adds = adds_by_record(behind)
            ids = select(Record.id, adds.c.adds).join(adds, adds.c.record_id == Record.id)
    return Ledger(chosen, ids.where(*where), hidden, key, may_sort_by_minutes(chosen, hidden))


def ledger_page(asked: Ledger) -> Page[LedgerRow]:
    """One page of the list. Statements do not grow with the rows."""
    total = db.session.scalar(select(func.count()).select_from(asked.ids.subquery())) or 0
    page = page_within(asked.chosen.page, total)
    found = db.session.execute(in_order(asked).limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    return Page(ledger_rows_of(found, asked.hidden, asked.key), page, total)


def ledger_rows(asked: Ledger, most: int) -> Iterator[LedgerRow]:
    """All rows of the list in its order, at most `most`; a thousand at a time are in memory."""
    found = db.session.execute(in_order(asked).limit(most)).all()
    for start in range(0, len(found), AT_ONCE):
        # The session holds what it read only weakly: rows go when whoever reads them is through.
        yield from ledger_rows_of(found[start : start + AT_ONCE], asked.hidden, asked.key)


def in_order(asked: Ledger) -> Any:
    """The ids of the list and what each adds, as a statement in the order that was asked for."""
    key = asked.chosen.sort.removeprefix("-")
    if key not in SORTS or (key == "minutes" and not asked.may_sort_by_minutes):
        key = "day"
    columns: dict[str, list[ColumnElement[Any]]] = {
        "day": [Record.happened_on.expression],
        "kind": [Kind.position.expression, Record.happened_on.expression],
        "branch": [Unit.position.expression, Unit.id.expression, Record.happened_on.expression],
        "minutes": [Record.minutes.expression],
        "entered": [Record.entered_at.expression],
    }
    statement = asked.ids
    if key == "kind":
        statement = statement.join(Kind, Kind.id == Record.kind_id)
    if key == "branch":
        statement = statement.join(Unit, Unit.id == Record.branch_id, isouter=True)
    is_down = asked.chosen.sort.startswith("-")
    orders = [(column.desc() if is_down else column.asc()).nulls_last() for column in columns[key]]
    return statement.order_by(*orders, Record.id.desc() if is_down else Record.id.asc())


def ledger_rows_of(found: Sequence[Any], hidden: frozenset[str], key: str) -> list[LedgerRow]:
    """Records as rows of a list, in the order given. Statements do not grow with the rows.

    found:  pairs of a record's id and what it adds.
    hidden: kinds whose people are shown as codes, made with `key`.
    """
    ids = [record_id for record_id, _ in found]
    records = {
        record.id: record
        for record in db.session.scalars(select(Record).where(Record.id.in_(ids)).options(*RELATED))
    }
    people, branches = people_in(ids), joint_with(ids)
    lines = []
    for record_id, adds in found:
        record, code, present = records[record_id], None, None
        if record.member_id is None:
            present = record.headcount or people.get(record.id, 0)
        elif record.kind.code in hidden:
            code = member_code(key, record.member_id)
        lines.append(
            LedgerRow(record, code, present, branches.get(record.id, 0), adds, len(record.stories_told))
        )
    return lines


def people_in(ids: Sequence[int]) -> dict[int, int]:
    """How many people were in each of these records by name; those with none are left out."""
    return _counts(
        select(Participation.record_id, func.count())
        .where(Participation.record_id.in_(ids), Participation.reversed_at.is_(None))
        .group_by(Participation.record_id)
    )


def joint_with(ids: Sequence[int]) -> dict[int, int]:
    """How many further branches held each of these records; those with none are left out."""
    return _counts(
        select(CoOrganiser.record_id, func.count())
        .where(CoOrganiser.record_id.in_(ids))
        .group_by(CoOrganiser.record_id)
    )


def _counts(statement: Select[int, int]) -> dict[int, int]:
    return {row[0]: row[1] for row in db.session.execute(statement)}


def types_used(campaign: Campaign, code: str | None) -> list[str]:
    """The types that the ledger's rows have, of the kind with that code or of all."""
    within = Record.campaign_id == campaign.id, Record.type.is_not(None)
    statement = select(Record.type).where(*within).distinct()
    if code:
        statement = statement.join(Kind, Kind.id == Record.kind_id).where(Kind.code == code)
    return sorted(str(name) for name in db.session.scalars(statement))


def people_of(record: Record, user: User, campaign: Campaign, key: str) -> People:
    """Who was in the record: readers see the people of their own units by name, and how many others."""
    hidden = record.kind.code in hidden_kinds(user, spec_of(campaign))
    statement = (
        select(Participation)
        .where(Participation.record_id == record.id)
        .order_by(Participation.id)
        .options(joinedload(Participation.member), joinedload(Participation.branch))
    )
    there = select(func.count()).where(
        Participation.record_id == record.id, Participation.reversed_at.is_(None)
    )
    others = (db.session.scalar(there) or 0) - (db.session.scalar(there.where(people_within(user))) or 0)
    statement = statement.where(people_within(user))
    seen = [
        Person(row, member_code(key, row.member_id) if hidden else None)
        for row in db.session.scalars(statement)
    ]
    return People(tuple(seen), others)


def co_organisers_of(record: Record) -> list[Unit]:
    """The further branches that held a joint session."""
    return list(
        db.session.scalars(
            select(Unit)
            .join(CoOrganiser, CoOrganiser.unit_id == Unit.id)
            .where(CoOrganiser.record_id == record.id)
            .order_by(CoOrganiser.id)
        )
    )
