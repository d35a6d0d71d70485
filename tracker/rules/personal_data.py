"""The catalogue of personal data: what is kept about people, why, for how long, and who sees it."""

from __future__ import annotations

import tomllib
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
class Catalogue:
    """The whole catalogue. groups: title → entries; other: column → why it says nothing about a person."""

    levels: tuple[Level, ...]
    groups: dict[str, tuple[Entry, ...]]
    other: dict[str, str]

    @property
    def entries(self) -> list[Entry]:
        return [entry for group in self.groups.values() for entry in group]


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
    found = Catalogue(levels, groups, {key: _text(raw["other"], key) for key in raw["other"]})
    columns = [column for entry in found.entries for column in entry.columns] + list(found.other)
    if twice := sorted({column for column in columns if columns.count(column) > 1}):
        raise ValueError(f"said twice: {', '.join(twice)}")
    return found


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
