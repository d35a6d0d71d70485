"""Everything that is kept about one person, by the catalogue: rows about them, what they did, their files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Table, select

from tracker.db import Model, db
from tracker.files.personal_catalogue import catalogue
from tracker.models import AuditEvent, Campaign, Evidence, Grant, Kind, Member, Unit, User
from tracker.queries.copied_rows import Person, files_about, whose
from tracker.queries.users import COMMAND_LINE as COMMANDS
from tracker.rules.copies import COMMAND_LINE, OFFICE, CopiedFile, Deed, Named, PersonCopy, Section, Who
from tracker.rules.personal_data import Copied

PEOPLE = ("user_account", "member")
NAMED: dict[str, Any] = {
    "unit": select(Unit.id, Unit.name),
    "kind": select(Kind.id, Kind.name, Kind.code),
    "campaign": select(Campaign.id, Campaign.name, Campaign.code),
}


def moment_beside(column: Any) -> Any | None:
    """The column that says when somebody did what `column` says they did; None if there is none."""
    stem = column.name.removesuffix("_id")
    if stem != "by" and not stem.endswith("_by"):
        return None
    columns = column.table.columns
    return next((columns[stem[:-2] + end] for end in ("at", "on") if stem[:-2] + end in columns), None)


def columns_of_deeds() -> list[Any]:
    """Every column that says who did something, by table and place."""
    return [
        column
        for table in Model.metadata.sorted_tables
        if table.name != AuditEvent.__tablename__
        for column in table.columns
        if any(key.column.table.name in PEOPLE for key in column.foreign_keys)
    ]


def copy_of(
    person: Person, made_by: str, step: Callable[[int, int], None] = lambda done, total: None
) -> PersonCopy:
    """Everything about a person; what only they may see is left out of what the office makes.

    step: told after each table how many are done, of how many.
    """
    tables = {table.name: table for table in Model.metadata.sorted_tables}
    taken = [one for one in catalogue().copies.values() if made_by != OFFICE or not one.is_own]
    raw: list[tuple[Copied, list[Any]]] = []
    for done, one in enumerate(taken, 1):
        raw.append((one, _rows(tables[one.table], one, person)))
        step(done, len(taken) + 1)
    read = _Reader(person, _accounts_in(raw))
    sections = [
        Section(
            one.table,
            one.title,
            {_field(tables[one.table], name): heading for name, heading in one.columns.items()},
            [read.row(one, tables[one.table], row) for row in rows],
        )
        for one, rows in raw
    ]
    subject = person.member or person.user
    if subject is None:
        raise ValueError("a copy is of a member or of an account")
    return PersonCopy(
        person.member.number if person.member else (person.user.login if person.user else ""),
        subject.name,
        made_by,
        sections,
        _deeds(person, raw),
        _files_of(person),
    )


def _rows(table: Table, one: Copied, person: Person) -> list[Any]:
    columns = [table.c[name] for name in one.columns]
    extra = [column for column in _keys(table) if column.name not in one.columns]
    order = list(table.primary_key.columns)
    return list(
        db.session.execute(select(*columns, *extra).where(whose(table, person)).order_by(*order)).mappings()
    )


def _keys(table: Table) -> list[Any]:
    """What is read beside the copied columns: the row's id, and whether a record is somebody's alone."""
    return [column for column in table.columns if column.primary_key or column.name == "member_id"]


def _points_to(table: Table, name: str) -> str | None:
    return next((key.column.table.name for key in table.c[name].foreign_keys), None)


def _field(table: Table, name: str) -> str:
    """The name of a column in the copy: an account, a unit, a kind is told there, and not its number."""
    is_told = _points_to(table, name) in (*PEOPLE, *NAMED)
    return name.removesuffix("_id") if is_told else name


def _accounts_in(raw: list[tuple[Copied, list[Any]]]) -> set[int]:
    tables = {table.name: table for table in Model.metadata.sorted_tables}
    return {
        row[name]
        for one, rows in raw
        for name in one.columns
        if _points_to(tables[one.table], name) == User.__tablename__
        for row in rows
        if row[name] is not None
    }


class _Reader:
    """Turns what a row holds into what the copy says: no name of anybody else."""

    def __init__(self, person: Person, accounts: Iterable[int]) -> None:
        self.person = person
        self.named = {
            table: {row[0]: Named(*row) for row in db.session.execute(statement)}
            for table, statement in NAMED.items()
        }
        self.roles: dict[int, list[tuple[str, str | None]]] = {}
        held = (
            select(Grant.user_id, Grant.role, Unit.name)
            .outerjoin(Unit, Unit.id == Grant.unit_id)
            .where(Grant.user_id.in_(sorted(accounts)))
            .order_by(Grant.id)
        )
        for user_id, role, unit in db.session.execute(held):
            self.roles.setdefault(user_id, []).append((str(role), unit))
        for machine in db.session.scalars(select(User.id).where(User.login == COMMANDS)):
            self.roles[machine] = [(COMMAND_LINE, None)]

    def row(self, one: Copied, table: Table, row: Mapping[Any, Any]) -> dict[str, Any]:
        """One row: name of a field → what the copy says of it."""
        is_shared = bool(one.alone) and row["member_id"] != self.person.member_id
        return {
            _field(table, name): None
            if is_shared and name in one.alone
            else self.value(table, name, row[name])
            for name in one.columns
        }

    def value(self, table: Table, name: str, value: Any) -> Any:
        target = _points_to(table, name)
        if value is None:
            return None
        if target == User.__tablename__:
            return Who(value == self.person.user_id, tuple(self.roles.get(value, ())))
        if target == Member.__tablename__:
            return Who(value == self.person.member_id)
        return self.named[target].get(value) if target in self.named else value


def _deeds(person: Person, raw: list[tuple[Copied, list[Any]]]) -> list[Deed]:
    """What the person did to rows that are not in the copy, by table, column and number."""
    shown = {one.table: {row["id"] for row in rows if "id" in row} for one, rows in raw}
    left_out = {one.table for one in catalogue().copies.values()} - shown.keys()
    found = []
    for column in columns_of_deeds():
        table = column.table
        is_user = any(key.column.table.name == User.__tablename__ for key in column.foreign_keys)
        own_id = person.user_id if is_user else person.member_id
        if table.name in left_out or not own_id or "id" not in table.columns:
            continue
        when = moment_beside(column)
        rows = db.session.execute(
            select(table.c.id, *([when] if when is not None else []))
            .where(column == own_id)
            .order_by(table.c.id)
        )
        for row in rows:
            if row[0] not in shown.get(table.name, ()):
                found.append(Deed(table.name, column.name, row[0], row[1] if when is not None else None))
    return found


def _files_of(person: Person) -> list[CopiedFile]:
    rows = db.session.execute(
        select(Evidence.id, Evidence.name, Evidence.stored_as)
        .where(files_about(person), Evidence.removed_at.is_(None))
        .order_by(Evidence.id)
    )
    return [CopiedFile(*row) for row in rows]
