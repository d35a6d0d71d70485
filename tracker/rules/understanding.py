"""How a workbook was understood, sheet by sheet and column by column, in words for a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from tracker.rules.campaigns import CampaignSpec, Kind
from tracker.rules.cells import Raw, is_blank, shown
from tracker.rules.headings import SERIALS, ColumnSpec, find_headings, normalise_heading
from tracker.rules.ledger_columns import HIDDEN, columns_of, kind_of_sheet, understand_kind, why_left_out
from tracker.rules.mappings import (
    LEFT_OUT,
    MappingSpec,
    fixed_values,
    kind_of,
    mapped_columns,
    mapping_for,
    understand_mapped,
)
from tracker.rules.refusal import N_
from tracker.rules.rosters import COLUMNS
from tracker.rules.sensitive import holds_id_number, holds_phone_number
from tracker.rules.sheets import RawSheet, Understood, column_letter, understand

SAMPLES = 3
SEARCHED = 50  # rows
MOST_COLUMNS = 60
NO_ROSTER = N_("The sheet was not read: it is no roster.")


class Use(StrEnum):
    """What became of a column."""

    READ = "read"
    DROPPED = "dropped"  # may not be kept: its values are shown nowhere
    SERIAL = "serial"  # a running number says nothing
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ColumnView:
    """One column of a sheet. own: the heading of the campaign or the roster as which it is read.

    samples: the first values below the heading, different ones.
    """

    letter: str
    heading: str
    use: Use
    own: str | None = None
    samples: tuple[str, ...] = ()


@dataclass(slots=True)
class SheetView:
    """One sheet. why_not: the sentence and its params if it is not read.

    kind:     as which its rows are read; None for a roster.
    mapping:  the name of what somebody said of it.
    fixed:    [the same in every row, heading of the campaign].
    missing:  headings that it has to have and does not.
    rows, totals: how many of data, and the rows of totals as Excel numbers them.
    """

    name: str
    why_not: tuple[str, dict[str, object]] | None = None
    kind: Kind | None = None
    mapping: str | None = None
    heading_rows: tuple[int, ...] = ()
    note_unit: str | None = None
    columns: list[ColumnView] = field(default_factory=list)
    fixed: list[list[str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    rows: int = 0
    totals: tuple[int, ...] = ()


def ledger_views(
    sheets: Sequence[RawSheet], mappings: Sequence[MappingSpec], spec: CampaignSpec
) -> list[SheetView]:
    """Every sheet of a ledger. mappings: what somebody said of its sheets."""
    return [_ledger_view(sheet, mappings, spec) for sheet in sheets]


def roster_views(sheets: Sequence[RawSheet]) -> list[SheetView]:
    """Every sheet of a roster."""
    views = []
    for sheet in sheets:
        view, understood = SheetView(sheet.name), understand(sheet, COLUMNS)
        if sheet.is_hidden or understood.not_understood:
            view.why_not = (HIDDEN if sheet.is_hidden else NO_ROSTER, {})
        else:
            _fill(view, sheet, understood, COLUMNS, COLUMNS)
        views.append(view)
    return views


def _ledger_view(sheet: RawSheet, mappings: Sequence[MappingSpec], spec: CampaignSpec) -> SheetView:
    view = SheetView(sheet.name)
    mapping = mapping_for(sheet, mappings, spec)
    kind, fitting = kind_of_sheet(sheet, spec) if sheet.rows else (None, ())
    if mapping is not None:
        view.mapping, view.kind = mapping.name, kind_of(mapping, spec)
        if view.kind is None:
            view.why_not = (LEFT_OUT, {})
        else:
            view.fixed = fixed_values(mapping, view.kind)
            understood = understand_mapped(sheet, mapping, view.kind)
            _fill(view, sheet, understood, mapped_columns(mapping, view.kind), columns_of(view.kind))
    elif kind is None:
        _, sentence, params = why_left_out(sheet, fitting, spec)
        view.why_not = (sentence, params)
    elif sheet.is_hidden:
        view.why_not = (HIDDEN, {})
    else:
        view.kind = kind
        columns = columns_of(kind)
        _fill(view, sheet, understand_kind(sheet, kind), columns, columns)
    return view


def _fill(
    view: SheetView,
    sheet: RawSheet,
    understood: Understood,
    columns: Sequence[ColumnSpec],
    named: Sequence[ColumnSpec],
) -> None:
    """What an understood sheet says of its rows, and of each column that has a heading or values.

    columns: by which it was read. named: the same fields with the headings that they have here.
    """
    view.heading_rows, view.note_unit = understood.heading_rows, understood.note_unit
    view.missing, view.rows = understood.missing_required, len(understood.rows)
    view.totals = tuple(row for row, _ in understood.totals)
    found = find_headings(sheet.rows, columns)
    if found is None:
        view.why_not = (N_("No row with headings was found."), {})
        return
    texts, data = found[2], {row for row, _ in understood.rows[:SEARCHED]}
    body = [cells for row, cells in sheet.rows if row in data]
    own = {spec.field: spec.heading for spec in named}
    read = {column.index: own.get(name, column.heading) for name, column in understood.columns.items()}
    dropped, unknown = set(understood.dropped_headings), set(understood.unknown_headings)
    for index in range(min(MOST_COLUMNS, max((len(cells) for _, cells in sheet.rows), default=0))):
        letter = column_letter(index)
        heading = texts[index][0] if index in texts else ""
        if index in read:
            use = Use.READ
        elif (heading or letter) in dropped:
            use = Use.DROPPED
        elif normalise_heading(heading) in SERIALS:
            use = Use.SERIAL
        elif heading or letter in unknown:
            use = Use.UNKNOWN
        else:
            continue
        samples = () if use is Use.DROPPED else _samples(body, index)
        view.columns.append(ColumnView(letter, heading, use, read.get(index), samples))


def _samples(body: Sequence[list[Raw]], index: int) -> tuple[str, ...]:
    """The first different values of a column, but for numbers of persons: of IDs and telephones."""
    found: dict[str, None] = {}
    for cells in body:
        cell = cells[index] if index < len(cells) else None
        if not is_blank(cell) and not holds_id_number(cell) and not holds_phone_number(shown(cell)):
            found.setdefault(shown(cell))
            if len(found) == SAMPLES:
                break
    return tuple(found)
