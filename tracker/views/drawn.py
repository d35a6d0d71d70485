"""From a goal's standing to its chart and to the table behind it, with the reader's words."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape

from flask_babel import gettext

from tracker import charts
from tracker.filters import short_day
from tracker.language import choose_language
from tracker.queries.boards import Board, Cell, GoalCard
from tracker.queries.curves import Point
from tracker.queries.statements import MonthMark
from tracker.rules.campaigns import Scope
from tracker.rules.forecasts import WEEK, Outlook, band_at
from tracker.rules.goals import GoalStanding, GoalState
from tracker.rules.numbers import number
from tracker.rules.statements import State
from tracker.views.drawn_tables import about_words
from tracker.views.findings import amount_words, finding
from tracker.views.statement_words import told_words

SCRIPT_DATE = {"zh_Hans": "%-m月%-d日", "en": "%-d %b"}  # how plotly.js writes a day


@dataclass(frozen=True, slots=True)
class DrawnChart:
    """A chart as the page needs it: its title, its JSON, and the table with the same numbers.

    about: what is measured, in what unit, of whom, as of when.
    rows: day, value, mean, and on the last day of a month what was said of it.
    """

    id: str
    title: str
    about: str
    json: str
    headings: tuple[str, ...]
    rows: tuple[tuple[dt.date, Fraction, Fraction | None, str], ...]

    @property
    def has_months(self) -> bool:
        """Whether the ends of months are marked."""
        return any(said for *_, said in self.rows)


def month_names(start: dt.date, end: dt.date) -> dict[dt.date, str]:
    """The first of each month between the days, as an axis shows it: 3月."""
    found: dict[dt.date, str] = {}
    day = start.replace(day=1)
    while day <= end:
        if day >= start:
            found[day] = f"{day:%b}" if choose_language() == "en" else f"{day.month}月"
        day = (day + dt.timedelta(days=32)).replace(day=1)
    return found


def curve_headings(standing: GoalStanding, has_mean: bool) -> tuple[str, ...]:
    """The headings of the table behind a curve."""
    unit = standing.figure.figure.unit
    main = gettext("%(what)s (%(unit)s)", what=standing.figure.figure.title, unit=unit)
    return (
        (gettext("Day"), main, gettext("Mean (%(unit)s)", unit=unit)) if has_mean else (gettext("Day"), main)
    )


def month_words(marks: Sequence[MonthMark]) -> dict[dt.date, str]:
    """The last day of each due month → what the branches said of it: 3月：6个支部中2个未报."""
    return {mark.month.ends_on: f"{mark.month.code} {told_words(mark.told)}" for mark in marks}


def draw_curve(
    card: GoalCard, points: Sequence[Point], board: Board, outlook: Outlook | None = None
) -> DrawnChart:
    """The cumulative curve of a goal as of the board's day, with what was said of each month.

    outlook: of the goal, for the band of a mean or a sum.
    """
    standing, position, day = card.standing, card.position, board.day
    marks = marks_of(card, board)
    said = month_words(marks)
    goal, figure = standing.goal, standing.figure.figure
    comparable = standing.state is not GoalState.NOT_REPORTED
    forecast_on = standing.forecast_on if comparable and standing.state is not GoalState.REACHED else None
    end = max(goal.due_on, min(forecast_on or goal.due_on, goal.due_on + dt.timedelta(days=30)))
    title = finding(standing)
    words = {
        "actual": figure.title if figure.scope is Scope.BUREAU else amount_word(standing),
        "mean": gettext("Mean"),
        "middle": gettext("Forecast (mean)"),
        "needed": gettext("Even pace"),
        "forecast": gettext("Forecast (slowest)")
        if figure.scope is not Scope.BUREAU
        else gettext("Forecast"),
        "target": gettext("Target %(target)s", target=f"{goal.target}{goal.unit}"),
        "due": gettext("Due %(day)s", day=short_day(goal.due_on)),
        "today": short_day(day),
        "end": amount_words(standing),
        "short": f"{number(standing.value)}{figure.unit}",
        "date": SCRIPT_DATE[choose_language()],
        "day": forecast_word(standing),
    }
    curve = charts.Curve(
        title=f"{goal.short_name}: {title}" if choose_language() == "en" else f"{goal.short_name}：{title}",
        unit=figure.unit,
        position=position,
        points=[charts.CurvePoint(point.day, point.value, point.mean) for point in points],
        starts_on=goal.starts_on,
        due_on=goal.due_on,
        target=goal.target if comparable else None,
        words=words,
        slowest=standing.slowest,
        forecast_on=forecast_on,
        months=month_names(goal.starts_on, end),
        stated=_month_points(marks, points),
        band=_band(outlook, end) if outlook and outlook.has_band else None,
    )
    has_mean = any(point.mean is not None for point in points)
    rows = tuple(
        (point.day, point.value, point.mean, said.get(point.day, "")) for point in changes(points, said)
    )
    json = charts.as_json(charts.curve_figure(curve))
    about = about_words(figure.title, figure.unit, day, goal.scope_note)
    headings = (*curve_headings(standing, has_mean), gettext("What branches said of the month"))
    return DrawnChart(f"curve-{goal.code}", title, about, json, headings, rows)


def _band(outlook: Outlook, end: dt.date) -> charts.CurveBand | None:
    """How far the whole may come out by `end`."""
    days = (end - outlook.day).days
    if outlook.band is None or days <= 0:
        return None
    low, high = band_at(outlook.whole, outlook.band, days)
    middle = outlook.whole.amount + outlook.whole.per_week * days / WEEK
    return charts.CurveBand(outlook.day, outlook.whole.amount, end, low, middle, high)


def marks_of(card: GoalCard, board: Board) -> list[MonthMark]:
    """What the branches said of each due month of a goal."""
    return board.reporting.marks(card.standing.figure.figure.kind or "", card.standing.goal)


def _month_points(marks: Sequence[MonthMark], points: Sequence[Point]) -> list[charts.MonthPoint]:
    values, said = {point.day: point.value for point in points}, month_words(marks)
    return [
        charts.MonthPoint(day, values[day], bool(mark.told.silent), said[day])
        for mark in marks
        if (day := mark.month.ends_on) in values
    ]


def forecast_word(standing: GoalStanding) -> str:
    """What stands at the forecast's end: the day of the target, or if far off what the due day brings."""
    goal = standing.goal
    if standing.forecast_on is None:
        return ""
    if standing.forecast_on > goal.due_on + dt.timedelta(days=30) and standing.at_due is not None:
        return f"{math.floor(standing.at_due)}{goal.unit}"
    return short_day(standing.forecast_on)


