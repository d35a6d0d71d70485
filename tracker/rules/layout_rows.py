"""Rows of the ledger as a layout writes them: the opposite of `ledger_rows`, and what a row 合计 says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from tracker.models.record import OwnerType
from tracker.rules.campaigns import Kind
from tracker.rules.durations import minutes_of
from tracker.rules.entries import OWNER_TYPES, named_columns, typed_person
from tracker.rules.layouts import CODE, SERIAL, STATUS, Layout, adds_up
from tracker.rules.ledger_entries import Entry
from tracker.rules.packs import FEWEST_SHOWN
from tracker.rules.people import PersonMention, parse_people
from tracker.rules.refusal import N_, Refused
from tracker.rules.registers import Register
from tracker.rules.stories import typed_story

Cell = str | int | float | dt.date | None
LONGEST_CELL = 32_767
TOTAL = "合计"
STATUS_WORDS = {"verified": "已核实", "submitted": "待核实", "returned": "已退回"}
PLAIN = (
    "ref", "ended_on", "due_on", "minutes", "quantity", "people_served", "type", "category", "source",
    "title", "place", "community", "subject", "stage",
)  # fmt: skip
TOO_LONG = N_(
    "The record of %(day)s names more people than fit into one cell. Leave the column %(heading)s out."
)


@dataclass(frozen=True, slots=True)
class Line:
    """One record as a reader may see it.

    others: ids of people in it whose names the reader may not see.
    code:   in place of the member's name, where it is hidden.
    status: for rows that may not be verified.
    """

    entry: Entry
    others: tuple[int, ...] = ()
    code: str | None = None
    status: str = ""


@lru_cache(maxsize=8192)
def person_said(name: str, number: str) -> str:
    """A person as a cell can name them: with the number, or by it alone where the name cannot stand there."""
    for said, meant in ((typed_person(name, number), PersonMention(name, number)),
                        (number, PersonMention("", number))):  # fmt: skip
        try:
            if parse_people(said) == [meant]:
                return said
        except Refused:
            continue
    return name


class RowWriter:
    """Writes lines as cells by a layout. values are by field; see `cells`."""

    def __init__(self, layout: Layout, kind: Kind, register: Register) -> None:
        self.layout, self.kind, self.register = layout, kind, register
        self.spreads = {
            name: (column.field, column.spread)
            for name, column in named_columns(kind)
            if column.spread is not None
        }

        self.alone = [name for name, column in named_columns(kind) if column.spread is None]

    def rows(self, lines: Iterable[Line]) -> Iterator[tuple[Line, dict[str, Cell]]]:
        """The values of each row. Records that are columns of one row of the kind are put together again."""
        if not self.spreads:
            for line in lines:
                yield line, self.values(line)
            return
        folded: dict[tuple[Cell, ...], tuple[Line, dict[str, Cell]]] = {}
        for line in lines:
            values = self.values(line)
            key = (line.entry.member_id, line.code, *(values.get(name) for name in self.alone))
            first, kept = folded.setdefault(key, (line, values))
            if first is not line:
                for name in self.spreads:
                    more = values.get(name)
                    if isinstance(more, int):
                        before = kept.get(name)
                        kept[name] = more + (before if isinstance(before, int) else 0)
        yield from folded.values()

    def values(self, line: Line) -> dict[str, Cell]:
        """field -> what the row says there, durations in minutes. Blank ones may be missing."""
        entry, unit = line.entry, self._unit
        found: dict[str, Cell] = {name: getattr(entry, name) for name in PLAIN}
        found["happened_on"] = entry.happened_on if entry.is_dated else None
        found["branch"], found["group"] = unit(entry.branch_id), unit(entry.group_id)
        found["section"] = unit(entry.section_id)
        found["owner_type"] = OWNER_TYPES.get(entry.owner_type.value)
        found["organiser"] = found["owner_name"] = self._owner(entry)
        found["people"], found["headcount"] = self._people(line)
        found["stories"] = self._stories(entry)
        found[CODE], found[STATUS] = line.code, STATUS_WORDS.get(line.status, line.status)
        if entry.member_id is not None:
            member = self.register.by_id[entry.member_id]
            found["member_number"], found["member_name"] = member.number, member.name
        for name, (amount, fixed) in self.spreads.items():
            if all(getattr(entry, key) == text for key, text in (fixed or {}).items()):
                found[name] = getattr(entry, amount)
        return found

    def cells(self, values: Mapping[str, Cell], serial: int | None = None) -> list[Cell]:
        """The row's cells in the order of the layout. Raises Refused for a text that no cell can hold."""
        found: list[Cell] = []
        for column in self.layout.columns:
            value = serial if column.field == SERIAL else values.get(column.field)
            if column.field == "minutes" and isinstance(value, int):
                value = self.in_unit(value)
            if isinstance(value, str) and len(value) > LONGEST_CELL:
                raise Refused(TOO_LONG, day=str(values.get("happened_on") or "—"), heading=column.heading)
            found.append(value)
        return found

    def in_unit(self, minutes: int) -> int | float:
        """A duration in the layout's unit."""
        size = minutes_of(self.layout.unit, self.kind.class_hour)
        return minutes // size if minutes % size == 0 else minutes / size

    def _unit(self, unit_id: int | None) -> str | None:
        return self.register.units[unit_id].name if unit_id is not None else None

    def _owner(self, entry: Entry) -> str | None:
        """The unit whose record it is, with those that held it together with it; as the import reads it."""
        unit = self._unit
        match entry.owner_type:
            case OwnerType.MEMBER:
                return None
            case OwnerType.GROUP:
                name = f"{unit(entry.branch_id) or ''}{unit(entry.group_id) or ''}"
            case OwnerType.BRANCH:
                name = unit(entry.branch_id) or ""
            case OwnerType.SECTION:
                name = unit(entry.section_id) or ""
            case OwnerType.BUREAU:
                name = self.register.root.name if self.register.root else ""
        return "、".join([name, *(unit(one) or "" for one in entry.co_organisers)]) or None

    def _people(self, line: Line) -> tuple[str | None, int | None]:
        """Who was there by name, and how many there were."""
        entry = line.entry
        named = [self.register.by_id[id_] for id_ in entry.people if id_ != entry.member_id]
        said = [person_said(one.name, one.number) for one in named]
        if line.others:  # no name: the import refuses the row, and nobody is lost unseen
            said.append(f"等{len(named) + len(line.others)}人" if named else f"{len(line.others)}人")
        if entry.owner_type is OwnerType.MEMBER:
            return "、".join(said) or None, None
        return "、".join(said) or None, (len(named) + len(line.others)) or entry.headcount

    def _stories(self, entry: Entry) -> str | None:
        tellers = [self.register.by_id[one.member_id] if one.member_id else None for one in entry.stories]
        return "\n".join(
            typed_story(one.title, person_said(member.name, member.number) if member else one.teller or "")
            for one, member in zip(entry.stories, tellers, strict=True)
        ) or None  # fmt: skip


