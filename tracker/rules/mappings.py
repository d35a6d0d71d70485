"""A platform's own headings: which column of its workbook is which of a kind, as somebody said once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tracker.rules.campaigns import CampaignSpec, Kind
from tracker.rules.cells import Raw, is_blank, shown
from tracker.rules.durations import Unit
from tracker.rules.headings import (
    LONGEST_HEADING,
    SEARCHED_ROWS,
    ColumnSpec,
    assign,
    find_headings,
    normalise_heading,
    unit_of,
)
from tracker.rules.ledger_columns import columns_of
from tracker.rules.ledger_rows import parser_of
from tracker.rules.refusal import N_, Refused
from tracker.rules.sensitive import holds_id_number, is_sensitive
from tracker.rules.sheets import NO_COLUMN, Column, RawSheet, Understood, understand

UNITS: tuple[Unit, ...] = ("minutes", "hours", "class_hours")
MOST_COLUMNS = 60
SHOWN_ROWS = 3
# What may be the same in every row of a file. Who, when and how long is never made up.
FIXABLE = frozenset(
    ("branch", "group", "section", "type", "category", "source", "title", "place", "community", "owner_type",
     "owner_name", "organiser", "stage")
)  # fmt: skip
LEFT_OUT = N_("The sheet was left out, as somebody said.")
UNFIT = N_("No sheet has the headings of “%(name)s”: %(headings)s. Choose its columns anew.")


@dataclass(frozen=True, slots=True)
class MappingSpec:
    """How the headings of a sheet are read, as somebody said.

    kind:     code of the kind that its rows are, "" for a sheet that is not read at all.
    columns:  field of the kind -> heading as the workbook writes it.
    fixed:    field -> text that holds for every row.
    unit:     "hours", "minutes" or "class_hours": what a bare number means where the heading states no unit.
    headings: all headings of the workbook that it was made for; by them it is recognised again.
    sheet:    the only name of sheets that are read so; None for any, whose name is no kind's.
    """

    name: str
    kind: str
    columns: Mapping[str, str]
    fixed: Mapping[str, str] = field(default_factory=dict)
    unit: Unit = "hours"
    headings: tuple[str, ...] = ()
    sheet: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name, "kind": self.kind, "columns": dict(self.columns), "fixed": dict(self.fixed),
            "unit": self.unit, "headings": list(self.headings), "sheet": self.sheet,
        }  # fmt: skip

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> MappingSpec:
        """What `as_json` gave."""
        return cls(**{**data, "headings": tuple(data["headings"])})

    def is_for(self, sheet: RawSheet) -> bool:
        """Whether a sheet of this name may be read so."""
        return self.sheet is None or normalise_heading(self.sheet) == normalise_heading(sheet.name)


@dataclass(frozen=True, slots=True)
class Head:
    """The top of a sheet: the headings as written, each once, and the first rows below them.

    Columns that may not be kept are left out, and so is a cell that holds an ID number.
    """

    headings: tuple[str, ...]
    rows: list[list[str]]
    presets: Mapping[str, str]


def check_mapping(mapping: MappingSpec, kind: Kind) -> None:
    """Raises Refused beside the field for which no column can be read."""
    named: dict[str, str] = {}
    for spec in columns_of(kind):
        heading, fixed = mapping.columns.get(spec.field), mapping.fixed.get(spec.field)
        if heading is None and fixed is None:
            if spec.required:
                raise Refused(
                    N_("Say in which column of the file %(heading)s stands."),
                    spec.field,
                    heading=spec.heading,
                )
            continue
        if heading is not None and fixed is not None:
            raise Refused(N_("Choose a column or write a value, not both."), spec.field)
        if fixed is not None:
            if spec.field not in FIXABLE:
                raise Refused(N_("This has to stand in the file, row by row."), spec.field)
            try:
                parser_of(spec.field, kind, None)(fixed)
            except Refused as refusal:
                raise Refused(refusal.msgid, spec.field, **refusal.params) from None
            continue
        if (first := named.setdefault(normalise_heading(heading or ""), spec.field)) != spec.field:
            raise Refused(N_("One column of the file cannot be two things."), spec.field)
        stated = unit_of(heading or "")
        if first == "minutes" and stated in UNITS and stated != mapping.unit:
            raise Refused(N_("The heading %(heading)s says another unit."), "unit", heading=heading)


def mapped_columns(mapping: MappingSpec, kind: Kind) -> list[ColumnSpec]:
    """The kind's columns that stand in the file, each by the file's heading alone."""
    return [
        ColumnSpec(spec.field, mapping.columns[spec.field], (), spec.required)
        for spec in columns_of(kind)
        if spec.field in mapping.columns
    ]


def fits(sheet: RawSheet, mapping: MappingSpec, kind: Kind, *, exactly: bool = False) -> bool:
    """Whether a sheet has every heading that the mapping names.

    exactly: and no other headings than those of the workbook that the mapping was made for.
    """
    columns = mapped_columns(mapping, kind)
    found = find_headings(sheet.rows, columns)
    if found is None or len(assign(found[2], columns)[0]) < len(columns):
        return False
    written = {readings[0] for readings in found[2].values()}
    return not exactly or _told(written) == _told(mapping.headings)


def recognise(
    sheets: Iterable[RawSheet], mappings: Sequence[MappingSpec], spec: CampaignSpec
) -> tuple[MappingSpec, ...]:
    """The mappings that were made for sheets like these, each once.

    A sheet that bears the name of a kind is the ledger's own, unless one was made for sheets of that name.
    """
    found: list[MappingSpec] = []
    for sheet in sheets:
        mapping = None if sheet.is_hidden else _recognised(sheet, mappings, spec)
        if mapping is not None and mapping not in found:
            found.append(mapping)
    return tuple(found)


def is_own(name: str, spec: CampaignSpec) -> bool:
    """Whether a sheet of this name is the ledger's own."""
    own = {normalise_heading(one) for kind in spec.kinds for one in (kind.sheet, kind.name)}
    return normalise_heading(name) in own


