"""Spreadsheets of charts: the same numbers, the same title, the reader's words."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from flask import Response
from flask_babel import gettext

from tracker import charts
from tracker.files.chart_sheet import ChartSheet, Value, write_chart_sheet
from tracker.queries.boards import Board, GoalCard
from tracker.queries.curves import Point
from tracker.rules.goals import GoalState, needed_by
from tracker.views.asof import AsOf
from tracker.views.drawn import cell_note, curve_headings, marks_of, month_words
from tracker.views.findings import finding
from tracker.views.hardship_words import few_words

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sheet_response(content: bytes, filename: str) -> Response:
    """An answer that the browser saves under a Chinese name."""
    response = Response(content, mimetype=XLSX)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(filename)}"
    return response


def _note(asof: AsOf) -> str:
    return gettext("Figures as of %(day)s; only verified records count", day=asof.day.isoformat())


def heat_sheet(board: Board, asof: AsOf, title: str) -> bytes:
    """Branches and sections down, goals across."""
    goals = [card.standing for card in board.cards]
    headings = [gettext("Unit")]
    headings += [
        gettext("%(what)s (%(unit)s)", what=standing.goal.short_name, unit=standing.figure.figure.unit)
        for standing in goals
    ]
    rows: list[list[Value]] = []
    labels: dict[tuple[int, int], str] = {}
    notes: list[str] = []
    few = few_words(board)
    for n, row in enumerate(board.rows):
        line: list[Value] = [row.name]
        said: list[str] = []
        for column, cell in enumerate(row.cells, 1):
            silent = gettext("not reported") if cell.state == "silent" else None
            value = cell.value if cell.state == "value" else silent
            line.append(few.get((n, column - 1), value))
            if silent or cell.value == 0:
                labels[n, column] = silent or "0"
            if note := cell_note(cell):
                said.append(f"{goals[column - 1].goal.short_name}：{note}")
        rows.append(line)
        notes.append("；".join(said))
    return write_chart_sheet(
        ChartSheet(
            gettext("Branches and goals"),
            title,
            _note(asof),
            headings,
            rows,
            "column",
            charts.COLOURS,
            shade=True,
            words=(gettext("What the branch said"), notes),
            labels=labels,
        )
    )


def curve_sheet(card: GoalCard, points: Sequence[Point], board: Board, asof: AsOf) -> bytes:
    """Days down; value, mean and even pace across, and what was said of each month on its last day."""
    standing, position = card.standing, card.position
    marks = marks_of(card, board)
    said = month_words(marks)
    silent = {mark.month.ends_on for mark in marks if mark.told.silent}
    has_mean = any(point.mean is not None for point in points)
    comparable = standing.state is not GoalState.NOT_REPORTED
    headings = [
        *curve_headings(standing, has_mean),
        *([gettext("Even pace"), gettext("Target")] if comparable else []),
    ]
    rows: list[list[Value]] = []
    for point in points:
        row: list[Value] = [point.day, point.value]
        if has_mean:
            row.append(point.mean)
        if comparable:
            row += [needed_by(standing.goal, point.day), standing.goal.target]
        rows.append(row)
    n = (position - 1) % 9
    colours = [charts.COLOURS[n], *([charts.LIGHT[n]] if has_mean else []), charts.GREY, charts.INK_STRONG]
    goal = standing.goal
    title = f"{goal.name}：{finding(standing)}"
    words = gettext("What branches said of the month"), [said.get(one.day, "") for one in points]
    labels = {(n, 1): gettext("not reported") for n, one in enumerate(points) if one.day in silent}
    return write_chart_sheet(
        ChartSheet(
            goal.short_name, title, _note(asof), headings, rows, "line", colours, standing.figure.figure.unit,
            words=words, labels=labels,
        )
    )  # fmt: skip
