"""Everything about one person as a workbook: a sheet for each part. A text is never a formula."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from xlsxwriter import Workbook

from tracker.files.record_sheet import LONGEST_CELL, Cell, sheet_name, write_text

WIDEST, NARROWEST = 48, 10
LINE, HIGHEST = 15, 409  # points; Excel has no higher row
A4 = 9  # as Excel numbers sizes of paper
COLUMNS_ACROSS = 12  # of a printed page that can still be read
LOOKED_AT = 200  # rows by which a column's width is chosen


@dataclass(frozen=True, slots=True)
class Part:
    """One sheet: its name, headings, and rows as long as they. `empty` is said where there is no row.

    is_text: the last column holds long texts; one that is longer than a cell goes on in the next row.
    """

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str = ""
    is_text: bool = False


def own_record(parts: Sequence[Part]) -> bytes:
    """The workbook. Days become days, numbers numbers, everything else text."""
    target = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    taken: list[str] = []
    with Workbook(target, {**options, "default_date_format": "yyyy-mm-dd"}) as book:
        head = book.add_format({"bold": True, "bg_color": "#F1EEEA", "bottom": 1, "text_wrap": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for part in parts:
            name = sheet_name(part.title, taken)
            taken.append(name)
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.set_landscape()
            sheet.set_paper(A4)
            sheet.fit_to_pages(1 + len(part.headings) // COLUMNS_ACROSS, 0)
            sheet.repeat_rows(0)
            widths = [_width(part, column) for column in range(len(part.headings))]
            for column, heading in enumerate(part.headings):
                style = wrapped if widths[column] >= WIDEST else None
                sheet.set_column(column, column, widths[column], style)
                write_text(sheet, 0, column, heading, head)
            for number, row in enumerate(_written(part), 1):
                lines = max(_lines(cell, width) for cell, width in zip(row, widths, strict=True))
                if lines > 1:  # not every program makes room by itself
                    sheet.set_row(number, min(HIGHEST, lines * LINE))
                for column, cell in enumerate(row):
                    match cell:
                        case None | "":
                            continue
                        case dt.date():
                            sheet.write_datetime(number, column, dt.datetime.combine(cell, dt.time()), day)
                        case int() | float():
                            sheet.write_number(number, column, cell)
                        case _:
                            write_text(sheet, number, column, cell)
            if not part.rows and part.empty:
                write_text(sheet, 1, 0, part.empty)
    return target.getvalue()


def _width(part: Part, column: int) -> int:
    """Room for the heading and for what stands in the first rows, as many characters as Excel counts."""
    if part.is_text and column == len(part.headings) - 1:
        return 90
    texts = [part.headings[column], *(str(row[column] or "") for row in part.rows[:LOOKED_AT])]
    return max(NARROWEST, min(WIDEST, max(_room(text[:WIDEST]) for text in texts) + 3))


def _room(text: str) -> int:
    """What a text takes in a line: a Chinese character as much as two others."""
    return sum(2 if ord(one) > 0x2E7F else 1 for one in text)


def _lines(cell: Cell, width: int) -> int:
    """How many lines a text takes in a column that wraps it; 1 in all others."""
    if not isinstance(cell, str) or width < WIDEST:
        return 1
    return sum(max(1, -(-_room(line) // (width - 2))) for line in cell.splitlines() or [""])


def _written(part: Part) -> list[tuple[Cell, ...]]:
    """The part's rows; a text beyond the longest cell is written on below, so that none of it is cut."""
    found: list[tuple[Cell, ...]] = []
    for row in part.rows:
        text = row[-1] if part.is_text and row else None
        if not isinstance(text, str) or len(text) <= LONGEST_CELL:
            found.append(row)
            continue
        for start in range(0, len(text), LONGEST_CELL):
            found.append((*row[:-1], text[start : start + LONGEST_CELL]))
    return found
