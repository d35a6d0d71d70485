"""A ledger in an office's layout as a workbook for A4: title, who reports, headings, rows, 合计, signatures.

Its words are Chinese whatever the reader's language: it is a document of the campaign.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from math import ceil
from unicodedata import east_asian_width

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tracker.files.record_sheet import sheet_name, write_text
from tracker.rules.layout_rows import Cell
from tracker.rules.layouts import SERIAL, Layout, adds_up

FONT = "宋体"
A4 = 9
DAYS = ("happened_on", "ended_on", "due_on")
SHORT = (SERIAL, "member_number", "member_name", "code", "ref", "subject", "type", "stage", "status", *DAYS)
SPARE = 1.15  # lines break before a name, and not every machine has the font
LOWEST, LINE, TALLEST = 20.0, 14.5, 409.0  # points; Excel shows no taller row


@dataclass(frozen=True, slots=True)
class Part:
    """One sheet. total: what its rows came to, once they have all been written."""

    sheet: str
    title: str
    unit: str
    rows: Iterator[list[Cell]]
    total: Callable[[], list[Cell]]


def layout_sheet(layout: Layout, parts: Iterable[Part], date: str) -> tuple[bytes, int]:
    """The workbook, and how many rows are in it. One row at a time is in memory.

    parts: one after the other; a part is written before the next one is asked for.
    date:  the day on which it is handed in, in words.
    """
    target = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    count = 0
    with Workbook(target, {**options, "strings_to_numbers": False}) as book:
        formats = _Formats(book, layout)
        taken: list[str] = []
        for part in parts:
            taken.append(sheet_name(part.sheet, taken))
            count += _Sheet(book.add_worksheet(taken[-1]), layout, formats).write(part, date)
    return target.getvalue(), count


class _Formats:
    """The formats of a workbook, made once."""

    def __init__(self, book: Workbook, layout: Layout) -> None:
        base = {"font_name": FONT, "font_size": 11, "valign": "vcenter"}
        boxed = {**base, "border": 1}
        self.title = book.add_format(
            {**base, "font_size": 16, "bold": True, "align": "center", "text_wrap": True}
        )
        self.left = book.add_format({**base, "align": "left"})
        self.right = book.add_format({**base, "align": "right"})
        self.head = book.add_format(
            {**boxed, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#F2F2F2"}
        )
        point = f"0.{'0' * layout.digits}" if layout.digits else "0"
        minutes = "0" if layout.unit == "minutes" else point
        self.cells: dict[tuple[str, bool], Format] = {}
        for is_total in (False, True):
            extra = {"bold": True} if is_total else {}
            for sort, more in (
                ("text", {"text_wrap": True}), ("short", {"text_wrap": True, "align": "center"}),
                ("number", {"align": "center", "num_format": "0"}),
                ("day", {"align": "center", "num_format": "yyyy-mm-dd"}),
                ("minutes", {"align": "center", "num_format": minutes}),
            ):  # fmt: skip
                self.cells[sort, is_total] = book.add_format({**boxed, **extra, **more})


class _Sheet:
    """Writes one sheet from its top to its bottom: what was written is not touched again."""

    def __init__(self, sheet: Worksheet, layout: Layout, formats: _Formats) -> None:
        self.sheet, self.layout, self.formats = sheet, layout, formats
        self.columns = layout.columns
        self.last = len(self.columns) - 1
        self.sorts = [_sort(column.field) for column in self.columns]
        self.row = 0

    def write(self, part: Part, date: str) -> int:
        """Everything; returns how many rows of data."""
        self._set_page()
        whole = sum(column.width for column in self.columns)
        lines = ceil(_width(part.title) * 1.5 / max(whole, 1))  # it is half as large again as the rows
        self.sheet.set_row(self.row, 34 if lines == 1 else 24 * lines)
        self._across(0, self.last, part.title, self.formats.title)
        self.row += 1
        self._report_line(part.unit, date)
        self.sheet.set_row(self.row, max(30, self._height([column.heading for column in self.columns])))
        for n, column in enumerate(self.columns):
            write_text(self.sheet, self.row, n, column.heading, self.formats.head)
        self.sheet.repeat_rows(self.row)
        self.sheet.freeze_panes(self.row + 1, 0)
        self.row += 1
        start = self.row
        for cells in part.rows:
            self._cells(cells, is_total=False)
        count = self.row - start
        if self.layout.has_total:
            self._cells(part.total(), is_total=True)
        self._signatures()
        return count

    def _set_page(self) -> None:
        sheet = self.sheet
        for n, column in enumerate(self.columns):
            sheet.set_column(n, n, column.width)
        sheet.set_paper(A4)
        if self.layout.is_landscape:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.6, right=0.6, top=0.75, bottom=0.75)
        sheet.center_horizontally()
        sheet.set_footer(f'&C&"{FONT},Regular"&10第 &P 页，共 &N 页')

    def _height(self, cells: Sequence[Cell]) -> float:
        """A row's height in points. Not every program finds it by itself when it opens the sheet."""
        lines = max(
            (
                sum(max(1, ceil(_width(line) * SPARE / (column.width - 1))) for line in cell.split("\n"))
                for cell, column in zip(cells, self.columns, strict=True)
                if isinstance(cell, str)
            ),
            default=1,
        )
        return min(TALLEST, LOWEST if lines == 1 else LINE * lines + 4)

    def _report_line(self, unit: str, date: str) -> None:
        """填报单位 on the left, 填报日期 on the right."""
        left = f"填报单位：{unit}" if self.layout.has_unit else ""
        right = f"填报日期：{date}" if self.layout.has_date else ""
        if not left and not right:
            return
        self.sheet.set_row(self.row, 22)
        half = self._part(2)[0][1]
        if self.last < 1 or not left or not right:
            self._across(0, self.last, left or right, self.formats.left if left else self.formats.right)
        else:
            self._across(0, half, left, self.formats.left)
            self._across(half + 1, self.last, right, self.formats.right)
        self.row += 1

    def _part(self, count: int) -> list[tuple[int, int]]:
        """The columns in `count` parts of about the same width: (first, last) of each."""
        count = min(count, len(self.columns))
        whole = sum(column.width for column in self.columns)
        found: list[tuple[int, int]] = []
        first, passed = 0, 0
        for n, column in enumerate(self.columns):
            passed += column.width
            parts_left = count - len(found) - 1
            is_full = passed * count >= whole * (len(found) + 1)
            if parts_left and (is_full or self.last - n == parts_left):
                found.append((first, n))
                first = n + 1
        found.append((first, self.last))
        return found

    def _signatures(self) -> None:
        """A blank row, then who signs, each with room for it."""
        signers = [f"{signer}：" for signer in self.layout.signers]
        if not signers:
            return
        self.row += 1
        self.sheet.set_row(self.row, 28)
        parts = self._part(len(signers))
        if len(parts) < len(signers):
            self._across(0, self.last, (" " * 18).join(signers), self.formats.left)
        else:
            for (first, last), signer in zip(parts, signers, strict=True):
                self._across(first, last, signer, self.formats.left)
        self.row += 1

    def _across(self, first: int, last: int, text: str, style: Format) -> None:
        if first < last:
            self.sheet.merge_range(self.row, first, self.row, last, "", style)
        write_text(self.sheet, self.row, first, text, style)

    def _cells(self, cells: Sequence[Cell], *, is_total: bool) -> None:
        """One row. A text is written as a text, whatever it looks like."""
        sheet, row = self.sheet, self.row
        sheet.set_row(row, self._height(cells))
        for n, (cell, sort) in enumerate(zip(cells, self.sorts, strict=True)):
            style = self.formats.cells[sort, is_total]
            match cell:
                case None | "":
                    sheet.write_blank(row, n, None, style)
                case dt.date():
                    sheet.write_datetime(row, n, dt.datetime.combine(cell, dt.time()), style)
                case int() | float():
                    sheet.write_number(row, n, cell, style)
                case _:
                    short = (
                        self.formats.cells["short", is_total]
                        if sort in ("number", "minutes", "day")
                        else style
                    )
                    write_text(sheet, row, n, cell, short)
        self.row += 1


def _width(text: str) -> int:
    """How wide a text is, in characters of Excel: a Chinese one takes two."""
    return sum(2 if east_asian_width(character) in "WFA" else 1 for character in text)


def _sort(name: str) -> str:
    if name == "minutes":
        return "minutes"
    if name in DAYS:
        return "day"
    if adds_up(name) or name == SERIAL:
        return "number"
    return "short" if name in SHORT else "text"
