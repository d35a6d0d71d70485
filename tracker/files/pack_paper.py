"""What all sheets of a summary pack share: formats, page, and how an amount is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from tracker.files.record_sheet import write_text
from tracker.rules.packs import Amount

FONT = "宋体"
A4 = 9
QUIET = "#67615a"


class Paper:
    """The formats of a workbook, made once; and its sheets, all alike on paper."""

    def __init__(self, book: Workbook) -> None:
        base = {"font_name": FONT, "font_size": 11, "valign": "vcenter"}
        boxed = {**base, "border": 1, "border_color": "#d3cdc5"}
        self.book = book
        self.title = book.add_format({**base, "font_size": 16, "bold": True})
        self.part = book.add_format({**base, "font_size": 12, "bold": True})
        self.quiet = book.add_format({**base, "font_color": QUIET})
        self.head = book.add_format(
            {**boxed, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#F1EEEA"}
        )
        self.text = book.add_format({**boxed, "text_wrap": True})
        self.label = book.add_format({**boxed, "font_color": QUIET})
        self.whole = book.add_format({**boxed, "num_format": "0", "align": "right"})
        self.amount = book.add_format({**boxed, "num_format": "0.0##", "align": "right"})
        self.day = book.add_format({**boxed, "num_format": "yyyy-mm-dd", "align": "center"})
        self.word = book.add_format({**boxed, "align": "right", "text_wrap": True})
        self.silent = book.add_format({**boxed, "align": "right", "bg_color": "#efece8", "italic": True})
        self.not_asked = book.add_format({**boxed, "align": "right", "font_color": "#a39c93"})

    def sheet(self, name: str, widths: Sequence[float], *, repeat: int | None = None) -> Worksheet:
        """A new sheet for A4 across; `repeat`: the row of headings that stands on each page."""
        sheet: Worksheet = self.book.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_paper(A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        sheet.set_footer(f'&L&"{FONT},Regular"&9&A&C&"{FONT},Regular"&9第 &P 页，共 &N 页')
        if repeat is not None:
            sheet.repeat_rows(repeat)
            sheet.freeze_panes(repeat + 1, 1)
        return sheet

    def top(self, sheet: Worksheet, title: str, note: str) -> None:
        """The first two rows: what the sheet says, and of which day."""
        sheet.set_row(0, 26)
        write_text(sheet, 0, 0, title, self.title)
        write_text(sheet, 1, 0, note, self.quiet)

    def heads(self, sheet: Worksheet, row: int, headings: Sequence[str], column: int = 0) -> None:
        for n, heading in enumerate(headings, column):
            write_text(sheet, row, n, heading, self.head)

    def put(
        self, sheet: Worksheet, row: int, column: int, amount: Amount | None, style: Format | None = None
    ) -> None:
        """One cell; `style` is for words only."""
        match amount.value if amount else None:
            case None:
                sheet.write_blank(row, column, None, style or self.text)
            case str() as words:
                write_text(sheet, row, column, words, style or self.word)
            case dt.date() as day:
                sheet.write_datetime(row, column, dt.datetime.combine(day, dt.time()), self.day)
            case int() as whole:
                sheet.write_number(row, column, whole, self.whole)
            case float() as number:
                sheet.write_number(row, column, number, self.amount)