@dataclass(slots=True)
class Totals:
    """What the rows of a sheet come to. 人次 counts every attendance, 人数 each person once."""

    writer: RowWriter
    rows: int = 0
    sums: dict[str, int] = field(default_factory=dict)
    times: int = 0
    people: set[int] = field(default_factory=set)
    heads: list[int] = field(default_factory=list)
    subjects: set[str] = field(default_factory=set)

    def add(self, line: Line, values: Mapping[str, Cell]) -> None:
        """Count one row."""
        self.rows += 1
        for column in self.writer.layout.columns:
            value = values.get(column.field)
            if adds_up(column.field) and isinstance(value, int):
                self.sums[column.field] = self.sums.get(column.field, 0) + value
        entry = line.entry
        present = {*entry.people, *line.others} | ({entry.member_id} if entry.member_id else set())
        self.people |= present
        self.times += len(present) or entry.headcount or 0
        if not present and entry.headcount:
            self.heads.append(entry.headcount)
        if entry.subject:
            self.subjects.add(entry.subject)

    def cells(self) -> list[Cell]:
        """The row 合计: sums where cells may be added, people as 人次 and 人数."""
        return [self._cell(n, column.field) for n, column in enumerate(self.writer.layout.columns)]

    def _cell(self, position: int, name: str) -> Cell:
        if position == 0:
            return TOTAL
        if adds_up(name):
            value = self.sums.get(name, 0)
            return self.writer.in_unit(value) if name == "minutes" else value
        is_own = "member" in self.writer.kind.owners
        if name == "people" and not is_own:
            return f"{self.times}人次、{self._persons()}人"
        if name in ("member_name", CODE) and is_own:
            return f"{self._persons()}人"
        if name == "subject" and self.writer.kind.sealed_subject:
            few = len(self.subjects) < FEWEST_SHOWN
            return f"少于{FEWEST_SHOWN}名" if few and self.subjects else f"{len(self.subjects)}名"
        return None

    def _persons(self) -> str:
        """How many people; from–to where only a headcount was handed in."""
        least, most = max([len(self.people), *self.heads]), len(self.people) + sum(self.heads)
        return str(least) if least == most else f"{least}—{most}"