def _recognised(sheet: RawSheet, mappings: Sequence[MappingSpec], spec: CampaignSpec) -> MappingSpec | None:
    """The mapping for the very headings of a sheet; one that leaves it out needs its name alone."""
    needs_name = is_own(sheet.name, spec)
    for mapping in mappings:
        if not mapping.is_for(sheet) or (needs_name and mapping.sheet is None):
            continue
        kind = kind_of(mapping, spec)
        if not mapping.kind or (kind and fits(sheet, mapping, kind, exactly=True)):
            return mapping
    return None


def _told(headings: Iterable[str]) -> set[str]:
    """What headings say, but for those that may not be kept."""
    return {normalise_heading(heading) for heading in headings if not is_sensitive(heading)}


def mappings_of(
    kept: Mapping[str, Any] | None,
    sheets: Iterable[RawSheet],
    known: Sequence[MappingSpec],
    spec: CampaignSpec,
) -> tuple[MappingSpec, ...]:
    """The mappings that were chosen for a file, else those by which it is recognised."""
    return kept_mappings(kept) if kept else recognise(sheets, known, spec)


def mappings_json(mappings: Sequence[MappingSpec]) -> dict[str, Any] | None:
    """The mappings of a file as its import keeps them, None without one."""
    return {"sheets": [mapping.as_json() for mapping in mappings]} if mappings else None


def kept_mappings(kept: Mapping[str, Any] | None) -> tuple[MappingSpec, ...]:
    """What `mappings_json` gave. Imports from before files could have several kept the only one as it is."""
    return tuple(MappingSpec.of(one) for one in (kept.get("sheets", [kept]) if kept else []))


def kind_of(mapping: MappingSpec, spec: CampaignSpec) -> Kind | None:
    """The kind of the mapping's rows, None if the campaign has it no more."""
    return next((kind for kind in spec.kinds if kind.code == mapping.kind), None)


def mapping_for(sheet: RawSheet, mappings: Sequence[MappingSpec], spec: CampaignSpec) -> MappingSpec | None:
    """The mapping by which a sheet is read or left out, None if it is none of theirs.

    One that was made for sheets of this name goes before one for all.
    """
    if not sheet.rows or sheet.is_hidden:
        return None
    for mapping in sorted(mappings, key=lambda one: one.sheet is None):
        kind = kind_of(mapping, spec)
        if mapping.is_for(sheet) and (not mapping.kind or (kind and fits(sheet, mapping, kind))):
            return mapping
    return None


def fixed_values(mapping: MappingSpec, kind: Kind) -> list[list[str]]:
    """[value, heading of the campaign] of what is the same in every row."""
    return [[mapping.fixed[c.field], c.heading] for c in columns_of(kind) if c.field in mapping.fixed]


def understand_mapped(sheet: RawSheet, mapping: MappingSpec, kind: Kind) -> Understood:
    """The sheet read as rows of the kind: renamed headings, and a fixed value in every row.

    Problems name rows, cells and headings as the file has them.
    """
    understood = understand(sheet, mapped_columns(mapping, kind), class_hours=kind.class_hour is not None)
    if "minutes" in understood.columns:
        understood.units.setdefault("minutes", mapping.unit)
    for spec in columns_of(kind):
        value = mapping.fixed.get(spec.field)
        if value is not None:
            understood.columns[spec.field] = Column(NO_COLUMN, spec.heading)
            for _, cells in understood.rows:
                cells[spec.field] = value
    return understood


def head_of(sheet: RawSheet, kind: Kind) -> Head:
    """The headings of a sheet that nobody explained yet; `presets` are those that the kind knows anyway."""
    columns = columns_of(kind)
    found = find_headings(sheet.rows[: SEARCHED_ROWS + 2], columns) or _widest_row(sheet)
    if found is None:
        return Head((), [], {})
    start, depth, texts = found
    kept = {n: readings for n, readings in sorted(texts.items()) if not is_sensitive(readings[0])}
    by_heading: dict[str, int] = {}
    for column, readings in list(kept.items())[:MOST_COLUMNS]:
        by_heading.setdefault(readings[0], column)
    rows = [
        [_shown(cells[n] if n < len(cells) else None) for n in by_heading.values()]
        for _, cells in sheet.rows[start + depth : start + depth + SHOWN_ROWS]
    ]
    presets = {name: kept[column][0] for name, (column, _) in assign(kept, columns)[0].items()}
    return Head(tuple(by_heading), rows, presets)


def _widest_row(sheet: RawSheet) -> tuple[int, int, dict[int, tuple[str, ...]]] | None:
    """The first row at the top that is all short text and as wide as any of them."""
    best: tuple[int, int, dict[int, tuple[str, ...]]] | None = None
    for start, (_, cells) in enumerate(sheet.rows[:SEARCHED_ROWS]):
        filled = {n: cell for n, cell in enumerate(cells) if not is_blank(cell)}
        texts: dict[int, tuple[str, ...]] = {
            n: (" ".join(cell.split()),)
            for n, cell in filled.items()
            if isinstance(cell, str) and len(cell) <= LONGEST_HEADING
        }
        if len(texts) == len(filled) >= 2 and (best is None or len(texts) > len(best[2])):
            best = (start, 1, texts)
    return best


def _shown(cell: Raw) -> str:
    return "" if is_blank(cell) or holds_id_number(cell) else shown(cell)
