"""A spreadsheet with the numbers of a chart and a native chart of the same numbers."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from tracker.files.record_sheet import plain, sheet_name

Value = Fraction | float | int | dt.date | str | None
TITLE_ROW, HEAD_ROW, FIRST_ROW = 0, 3, 4


@dataclass(frozen=True, slots=True)
class ChartSheet:
    """What stands in the workbook.

    title:    the finding, in the first row.
    note:     as of which day, and what was counted.
    headings: the first is that of the names or days down the side.
    rows:     each begins with a day or a name; None is an empty cell, text stays text and is never a formula.
    sort:     'line' over days, 'column' over names.
    colours:  one a series.
    unit:     of the value axis; '' where the columns have units of their own.
    shade:    whether each column gets a scale of colours, as the heat map has.
    words:    (heading, one text a row): a last column beside the numbers, not in the chart.
    labels:   (row, column) → what stands at that point of the chart. A text cell is drawn as zero by every
              program of tables: there only words tell silence from zero.
    charted:  how many columns beside the first are in the chart; None for all. Stacked where `is_stacked`.
    """

    name: str
    title: str
    note: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Value]]
    sort: str
    colours: Sequence[str]
    unit: str = ""
    shade: bool = False
    words: tuple[str, Sequence[str]] | None = None
    labels: Mapping[tuple[int, int], str] = field(default_factory=dict)
    charted: int | None = None
    is_stacked: bool = False


def write_chart_sheet(sheet: ChartSheet) -> bytes:
    """The workbook as bytes."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    page = book.add_worksheet(sheet_name(sheet.name))
    _write_table(book, page, sheet)
    if sheet.rows and len(sheet.headings) > 1 and sheet.charted != 0:
        _add_chart(book, page, sheet)
    page.freeze_panes(FIRST_ROW, 1)
    page.fit_to_pages(1, 0)
    page.set_landscape()
    book.close()
    return target.getvalue()


def _write_table(book: Workbook, page: Worksheet, sheet: ChartSheet) -> None:
    bold = book.add_format({"bold": True, "font_size": 14})
    quiet = book.add_format({"font_color": "#67615a"})
    head = book.add_format({"bold": True, "bottom": 1, "align": "center", "text_wrap": True})
    day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
    amount = book.add_format({"num_format": "0.0##"})
    page.write_string(TITLE_ROW, 0, plain(sheet.title), bold)
    page.write_string(TITLE_ROW + 1, 0, sheet.note, quiet)
    for column, heading in enumerate(sheet.headings):
        page.write_string(HEAD_ROW, column, plain(heading), head)
    page.set_column(0, 0, 24)
    page.set_column(1, max(1, len(sheet.headings) - 1), 14)
    for number, row in enumerate(sheet.rows, FIRST_ROW):
        for column, value in enumerate(row):
            if isinstance(value, dt.date):
                page.write_datetime(number, column, dt.datetime.combine(value, dt.time()), day)
            elif isinstance(value, str):
                page.write_string(number, column, plain(value))
            elif value is not None:
                whole = Fraction(value).denominator == 1
                page.write_number(
                    number, column, int(value) if whole else float(value), None if whole else amount
                )
    if sheet.words:
        _write_words(page, len(sheet.headings), *sheet.words, head)
    if sheet.shade and sheet.rows:
        for column in range(1, len(sheet.headings)):
            page.conditional_format(
                FIRST_ROW, column, FIRST_ROW + len(sheet.rows) - 1, column,
                {"type": "2_color_scale", "min_color": "#e3ebf4", "max_color": "#a3c0da"},
            )  # fmt: skip


def _write_words(page: Worksheet, column: int, heading: str, texts: Sequence[str], head: Any) -> None:
    """The last column: one text a row."""
    page.write_string(HEAD_ROW, column, plain(heading), head)
    page.set_column(column, column, 32)
    for number, text in enumerate(texts, FIRST_ROW):
        page.write_string(number, column, plain(text))


def _add_chart(book: Workbook, page: Worksheet, sheet: ChartSheet) -> None:
    kind = {"type": "line"} if sheet.sort == "line" else {"type": "column"}
    if sheet.is_stacked:
        kind["subtype"] = "stacked"
    chart = book.add_chart(kind)
    last = FIRST_ROW + len(sheet.rows) - 1
    for column in range(1, len(sheet.headings) if sheet.charted is None else 1 + sheet.charted):
        colour = sheet.colours[(column - 1) % len(sheet.colours)]
        look = (
            {"line": {"color": colour, "width": 2}} if sheet.sort == "line" else {"fill": {"color": colour}}
        )
        chart.add_series(
            {
                "name": [page.get_name(), HEAD_ROW, column],
                "categories": [page.get_name(), FIRST_ROW, 0, last, 0],
                "values": [page.get_name(), FIRST_ROW, column, last, column],
                **_labels(sheet, column),
                **look,
            }
        )
    chart.set_title({"name": sheet.title, "name_font": {"size": 12}, "overlay": False})
    chart.set_legend({"position": "bottom"})
    if sheet.sort == "line":
        chart.set_x_axis(
            {"date_axis": True, "num_format": "m-d", "major_unit": 1, "major_unit_type": "months"}
        )
    chart.set_y_axis(
        {"name": sheet.unit, "min": 0, "major_gridlines": {"visible": True, "line": {"color": "#e7e3dd"}}}
    )
    chart.set_size({"width": 860, "height": 420})
    page.insert_chart(HEAD_ROW, len(sheet.headings) + 1 + bool(sheet.words), chart)


def _labels(sheet: ChartSheet, column: int) -> dict[str, Any]:
    """The words at points of one series; nothing at its other points."""
    if not any(at == column for _, at in sheet.labels):
        return {}
    custom = [
        {"value": text} if (text := sheet.labels.get((row, column))) else {"delete": True}
        for row in range(len(sheet.rows))
    ]
    return {"data_labels": {"value": True, "custom": custom}}
