"""A list of records as a workbook. Cells are typed; a text is never a formula."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Sequence
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | dt.date | None
LONGEST_CELL = 32_767
LONGEST_NAME = 31
# What XML cannot hold: a workbook with it would not open.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")


def plain(text: str) -> str:
    """The text without characters that a workbook cannot hold, cut to the longest cell."""
    return _UNWRITABLE.sub("", text)[:LONGEST_CELL]


def write_text(sheet: Worksheet, row: int, column: int, text: str, style: Format | None = None) -> None:
    """Write a text as it is into a cell.

    xlsxwriter would take one between <r> and </r> for XML of its own; in two pieces it is a text again.
    """
    text = plain(text)
    if text.startswith("<r>") and text.endswith("</r>"):
        sheet.write_rich_string(row, column, text[:2], Format(), text[2:], *([style] if style else []))
    else:
        sheet.write_string(row, column, text, style)


def sheet_name(name: str, taken: Collection[str] = ()) -> str:
    """A name that Excel takes for a sheet, as close to `name` as can be.

    taken: names that stand in the workbook already; Excel does not tell upper from lower case.
    """
    base = _NOT_IN_NAMES.sub("_", plain(name)).strip("' ")[:LONGEST_NAME].rstrip("' ") or "_"
    used = {one.casefold() for one in taken} | {"history"}  # Excel keeps that name for itself
    found, number = base, 2
    while found.casefold() in used:
        found, number = f"{base[: LONGEST_NAME - len(str(number))]}{number}", number + 1
    return found


def record_sheet(
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    notes_title: str,
    notes: Sequence[tuple[str, str]],
) -> tuple[bytes, int]:
    """One sheet of rows below their headings, and one that says what they are.

    rows:    as long as `headings`; days become days, numbers numbers, everything else text.
    notes:   pairs of label and text for the second sheet.
    Returns  the file, and how many rows are in it.
    """
    target = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    written = 0
    with Workbook(target, {**options, "default_date_format": "yyyy-mm-dd"}) as book:
        head = book.add_format({"bold": True, "bg_color": "#F1EEEA", "bottom": 1, "text_wrap": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet(sheet_name(title))
        sheet.freeze_panes(1, 0)
        for column, heading in enumerate(headings):
            sheet.set_column(column, column, max(10, min(36, 2 * len(heading) + 4)))
        for column, heading in enumerate(headings):
            write_text(sheet, 0, column, heading, head)
        for row in rows:
            written += 1
            for column, cell in enumerate(row):
                match cell:
                    case None | "":
                        continue
                    case dt.date():
                        sheet.write_datetime(written, column, dt.datetime.combine(cell, dt.time()), day)
                    case int() | float():
                        sheet.write_number(written, column, cell)
                    case _:
                        write_text(sheet, written, column, cell)
        sheet.autofilter(0, 0, max(1, written), max(0, len(headings) - 1))
        about = book.add_worksheet(sheet_name(notes_title, (title,)))
        about.set_column(0, 0, 18)
        about.set_column(1, 1, 90)
        for line, (label, text) in enumerate(notes):
            write_text(about, line, 0, label, head)
            write_text(about, line, 1, text)
    return target.getvalue(), written
