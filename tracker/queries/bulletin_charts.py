"""The charts of a bulletin, goals against their targets and units × goals; Chinese, as bulletins are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from html import escape

from tracker import charts
from tracker.charts import HeatCell, TargetBar
from tracker.models import Campaign
from tracker.queries.boards import Board, Cell, board_on
from tracker.queries.bureau import complete_branches
from tracker.queries.hardship import kept_back
from tracker.rules.bulletins import CHART_OF_GOALS, CHART_OF_UNITS, ChartTable
from tracker.rules.goals import GoalStanding, GoalState
from tracker.rules.hedges import exact_text
from tracker.rules.numbers import reached

SILENT, NOT_ASKED, NO_DATA = "未报", "—", "无人可计"
OTHER_UNIT, REACHED = "目标口径未上报", "已达到"
IN_SILENCE = "*"  # a number in which a month of silence is
ROW = 34  # pixels


def bulletin_charts(campaign: Campaign, codes: Sequence[str], day: dt.date) -> tuple[ChartTable, ...]:
    """The charts that a template names, as of `day`, in its order: tables and figures, no pictures."""
    if not codes:
        return ()
    board = board_on(campaign, day)
    made = {CHART_OF_GOALS: _goals, CHART_OF_UNITS: _units}
    return tuple(made[code](board) for code in codes)


def _goals(board: Board) -> ChartTable:
    goals = [card.standing for card in board.cards]
    done = sum(one.state is GoalState.REACHED for one in goals)
    title = f"{len(goals)}个目标中{done}个已达到" if done else f"{len(goals)}个目标均未达到"
    bars = [TargetBar(one.goal.short_name, _beside(one), one.share) for one in goals]
    return ChartTable(
        title,
        ("目标", "完成", "目标数", "进度"),
        tuple(
            (one.goal.short_name, _amount(one), f"{one.goal.target}{one.goal.unit}", _progress(one))
            for one in goals
        ),
        figure=charts.as_json(charts.targets_figure("", bars, "目标")),
        height=100 + ROW * len(goals),
    )


def _amount(standing: GoalStanding) -> str:
    return NO_DATA if standing.value is None else exact_text(standing.figure)


def _progress(standing: GoalStanding) -> str:
    """How much of the target is reached, cut and never rounded up to it."""
    if standing.state is GoalState.REACHED:
        return REACHED
    if standing.share is None:
        return OTHER_UNIT if standing.state is GoalState.NOT_REPORTED else NOT_ASKED
    return f"{int(standing.share * 100)}%"


def _beside(standing: GoalStanding) -> str:
    if standing.state is GoalState.NOT_REPORTED:
        return f"{_amount(standing)}（{OTHER_UNIT}）"
    return f"{_amount(standing)}／{standing.goal.target}{standing.goal.unit}"


def _units(board: Board) -> ChartTable:
    goals = [card.standing for card in board.cards]
    headings = tuple(f"{one.goal.short_name}（{one.figure.figure.unit}）" for one in goals)
    few = kept_back(board)
    texts = [
        [few.get((n, column)) or _cell(cell) for column, cell in enumerate(row.cells)]
        for n, row in enumerate(board.rows)
    ]
    rows = tuple((row.name, *said) for row, said in zip(board.rows, texts, strict=True))
    heat = [
        [
            HeatCell(None if (n, column) in few else _shade(cell), texts[n][column], "")
            for column, cell in enumerate(row.cells)
        ]
        for n, row in enumerate(board.rows)
    ]
    names = [escape(one.goal.short_name) for one in goals]
    figure = charts.heat_figure("", names, [escape(row.name) for row in board.rows], heat)
    return ChartTable(
        _units_title(board), ("党组织", *headings), rows, figure=charts.as_json(figure),
        height=80 + ROW * len(rows),
    )  # fmt: skip


def _units_title(board: Board) -> str:
    complete, branches = complete_branches(board)
    title = f"{branches}个党支部中{complete}个各项目标逐月报齐"
    if complete == branches:
        title = f"{branches}个党支部各项目标均已逐月报齐"
    marked = any(_cell(cell).endswith(IN_SILENCE) for row in board.rows for cell in row.cells)
    return f"{title}（{IN_SILENCE}为其中有未报的月份）" if marked else title


def _cell(cell: Cell) -> str:
    """Zero, not reported and not asked look different; a number that rests on silence is marked."""
    if cell.state != "value":
        return SILENT if cell.state == "silent" else NOT_ASKED
    return reached(cell.value) + (IN_SILENCE if cell.told.silent else "")


def _shade(cell: Cell) -> int | None:
    return cell.shade if cell.state == "value" else -1 if cell.state == "silent" else None
