"""The ledger as a sheet has it: up to 200,000 rows, read without making an object of each record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from tracker.db import db
from tracker.models import Kind, Member, Record, Story, Unit
from tracker.queries.records import AT_ONCE, Ledger, in_order, joint_with, people_in
from tracker.rules.pseudonyms import member_code

BRANCH, GROUP, SECTION = aliased(Unit), aliased(Unit), aliased(Unit)
COLUMNS = (
    *(Record.id, Record.happened_on, Record.is_dated, Record.owner_type, Record.member_id, Record.status),
    *(Record.ref, Record.type, Record.title, Record.category, Record.source, Record.place, Record.community),
    *(Record.subject, Record.minutes, Record.quantity, Record.people_served, Record.headcount, Record.stage),
    *(Record.ended_on, Record.due_on),
    *(Kind.code.label("kind_code"), Kind.name.label("kind_name"), Member.name.label("member_name")),
    *(BRANCH.name.label("branch_name"), GROUP.name.label("group_name"), SECTION.name.label("section_name")),
)


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One row of a sheet.

    values:  what the record holds, by the names of COLUMNS.
    code:    in place of the member's name, where it is hidden.
    people:  how many were in it, named or not; None where the row is one person's own.
    joint:   how many further branches held it.
    adds:    what it adds to the figure, in the measure's own unit; None without a figure.
    stories: the titles of the stories that were told, in one line; None if there were none.
    """

    values: Any
    code: str | None
    people: int | None
    joint: int
    adds: int | None
    stories: str | None


def record_lines(asked: Ledger, most: int) -> Iterator[RecordLine]:
    """All rows of the list in its order, at most `most`. Four statements a thousand."""
    found = db.session.execute(in_order(asked).limit(most)).all()
    for start in range(0, len(found), AT_ONCE):
        yield from _lines(found[start : start + AT_ONCE], asked.hidden, asked.key)


def _lines(found: Sequence[Any], hidden: frozenset[str], key: str) -> Iterator[RecordLine]:
    ids = [record_id for record_id, _ in found]
    rows = {row.id: row for row in db.session.execute(_values().where(Record.id.in_(ids)))}
    people, joint, told = people_in(ids), joint_with(ids), _stories(ids)
    for record_id, adds in found:
        row, code, present = rows[record_id], None, None
        if row.member_id is None:
            present = row.headcount or people.get(record_id, 0)
        elif row.kind_code in hidden:
            code = member_code(key, row.member_id)
        stories = "、".join(told[record_id]) if record_id in told else None
        yield RecordLine(row, code, present, joint.get(record_id, 0), adds, stories)


def _values() -> Any:
    return (
        select(*COLUMNS)
        .select_from(Record)
        .join(Kind, Kind.id == Record.kind_id)
        .outerjoin(Member, Member.id == Record.member_id)
        .outerjoin(BRANCH, BRANCH.id == Record.branch_id)
        .outerjoin(GROUP, GROUP.id == Record.group_id)
        .outerjoin(SECTION, SECTION.id == Record.section_id)
    )


def _stories(ids: Sequence[int]) -> dict[int, list[str]]:
    statement = (
        select(Story.record_id, Story.title)
        .where(Story.record_id.in_(ids))
        .order_by(Story.record_id, Story.ordinal)
    )
    told: dict[int, list[str]] = {}
    for record_id, title in db.session.execute(statement):
        told.setdefault(record_id, []).append(title)
    return told