def amount_word(standing: GoalStanding) -> str:
    """What the main line of a curve is: 最低, 平均."""
    words = {"min": gettext("Lowest"), "mean": gettext("Mean"), "max": gettext("Highest")}
    return words.get(str(standing.figure.figure.reduce), standing.figure.figure.title)


def changes(points: Sequence[Point], kept: Collection[dt.date] = ()) -> list[Point]:
    """The days on which something changed, with the first, the last, and those to be kept."""
    found: list[Point] = []
    for n, point in enumerate(points):
        before = found[-1] if found else None
        is_new = before is None or (before.value, before.mean) != (point.value, point.mean)
        if is_new or n == len(points) - 1 or point.day in kept:
            found.append(point)
    return found


def cell_text(cell: Cell) -> str:
    """What stands in a cell of branches × goals."""
    if cell.state == "value":
        return number(cell.value)
    return gettext("not reported") if cell.state == "silent" else "—"


def cell_note(cell: Cell) -> str:
    """What is said beside the number: that it rests on silence, or that a zero is one; '' if neither."""
    told = cell.told
    if cell.state == "not_asked" or not told.of:
        return ""
    if told.silent:
        return gettext("%(silent)s of %(count)s months not reported", silent=told.silent, count=told.of)
    if told.state is State.CONTRADICTED and not cell.value:
        return gettext("does not agree with the ledger")
    if cell.value == 0:
        return (
            gettext("nothing to report")
            if told.state is State.NOTHING
            else gettext("reported, and it is zero")
        )
    return ""


def draw_heat(board: Board, title: str, few: Mapping[tuple[int, int], str] | None = None) -> str:
    """The heat map of branches × goals as JSON.

    few: (row, column) → what stands in place of a number that is not taken away (`hardship_words.few_words`).
    """
    goals = [card.standing.goal for card in board.cards]
    cells = []
    for n, row in enumerate(board.rows):
        line = []
        for column, (goal, cell) in enumerate(zip(goals, row.cells, strict=True)):
            if few and (n, column) in few:
                line.append(charts.HeatCell(None, few[n, column], ""))
                continue
            shade = cell.shade if cell.state == "value" else -1 if cell.state == "silent" else None
            text, unit = cell_text(cell), cell.unit if cell.state == "value" else ""
            said, note = escape(f"{goal.short_name} {text}{unit}"), cell_note(cell)
            hover = f"{escape(row.name)}<br>{said}"
            mark = "◌" if cell.state == "value" and cell.told.silent else ""
            line.append(charts.HeatCell(shade, text + mark, f"{hover}<br>{escape(note)}" if note else hover))
        cells.append(line)
    columns = [escape(goal.short_name) for goal in goals]
    return charts.as_json(charts.heat_figure(title, columns, [escape(row.name) for row in board.rows], cells))
