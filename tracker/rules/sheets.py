"""One sheet understood as a table: where its headings are, what its columns mean, which rows are data."""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from tracker.rules.cells import Raw, is_blank
from tracker.rules.durations import Unit
from tracker.rules.headings import SERIALS, ColumnSpec, assign, find_headings, normalise_heading, unit_of
from tracker.rules.refusal import N_, Problem
from tracker.rules.sensitive import holds_id_number, is_sensitive
from tracker.rules.sheet_rows import RowSort, is_total_label, note_unit, sort_of

COUNTED = frozenset(
    ("minutes", "quantity", "people_served", "headcount")
)  # one merged cell is not three amounts

NO_COLUMN = -1  # where a value stands that is the same for every row

HOLDS_ID_NUMBER = N_("The cell holds an ID number. Take it out.")
_MERGED = N_("One merged cell covers rows %(first)s to %(last)s. Write the amount in each row.")


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One sheet as it lies in the file. Rows are numbered as Excel shows them, columns from 0.

    rows:    (row, cells); blank rows may be missing, and trailing blank cells.
    merged:  (first row, first column, last row, last column).
    formulas, hidden_rows: cells with a formula or an error as (row, column); rows that Excel does not show.
    """

    name: str
    rows: list[tuple[int, list[Raw]]]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    formulas: frozenset[tuple[int, int]] = frozenset()
    is_hidden: bool = False
    hidden_rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """Where a field was found: the column counted from 0 (or NO_COLUMN), and its heading as written."""

    index: int
    heading: str

    @property
    def letter(self) -> str:
        return column_letter(self.index)


@dataclass(slots=True)
class Understood:
    """What a sheet says. `problems` hold all that stands in the way; `remarks` what was left out, and why.

    unknown_headings: as written, or the letter of a column that has values and no heading.
    rows, totals: (row as Excel shows it, field -> raw cell); totals are to be checked, not imported.
    top:          the cell of the first heading, None without headings.
    units:        field -> the unit of durations that its heading states, if any.
    formulas:     (row, field) of each read cell that holds a formula.
    """

    sheet: str
    heading_rows: tuple[int, ...] = ()
    top: str | None = None
    columns: dict[str, Column] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    note_unit: str | None = None
    unknown_headings: list[str] = field(default_factory=list)
    dropped_headings: list[str] = field(default_factory=list)
    missing_required: list[str] = field(default_factory=list)
    rows: list[tuple[int, dict[str, Raw]]] = field(default_factory=list)
    totals: list[tuple[int, dict[str, Raw]]] = field(default_factory=list)
    formulas: list[tuple[int, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    not_understood: bool = False

    def problem(self, row: int | None, name: str | None, msgid: str, /, **params: object) -> Problem:
        """A problem of this sheet, at a row and a field of it; without a row it lies in the heading."""
        column = self.columns.get(name) if name else None
        line = row or max(self.heading_rows, default=None)
        cell = f"{column.letter}{line}" if column and line and column.index != NO_COLUMN else None
        return Problem(self.sheet, row, column.heading if column else None, msgid, params, cell)


def column_letter(index: int) -> str:
    """The letter of a column counted from 0: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def understand(sheet: RawSheet, columns: Sequence[ColumnSpec], *, class_hours: bool = False) -> Understood:
    """Find the headings of `columns` in a sheet, and the rows of data below them.

    columns:     what the sheet's kind asks for; other columns are named and left out.
    class_hours: whether the kind says how long a 学时 is; otherwise a column that counts them is a problem.
    Never raises: `problems` says what is missing, ambiguous or not to be kept.
    """
    result = Understood(sheet.name)
    heading = find_headings(sheet.rows, columns)
    if heading is None:
        result.not_understood = True
        result.problems.append(
            result.problem(
                None,
                None,
                N_("No row with headings was found. Expected are: %(headings)s."),
                headings="、".join(spec.heading for spec in columns),
            )
        )
        return result
    start, depth, texts = heading
    result.heading_rows = tuple(row for row, _ in sheet.rows[start : start + depth])
    result.top = f"{column_letter(min(texts))}{result.heading_rows[0]}"
    result.note_unit = note_unit(sheet.rows[:start])
    body = sheet.rows[start + depth :]
    _name_columns(result, texts, columns, body)
    _check_columns(result, columns, class_hours)
    _read_rows(result, sheet, body, texts, [spec.field for spec in columns if spec.required])
    return result


def _name_columns(
    result: Understood,
    texts: dict[int, tuple[str, ...]],
    columns: Sequence[ColumnSpec],
    body: list[tuple[int, list[Raw]]],
) -> None:
    """Fill in what each column means; leave out what may not be kept."""
    holding = Counter(
        column
        for _, cells in body
        for column, cell in enumerate(cells)
        if type(cell) in (str, float) and holds_id_number(cell)
    )
    kept = {column: readings for column, readings in texts.items() if not is_sensitive(readings[0])}
    found, doubled = assign(kept, columns)
    fields = {column: name for name, (column, _) in found.items()}
    for column in sorted({*texts, *holding}):
        heading = texts[column][0] if column in texts else column_letter(column)
        if (column in texts and column not in kept) or (column in holding and column not in fields):
            result.dropped_headings.append(heading)
        elif column in holding and holding[column] * 2 > _filled(body, column):
            result.dropped_headings.append(heading)
            del found[fields[column]]
            result.problems.append(
                Problem(
                    result.sheet,
                    None,
                    heading,
                    N_("The column holds ID numbers, which are not kept. Use another code."),
                    cell=f"{column_letter(column)}{result.heading_rows[-1]}",
                )
            )
        elif column in fields:
            result.columns[fields[column]] = Column(column, heading)
        elif (
            column not in {c for claim in doubled.values() for c in claim}
            and normalise_heading(heading) not in SERIALS
        ):
            result.unknown_headings.append(heading)
    for column in range(max((len(cells) for _, cells in body), default=0)):
        if column not in texts and column not in holding and _filled(body, column) * 2 > len(body):
            result.unknown_headings.append(column_letter(column))
    for name, claiming in doubled.items():
        both = "、".join(texts[column][0] for column in claiming)
        result.problems.append(
            result.problem(
                None, name, N_("Several columns could mean the same: %(headings)s. Keep one."), headings=both
            )
        )


