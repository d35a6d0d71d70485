"""A chart together with the table behind it, for the page of charts, for pictures and for spreadsheets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from flask_babel import gettext

from tracker import charts
from tracker.files.chart_sheet import ChartSheet, Value, write_chart_sheet
from tracker.filters import day_words
from tracker.views.asof import AsOf


@dataclass(frozen=True, slots=True)
class Further:
    """One chart.

    name:     what the list of charts calls it; title: what it says.
    json:     for Plotly; '' where there is nothing to draw yet.
    headings: of the table with the same numbers; the first column names the rows.
    charted:  how many of the columns after the first are in the native chart of the spreadsheet.
    note:     what is counted, and what is left out.
    about:    what is measured, in what unit, of whom, and as of when (`about_words`).
    """

    code: str
    name: str
    title: str
    json: str
    headings: tuple[str, ...]
    rows: Sequence[Sequence[Value]]
    note: str
    unit: str = ""
    sort: str = "column"
    charted: int | None = None
    is_stacked: bool = False
    is_tall: bool = False
    shade: bool = False
    about: str = field(kw_only=True)

    @property
    def is_empty(self) -> bool:
        return not self.json

    @property
    def written(self) -> list[list[Value]]:
        """The rows as a spreadsheet takes them."""
        return [list(row) for row in self.rows]


def about_words(what: str, unit: str, day: dt.date, scope: str = "") -> str:
    """The line with a chart's title. scope: of whom, the whole bureau if ''."""
    return gettext(
        "%(what)s (%(unit)s); %(scope)s; as of %(day)s, only verified records count",
        what=what, unit=unit, scope=scope or gettext("whole bureau"), day=day_words(day),
    )  # fmt: skip


def further_sheet(chart: Further, asof: AsOf) -> bytes:
    """The table with a native chart of the same numbers."""
    as_of = gettext("Figures as of %(day)s; only verified records count", day=asof.day.isoformat())
    return write_chart_sheet(
        ChartSheet(
            chart.name, chart.title, f"{as_of} {chart.note}".strip(), chart.headings, chart.written,
            chart.sort, charts.COLOURS, chart.unit, shade=chart.shade, charted=chart.charted,
            is_stacked=chart.is_stacked,
        )
    )  # fmt: skip


def month_word(month: dt.date) -> str:
    """A month in a table and beside a bar: 2021-03."""
    return f"{month:%Y-%m}"
