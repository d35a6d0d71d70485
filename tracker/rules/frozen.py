"""What is kept of an issue: rows as lines of text, and how they were counted, so that both can be read again.

A line of the ledger is `record, day, place, value, entity` with tabs between; a backslash of the entity is
doubled, and a line feed of it written as backslash and n. The lines of a basis are ordered by record, those
of one record as texts, so that they are the same whatever database they came from. Its digest is the SHA-256
of all lines in UTF-8, each with a line feed at its end.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby
from typing import Any

from tracker.rules.campaigns import CampaignSpec, Figure, Filter, Kind, Measure, Over, Reduce, Scope, Stage
from tracker.rules.figures import FigureValue, Roster, RosterRow, UnitRow, evaluate
from tracker.rules.tallies import question_of

ROSTER = "roster"  # the code of the basis that is the roster of the day
CHUNK = 1 << 16  # bytes that are unpacked at a time
PACKED = 1_000  # lines that are packed at a time
Folding = dict[int, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Basis:
    """Lines as they are kept. digest: SHA-256, hex; lines: compressed (zlib)."""

    code: str
    count: int
    digest: str
    lines: bytes


class Packer:
    """Takes lines one by one, so that a million of them need no memory but for what they are packed into."""

    def __init__(self, code: str) -> None:
        self.code, self.count = code, 0
        self._digest, self._packing = hashlib.sha256(), zlib.compressobj()
        self._parts: list[bytes] = []
        self._waiting: list[str] = []

    def add(self, lines: Iterable[str]) -> None:
        self._waiting += lines
        if len(self._waiting) >= PACKED:
            self._pack()

    def _pack(self) -> None:
        text = "".join([f"{line}\n" for line in self._waiting]).encode()
        self.count += len(self._waiting)
        self._waiting.clear()
        self._digest.update(text)
        if part := self._packing.compress(text):
            self._parts.append(part)

    def basis(self) -> Basis:
        """What was taken; nothing can be added afterwards."""
        self._pack()
        self._parts.append(self._packing.flush())
        return Basis(self.code, self.count, self._digest.hexdigest(), b"".join(self._parts))


def unpacked(data: bytes) -> Iterator[str]:
    """The lines, one by one. Raises ValueError if they cannot be read."""
    unpacking, rest = zlib.decompressobj(), b""
    try:
        while data or unpacking.unconsumed_tail:
            part = unpacking.decompress(unpacking.unconsumed_tail or data, CHUNK)
            data = b""
            *whole, rest = (rest + part).split(b"\n")
            for line in whole:
                yield line.decode()
            if not part and not unpacking.unconsumed_tail:
                break
    except zlib.error as error:
        raise ValueError("the lines of an issue cannot be unpacked") from error
    if rest or not unpacking.eof:
        raise ValueError("the lines of an issue break off")


def digest_of(lines: Iterable[str]) -> str:
    """SHA-256 of lines, hex, as `Packer` makes it."""
    digest = hashlib.sha256()
    for line in lines:
        digest.update(f"{line}\n".encode())
    return digest.hexdigest()


def ledger_line(record_id: int, day: dt.date, place_id: int, entity: str, value: int) -> str:
    """What one row adds to a question, as it is kept."""
    if "\\" in entity or "\n" in entity:
        entity = entity.replace("\\", "\\\\").replace("\n", "\\n")
    return f"{record_id}\t{day.isoformat()}\t{place_id}\t{value}\t{entity}"


def by_record(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """Lines of the ledger in groups, each with the id of its record, in the order in which they come."""
    for record_id, group in groupby(lines, lambda line: line.partition("\t")[0]):
        yield int(record_id), list(group)


def add_line(folding: Folding, line: str, sign: int = 1) -> None:
    """Let a line of the ledger count in `folding` (place → entity → sum), or with -1 take it out again."""
    _record, _day, place, value, entity = line.split("\t", 4)
    entities = folding.setdefault(int(place), {})
    entities[entity] = entities.get(entity, 0) + sign * int(value)


def roster_lines(roster: Roster) -> list[str]:
    """The roster of a day as lines: members by id, then units by id. Names are not in it."""
    members = [
        (one.member_id, _text(["m", one.member_id, *_known(one), int(one.is_exempt)]))
        for one in roster.members
    ]
    units = [(one.id, _text(["u", one.id, one.level, one.parent_id, one.category])) for one in roster.units]
    return [text for _id, text in sorted(members) + sorted(units)]


def _known(one: RosterRow) -> tuple[object, ...]:
    return one.branch_id, one.group_id, one.section_id, one.category, one.standing


def roster_of(lines: Iterable[str]) -> Roster:
    """The roster from its lines."""
    members, units = [], []
    for line in lines:
        sort, *row = json.loads(line)
        if sort == "m":
            id_, branch, group, section, category, standing, is_exempt = row
            members.append(RosterRow(id_, branch, group, section, category, standing, bool(is_exempt)))
        else:
            id_, level, parent_id, category = row
            units.append(UnitRow(id_, level, "", parent_id, category))
    return Roster(tuple(members), tuple(units))


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Frozen:
    """A figure as it was defined. `kind` has what counting needs of it, its stages, and nothing else."""

    figure: Figure
    kind: Kind | None
    starts_on: dt.date  # the campaign's

    @property
    def basis(self) -> str:
        """The code of the rows that it is counted from."""
        question = question_of(self.figure)
        return question.code if question else ROSTER


def frozen_of(ref: str, title: str, definition: Mapping[str, Any]) -> Frozen:
    """A figure from what `rules.rule_versions.definition_of` kept."""
    over, code = definition["over"], definition["kind"]
    stages = tuple(Stage(name, before=before) for name, before in definition["stages"])
    figure = Figure(
        id=ref, title=title, unit=definition["unit"], measure=Measure(definition["measure"]), kind=code,
        where=_filter(definition["where"]), where_not=_filter(definition["where_not"]),
        scope=Scope(definition["scope"]), reduce=Reduce(definition["reduce"]),
        over=Over(over["eligible"], tuple(over["category"]), tuple(over["standing"]), over["level"]),
        divide_by=definition["divide_by"], target=definition["target"],
        starts_on=_day(definition["starts_on"]),
    )  # fmt: skip
    starts_on = dt.date.fromisoformat(definition["campaign_starts_on"])
    return Frozen(figure, Kind(code, code, "", (), (), stages=stages) if code else None, starts_on)


def frozen_figures(figures: Iterable[Any]) -> tuple[dict[str, Frozen], list[Any]]:
    """The definitions of an issue's figures by ref, without quoted ones; and figures that have none to read.

    figures: rows with ref, title, definition and basis.
    """
    found, spoilt = {}, []
    for one in figures:
        if one.basis:
            try:
                found[one.ref] = frozen_of(one.ref, one.title, one.definition)
            except (KeyError, TypeError, ValueError, AttributeError):  # somebody else wrote it
                spoilt.append(one)
    return found, spoilt


def _filter(kept: Mapping[str, list[str]]) -> Filter:
    return Filter({key: tuple(values) for key, values in kept.items()})


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def count(frozen: Frozen, spec: CampaignSpec, fold: Folding, roster: Roster, day: dt.date) -> FigureValue:
    """What a figure comes to by the definition that was kept. spec: of the same campaign, as it is today."""
    question = question_of(frozen.figure)
    is_distinct = bool(question and question.is_distinct)
    then = replace(spec, starts_on=frozen.starts_on)
    return evaluate(frozen.figure, then, fold, roster, day, is_distinct)


def value_text(value: FigureValue) -> str | None:
    """What a figure comes to, exact and in one word, to be compared: '80', '2137/3', '85..164', a day, or
    'reached'; None where there is nothing that it could be counted over."""
    if value.figure.reduce is Reduce.FORECAST_DATE:
        return "reached" if value.is_reached else value.date.isoformat() if value.date else None
    if value.is_interval:
        return f"{value.low}..{value.high}"
    return None if value.value is None else str(value.value)


def number(text: str | None) -> Fraction | None:
    """A value that was kept as text."""
    return None if text is None else Fraction(text)