def _filled(body: list[tuple[int, list[Raw]]], column: int) -> int:
    return sum(len(cells) > column and not is_blank(cells[column]) for _, cells in body)


def _check_columns(result: Understood, columns: Sequence[ColumnSpec], class_hours: bool) -> None:
    """The units that headings state, and the columns that are missing."""
    for name, found_at in result.columns.items():
        unit = unit_of(found_at.heading)
        if unit == "class_hours" and name == "minutes" and not class_hours:
            result.problems.append(
                result.problem(None, name, N_("The column counts class hours (学时), which are not hours."))
            )
        elif unit:
            result.units[name] = unit
    for spec in columns:
        if spec.required and spec.field not in result.columns:
            result.missing_required.append(spec.heading)
            result.problems.append(
                Problem(
                    result.sheet,
                    None,
                    spec.heading,
                    N_("The column %(heading)s is missing."),
                    {"heading": spec.heading},
                )
            )


def _read_rows(
    result: Understood,
    sheet: RawSheet,
    body: list[tuple[int, list[Raw]]],
    texts: dict[int, tuple[str, ...]],
    required: Sequence[str],
) -> None:
    """Sort the rows below the headings into data, totals and what is left out."""
    places = [(name, column.index) for name, column in result.columns.items()]
    serials = {column for column, readings in texts.items() if normalise_heading(readings[-1]) in SERIALS}
    headings = {reading for readings in texts.values() for reading in readings}
    merges = _Merges(result, sheet)
    signed = False
    for row, cells in body:
        sort = sort_of(cells)
        values = {name: cells[i] if i < len(cells) and not is_blank(cells[i]) else None for name, i in places}
        filled = sum(value is not None for value in values.values())
        if sort is RowSort.SIGNATURE:
            signed = True
        elif sort is RowSort.TOTAL:
            result.totals.append(
                (row, {name: v for name, v in values.items() if v is not None and not is_total_label(v)})
            )
        elif sort is RowSort.EXAMPLE:
            result.remarks.append(result.problem(row, None, N_("The example was not read.")))
        elif filled == 0:
            if any(not is_blank(cell) for i, cell in enumerate(cells) if i not in serials) and not signed:
                result.remarks.append(
                    result.problem(row, None, N_("Nothing stands in the columns that are read."))
                )
        elif _is_heading_row(values, headings):
            result.remarks.append(result.problem(row, None, N_("The headings stand here again.")))
        elif signed and (filled < 2 or any(values.get(name) is None for name in required)):
            result.remarks.append(
                result.problem(row, None, N_("The row was not read: it stands below the signatures."))
            )
        else:
            merges.fill(row, values)
            _take(result, sheet, row, values)


def _is_heading_row(values: Mapping[str, Raw], headings: Collection[str]) -> bool:
    """Whether a row below the headings repeats them: nothing but text, and most of it headings."""
    written = [value for value in values.values() if value is not None]
    repeated = sum(isinstance(value, str) and value in headings for value in written)
    return repeated * 2 > len(values) and all(isinstance(value, str) for value in written)


def _take(result: Understood, sheet: RawSheet, row: int, values: dict[str, Raw]) -> None:
    """Add a row of data, without any ID number in it, noting its formulas."""
    for name, value in values.items():
        if type(value) in (str, float) and holds_id_number(value):
            values[name] = None
            result.problems.append(result.problem(row, name, HOLDS_ID_NUMBER))
        if sheet.formulas and (row, result.columns[name].index) in sheet.formulas:
            result.formulas.append((row, name))
    result.rows.append((row, values))


class _Merges:
    """Cells merged over several rows: a day or a branch holds for each of them, an amount is refused."""

    def __init__(self, result: Understood, sheet: RawSheet) -> None:
        self.result = result
        below = max(result.heading_rows)
        names = {column.index: name for name, column in result.columns.items()}
        self.ranges: dict[str, list[tuple[int, int]]] = {}
        self.anchors: dict[str, tuple[int, Raw]] = {}
        for first, column, last, _ in sorted(sheet.merged):
            if first > below and last > first and column in names:
                self.ranges.setdefault(names[column], []).append((first, last))

    def fill(self, row: int, values: dict[str, Raw]) -> None:
        """Give a row the values of the merged cells that reach down to it."""
        for name, ranges in self.ranges.items():
            at = bisect_right(ranges, (row, sys.maxsize)) - 1
            if at < 0 or ranges[at][1] < row:
                continue
            first, last = ranges[at]
            if row == first:
                self.anchors[name] = (first, values[name])
                if name in COUNTED and values[name] is not None:
                    problem = self.result.problem(row, name, _MERGED, first=first, last=last)
                    self.result.problems.append(problem)
            elif (
                name not in COUNTED and values[name] is None and self.anchors.get(name, (0, None))[0] == first
            ):
                values[name] = self.anchors[name][1]
