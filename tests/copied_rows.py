"""Two people with a mark in every text of every table, put there by the tables themselves.

A new table or column is in it without a line here. Whoever acts on the rows of one is the other, so that a
name that goes along with an act would be seen.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Enum, String, Text, insert, text

from tests.maker import NOW
from tracker.db import Model, UTCDateTime, db
from tracker.models import Beat, Member, Status, User
from tracker.queries.copied_rows import Person
from tracker.rules.copies import SELF
from tracker.worker.copies import build_copy

MINE, THEIRS = "正", "禁"
TABLES = {table.name: table for table in Model.metadata.sorted_tables}
COLUMNS = [column for table in TABLES.values() for column in table.columns]
PLACES = {str(column): place for place, column in enumerate(COLUMNS)}
SECRET = "only-for-tests"
# Columns that say whose a row is, though they point to an account as an act does.
OWN = {"comment.by_id", "suggestion.by_id", "audit_event.actor_id"}


def mark_of(side: str, column: Any) -> str:
    """The mark of one side in one column; none is the beginning of another."""
    return f"{side}{PLACES[str(column)]}{side}"


def is_text(column: Any) -> bool:
    """Whether a column holds words, and not one of a list of choices."""
    return isinstance(column.type, String | Text | JSON) and not isinstance(column.type, Enum)


class Planted:
    """Rows of both sides in every table: side → table → id."""

    def __init__(self) -> None:
        self.ids: dict[str, dict[str, int]] = {MINE: {}, THEIRS: {}}
        self.fixed: set[str] = set()  # columns that hold no mark, for they must say something else
        with _without_checks():
            for table in sorted(TABLES.values(), key=lambda one: one.name == "try_count"):  # names an account
                for side in (MINE, THEIRS):
                    self._plant(side, table)

    def person(self, side: str = MINE) -> Person:
        """Whose copy is made."""
        ids = self.ids[side]
        return Person(
            db.session.get_one(Member, ids["member"]), db.session.get_one(User, ids["user_account"])
        )

    def _plant(self, side: str, table: Any) -> None:
        values = {column.name: self._value(side, column) for column in table.columns if column.name != "id"}
        given = {name: value for name, value in values.items() if value is not None}
        result = db.session.execute(insert(table).values(given))
        if "id" in table.columns:
            self.ids[side][table.name] = result.inserted_primary_key[0]  # type: ignore[attr-defined]

    def _value(self, side: str, column: Any) -> Any:
        name = f"{column.table.name}.{column.name}"
        own, other = self.ids[side], self.ids[THEIRS if side == MINE else MINE]
        special: dict[str, Any] = {
            "agenda_item.speaker": lambda: mark_of(side, TABLES["member"].c.name),
            "audit_event.subject_id": lambda: own["member"],
            "audit_event.subject_type": lambda: "member",
            "heartbeat.beat": lambda: list(Beat)[side == THEIRS],  # one row for each of them
            "paper.member_ids": lambda: [own["member"]],
            "record.status": lambda: Status.VERIFIED,
            "sealed_person.subject": lambda: mark_of(side, TABLES["record"].c.subject),
            "series.lead_ids": lambda: [own["member"]],
            "try_count.key": lambda: f"account:{own['user_account']}",
        }
        if name in special:
            self.fixed.add(name)
            value = special[name]()
            return value
        if column.foreign_keys:
            target = next(iter(column.foreign_keys)).column.table.name
            is_act = target == "user_account" and column.name != "user_id" and name not in OWN
            return (other if is_act and target in other else own).get(target)
        return _plain(side, column)


def _plain(side: str, column: Any) -> Any:
    if isinstance(column.type, Enum):
        return column.type.enum_class(column.type.enums[0])  # type: ignore[misc]
    mark = mark_of(side, column)
    if isinstance(column.type, JSON):
        return [mark] if column.name == "former_hashes" else {"x": mark}
    if isinstance(column.type, UTCDateTime):
        return NOW
    number = 1 if side == MINE else 2
    plain = {bool: False, dt.date: dt.date(2021, 3, number), bytes: b"x", str: mark, int: number}
    return plain[column.type.python_type]


@contextmanager
def _without_checks() -> Iterator[None]:
    """The rules of the tables hold nobody up: a mark is no state and no month.

    On PostgreSQL for the rest of the transaction. SQLite's connection is used by other tests after this one.
    """
    if db.engine.dialect.name == "sqlite":
        try:
            db.session.execute(text("PRAGMA ignore_check_constraints = ON"))
            yield
        finally:
            db.session.execute(text("PRAGMA ignore_check_constraints = OFF"))
        return
    found = db.session.execute(
        text(
            "SELECT conrelid::regclass, conname FROM pg_constraint"
            " WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
        )
    ).all()
    for table, name in found:
        db.session.execute(text(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"'))
    yield


class Opened:
    """A copy that was read back."""

    def __init__(self, content: bytes) -> None:
        self.zip = zipfile.ZipFile(io.BytesIO(content))
        self.names = self.zip.namelist()
        self.data: dict[str, Any] = json.loads(self.zip.read("数据.json"))
        with zipfile.ZipFile(io.BytesIO(self.zip.read("个人信息.xlsx"))) as book:
            self.book = "".join(book.read(name).decode() for name in book.namelist())
        self.everything = self.zip.read("数据.json").decode() + self.book + "".join(self.names)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """What the file for machines says of one table."""
        return self.data["tables"][table]["rows"]  # type: ignore[no-any-return]


def a_copy(person: Person, folder: Path, made_by: str = SELF) -> Opened:
    """A copy of what is in the database now."""
    target = folder / "copy.zip"
    build_copy(person, target, made_by=made_by, at=NOW, data_dir=folder, keys=(SECRET,))
    return Opened(target.read_bytes())
