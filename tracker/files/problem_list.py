"""What is wrong in a workbook, as a workbook: a list, and a copy of the sheets with the cells marked."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from io import BytesIO
from typing import NamedTuple

from xlsxwriter import Workbook as Book
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_cell_to_rowcol
from xlsxwriter.worksheet import Worksheet

from tracker.files.record_sheet import plain, sheet_name
from tracker.files.workbook import Workbook
from tracker.rules.cells import Raw
from tracker.rules.sheets import RawSheet

OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
MOST_COMMENTS = 2_000  # more of them make Excel slow; the list has all


class ProblemRow(NamedTuple):
    """One problem, its sentence translated. row and cell as Excel shows them."""

    sheet: str
    row: int | None
    column: str | None
    cell: str | None
    sentence: str


def problem_list(problems: Sequence[ProblemRow], headings: Sequence[str], title: str = "问题清单") -> bytes:
    """The problems as a workbook of one sheet.

    headings: of sheet, row, column, cell and sentence.
    """
    target = BytesIO()
    with Book(target, OPTIONS) as book:
        _list(book, problems, headings, title)
    return target.getvalue()


def marked_copy(
    workbook: Workbook, problems: Sequence[ProblemRow], headings: Sequence[str], title: str = "问题清单"
) -> bytes:
    """The values of the workbook, cells at fault marked and with their sentence; the list comes first."""
    target = BytesIO()
    with Book(target, {**OPTIONS, "default_date_format": "yyyy-mm-dd"}) as book:
        names: list[str] = []
        for sheet in workbook.sheets:
            names.append(sheet_name(sheet.name, names))
        _list(book, problems, headings, sheet_name(title, names))
        fault = book.add_format({"bg_color": "#F7CFC8", "font_color": "#7A1712"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        fault_day = book.add_format(
            {"bg_color": "#F7CFC8", "font_color": "#7A1712", "num_format": "yyyy-mm-dd"}
        )
        for name, sheet in zip(names, workbook.sheets, strict=True):
            at = _cells_of(sheet.name, problems)
            _copy(book.add_worksheet(name), sheet, at, (day, fault, fault_day))
    return target.getvalue()


def _list(book: Book, problems: Sequence[ProblemRow], headings: Sequence[str], title: str) -> None:
    sheet = book.add_worksheet(title)
    head = book.add_format({"bold": True, "bg_color": "#F1EEEA", "border": 1})
    for column, (heading, width) in enumerate(zip(headings, (16, 8, 18, 10, 90), strict=False)):
        sheet.write_string(0, column, heading, head)
        sheet.set_column(column, column, width)
    for number, problem in enumerate(problems, start=1):
        sheet.write_string(number, 0, plain(problem.sheet))
        if problem.row is not None:
            sheet.write_number(number, 1, problem.row)
        sheet.write_string(number, 2, plain(problem.column or ""))
        sheet.write_string(number, 3, problem.cell or "")
        sheet.write_string(number, 4, plain(problem.sentence))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(problems)), len(headings) - 1)


def _cells_of(sheet: str, problems: Sequence[ProblemRow]) -> dict[tuple[int, int], list[str]]:
    """(row, column), both from 0 -> sentences. A problem of a whole row stands at its first cell."""
    found: dict[tuple[int, int], list[str]] = {}
    for problem in problems:
        if problem.sheet == sheet and problem.row is not None:
            row, column = xl_cell_to_rowcol(problem.cell) if problem.cell else (problem.row - 1, 0)
            found.setdefault((int(row), int(column)), []).append(problem.sentence)
    return found


def _copy(
    target: Worksheet,
    sheet: RawSheet,
    at: dict[tuple[int, int], list[str]],
    formats: tuple[Format, Format, Format],
) -> None:
    day, fault, fault_day = formats
    for row, cells in sheet.rows:
        for column, cell in enumerate(cells):
            is_fault = (row - 1, column) in at
            style = (
                (fault_day if is_fault else day) if isinstance(cell, dt.date) else fault if is_fault else None
            )
            _write(target, row - 1, column, cell, style)
    for number, ((row, column), sentences) in enumerate(at.items()):
        if number < MOST_COMMENTS:
            target.write_comment(row, column, plain("\n".join(sentences)), {"x_scale": 2})


def _write(target: Worksheet, row: int, column: int, cell: Raw, style: Format | None) -> None:
    match cell:
        case None | "":
            if style is not None:
                target.write_blank(row, column, None, style)
        case bool():
            target.write_boolean(row, column, cell, style)
        case int() | float() if math.isfinite(cell):
            target.write_number(row, column, cell, style)
        case dt.datetime() | dt.date() | dt.time() | dt.timedelta():
            target.write_datetime(row, column, cell, style)
        case _:  # a number that is none (NaN) as well: no cell can hold it
            target.write_string(row, column, plain(str(cell)), style)
