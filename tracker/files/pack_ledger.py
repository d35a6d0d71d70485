"""The ledger of one kind as a workbook, however many rows it has: a full sheet is followed by another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tracker.files.record_sheet import sheet_name, write_text

FULL = 1_048_575  # rows below the heading that a sheet can hold
REPORTED_EVERY = 1000  # rows
Cell = str | int | float | dt.date | None


def write_ledger(
    target: Path,
    name: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    note: str,
    day: dt.date,
    folder: Path,
    step: Callable[[], None] = lambda: None,
    most: int = FULL,
) -> int:
    """Write the workbook. Returns how many rows are in it; one row at a time is in memory.

    day:    as of which it is; no other moment stands in the file.
    folder: for what is written beside it meanwhile.
    step:   called each thousand rows.
    most:   rows of one sheet.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "tmpdir": str(folder)}  # fmt: skip
    with xlsxwriter.Workbook(str(target), options) as book:
        book.set_properties({"created": dt.datetime.combine(day, dt.time())})
        head = book.add_format({"bold": True, "bg_color": "#F1EEEA", "bottom": 1, "text_wrap": True})
        in_days = book.add_format({"num_format": "yyyy-mm-dd"})
        taken: list[str] = []
        sheet, line, written = _new_sheet(book, name, headings, head, taken), 0, 0
        for row in rows:
            if line == most:
                sheet = _new_sheet(book, f"{name}{len(taken) + 1}", headings, head, taken)
                line = 0
            line += 1
            written += 1
            _write(sheet, line, row, in_days)
            if written % REPORTED_EVERY == 0:
                step()
        about = book.add_worksheet(sheet_name("说明", taken))
        about.set_column(0, 0, 100)
        write_text(about, 0, 0, f"{note}　共{written}行")
    return written


def _new_sheet(
    book: xlsxwriter.Workbook, name: str, headings: Sequence[str], head: Format, taken: list[str]
) -> Worksheet:
    taken.append(sheet_name(name, taken))
    sheet: Worksheet = book.add_worksheet(taken[-1])
    for column, heading in enumerate(headings):
        sheet.set_column(column, column, max(10, min(36, 2 * len(heading) + 4)))
        write_text(sheet, 0, column, heading, head)
    sheet.freeze_panes(1, 0)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    return sheet


def _write(sheet: Worksheet, line: int, row: Sequence[Cell], day: Format) -> None:
    for column, cell in enumerate(row):
        match cell:
            case None | "":
                continue
            case dt.date():
                sheet.write_datetime(line, column, dt.datetime.combine(cell, dt.time()), day)
            case int() | float():
                sheet.write_number(line, column, cell)
            case _:
                write_text(sheet, line, column, cell)
