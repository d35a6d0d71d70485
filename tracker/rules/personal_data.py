"""The catalogue of personal data: what is kept about people, why, for how long, and who sees it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LEVELS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Entry:
    """Some columns that are kept for one purpose. Texts are in the language of the catalogue.

    columns: as 'table.column'.
    level:   1 open inside the bureau, 2 personal, 3 sensitive.
    """

    columns: tuple[str, ...]
    what: str
    why: str
    level: int
    basis: str
    kept: str
    seen_by: str


@dataclass(frozen=True, slots=True)
class Level:
    """A level of protection: its number, its name, and what it means."""

    number: int
    name: str
    means: str


@dataclass(frozen=True, slots=True)
class Copied:
    """What of one table goes into the copy that a person takes of their own data.

    columns: name → heading, in order.
    alone:   columns that go along only where the row is the person's alone.
    is_own:  only in what the person takes themself.
    """

    table: str
    title: str
    columns: Mapping[str, str]
    alone: frozenset[str]
    is_own: bool


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The whole catalogue.

    groups:   title → entries.
    other:    column → why it says nothing about a person.
    copies:   what goes into a person's copy, by table, in the order of the copy.
    withheld: column → why it stays out of the copy.
    words:    column of a choice → its value → what it says.
    """

    levels: tuple[Level, ...]
    groups: dict[str, tuple[Entry, ...]]
    other: dict[str, str]
    copies: dict[str, Copied]
    withheld: dict[str, str]
    words: dict[str, dict[str, str]]

    @property
    def entries(self) -> list[Entry]:
        return [entry for group in self.groups.values() for entry in group]

    @property
    def copied(self) -> set[str]:
        """Every column that goes into the copy, as 'table.column'."""
        return {f"{one.table}.{column}" for one in self.copies.values() for column in one.columns}

    def said(self, column: str) -> str:
        """What the entry of a column says is kept there; the column itself if it has none."""
        return next((entry.what for entry in self.entries if column in entry.columns), column)


def read_catalogue(text: str) -> Catalogue:
    """The catalogue from its TOML. Raises ValueError naming what is empty, unknown or said twice."""
    raw = tomllib.loads(text)
    levels = tuple(
        Level(number, _text(raw["levels"][str(number)], "name"), _text(raw["levels"][str(number)], "means"))
        for number in LEVELS
    )
    groups = {
        _text(group, "title"): tuple(_entry(entry, raw) for entry in group["entries"])
        for group in raw["groups"]
    }
    found = Catalogue(
        levels,
        groups,
        {key: _text(raw["other"], key) for key in raw["other"]},
        {table: _copied(table, raw["copies"]) for table in raw["copies"]},
        {column: _text(some, "why") for some in raw["withheld"] for column in some["columns"]},
        {column: {value: _text(some, value) for value in some} for column, some in raw["words"].items()},
    )
    _not_twice([column for entry in found.entries for column in entry.columns] + list(found.other))
    _not_twice([*found.copied, *(column for some in raw["withheld"] for column in some["columns"])])
    return found


def _not_twice(columns: list[str]) -> None:
    if twice := sorted({column for column in columns if columns.count(column) > 1}):
        raise ValueError(f"said twice: {', '.join(twice)}")


def _copied(table: str, whole: dict[str, Any]) -> Copied:
    raw = whole[table]
    columns = {name: _text(raw["columns"], name) for name in raw["columns"]}
    alone = frozenset(raw.get("alone", ()))
    if not columns or alone - set(columns):
        raise ValueError(f"a copy needs columns, and `alone` some of them: {raw}")
    return Copied(table, _text(raw, "title"), columns, alone, bool(raw.get("is_own", False)))


def _entry(raw: dict[str, Any], whole: dict[str, Any]) -> Entry:
    if not raw.get("columns") or raw.get("level") not in LEVELS:
        raise ValueError(f"an entry needs columns and a level: {raw}")
    return Entry(
        columns=tuple(raw["columns"]),
        what=_text(raw, "what"),
        why=_text(raw, "why"),
        level=raw["level"],
        basis=_text(whole["bases"], _text(raw, "basis")),
        kept=whole["kept"].get(raw.get("kept"), _text(raw, "kept")),
        seen_by=_text(raw, "seen_by"),
    )


def _text(raw: dict[str, Any], key: str) -> str:
    value = raw.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{key} is empty in {raw}")
    return value
