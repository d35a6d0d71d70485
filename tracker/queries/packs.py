"""What a summary pack says as of a day, read from the same boards, curves and figures as the pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from fractions import Fraction

from sqlalchemy import func, select

from tracker import charts
from tracker.db import db
from tracker.models import Bulletin, BulletinState, Campaign
from tracker.queries.boards import Board, GoalCard, board_on
from tracker.queries.curves import curve_of
from tracker.queries.figures import bureau_name, reached_on
from tracker.queries.record_filters import RecordFilter, adds_by_record, rows_behind
from tracker.rules.bulletin_text import partner_of
from tracker.rules.campaigns import CampaignSpec, Figure, Measure, Reduce, Scope
from tracker.rules.figures import FigureValue
from tracker.rules.goals import GoalState, needed_by, value_shown
from tracker.rules.packs import (
    STATES,
    Amount,
    FigureLine,
    GoalPage,
    Pack,
    Point,
    UnitCell,
    amount,
    forecast_words,
    hidden,
    is_about_hardship,
    is_few,
    notes_of,
    told_words,
    value_amounts,
)
from tracker.rules.rule_versions import rule_version
from tracker.rules.tallies import question_of
from tracker.rules.wording import Sentence, rule_in_words

Say = Callable[[Sentence], str]  # a sentence in Chinese
LEVELS = {"branch": "党支部", "section": "科室"}
KINDS_OF_VALUE = {Reduce.MIN: "最低", Reduce.MEAN: "平均", Reduce.MAX: "最高"}


def pack_on(
    campaign: Campaign, day: dt.date, say: Say, made_on: dt.date, step: Callable[[], None] = lambda: None
) -> Pack:
    """The whole summary as of `day`.

    say:  the rules of figures in words.
    step: called after each figure whose rows were counted.
    """
    board = board_on(campaign, day)
    spec = board.standing.spec
    lines = _figure_lines(campaign, board, say, step)
    goals = tuple(_goal(card, board, lines) for card in board.cards)
    return Pack(
        spec.name,
        spec.code,
        bureau_name() or "",
        day,
        goals,
        tuple(lines.values()),
        notes_of(spec, day, made_on),
    )


def issued_by(campaign: Campaign, day: dt.date) -> list[Bulletin]:
    """The bulletins that were issued of a day up to `day`, by sort and number."""
    return list(
        db.session.scalars(
            select(Bulletin)
            .where(
                Bulletin.campaign_id == campaign.id,
                Bulletin.state == BulletinState.ISSUED,
                Bulletin.as_of <= day,
            )
            .order_by(Bulletin.template, Bulletin.number, Bulletin.id)
        )
    )


def _figure_lines(
    campaign: Campaign, board: Board, say: Say, step: Callable[[], None]
) -> dict[str, FigureLine]:
    spec, counted = board.standing.spec, {}
    found: dict[str, FigureLine] = {}
    for figure in spec.figures:
        question = question_of(figure)
        # The same rows stand behind figures that differ only in how the places' values become one.
        key = (question.code if question else None, str(figure.scope), figure.over)
        if key not in counted:
            counted[key] = _count_rows(campaign, figure, board.day) if question else None
        found[figure.id] = _line(campaign, board, figure, counted[key], say)
        step()
    return found


def _count_rows(campaign: Campaign, figure: Figure, day: dt.date) -> int | None:
    """How many records are behind a figure as of `day`, as the ledger lists them."""
    behind = rows_behind(campaign, RecordFilter(day=day, figure=figure), figure)
    if behind is None:
        return None
    return db.session.scalar(select(func.count()).select_from(adds_by_record(behind))) or 0


def _line(campaign: Campaign, board: Board, figure: Figure, rows: int | None, say: Say) -> FigureLine:
    spec, value = board.standing.spec, board.values[figure.id]
    on = None
    if figure.reduce is Reduce.FORECAST_DATE and value.is_reached:
        on = reached_on(campaign, figure, list(value.by) or [0], board.day)
    is_hidden = is_about_hardship(figure, spec)
    shown, low, high = value_amounts(value, is_hidden, on)
    if is_hidden and is_few(rows):
        rows = None
    kind = spec.kind(figure.kind).name if figure.kind else "党员名册"
    rule = "".join(say(sentence) for sentence in rule_in_words(figure, spec))
    version = rule_version(figure, spec)
    return FigureLine(
        figure.id, figure.title, kind, shown, figure.unit, rule, version, low, high, rows
    )  # fmt: skip


def _goal(card: GoalCard, board: Board, lines: dict[str, FigureLine]) -> GoalPage:
    standing, spec = card.standing, board.standing.spec
    goal, figure = standing.goal, standing.figure.figure
    own = lines[figure.id]
    is_shared = figure.scope is not Scope.BUREAU
    is_comparable = standing.is_comparable and standing.state is not GoalState.NO_DATA
    slowest = amount(standing.slowest) if is_shared else Amount("—")
    needed = amount(standing.needed) if is_comparable else Amount("—")
    pairs = _pairs(card, board)
    facts = [
        ("数据项", Amount(figure.title), ""),
        ("当前值", own.amount, figure.unit),
        ("目标值", Amount(goal.target), goal.unit),
        *([("最低", slowest, figure.unit)] if is_shared else []),
        ("匀速应达", needed, goal.unit if is_comparable else ""),
        ("状态", Amount(STATES[standing.state]), ""),
        ("预计达标日", forecast_words(standing), ""),
        ("到期日" if goal.is_due_stated else "到期日（按计划结束日）", Amount(goal.due_on), ""),
        ("有月份未报的支部", Amount(card.silent), "个"),
    ]
    row = (
        Amount(goal.name), Amount(figure.title), own.amount, Amount(figure.unit),
        Amount(f"{goal.target}{goal.unit}"), slowest, needed, Amount(STATES[standing.state]),
        forecast_words(standing), Amount(goal.due_on), Amount("\n".join(pairs) or "—"), Amount(card.silent),
    )  # fmt: skip
    points = _points(card, board)
    n = (card.position - 1) % len(charts.COLOURS)
    return GoalPage(
        goal.code, goal.name, goal.short_name, figure.unit, goal.target,
        f"{goal.name}：{KINDS_OF_VALUE.get(figure.reduce, '') if is_shared else ''}"
        f"{own.amount.value}{figure.unit}，{STATES[standing.state]}",
        facts, pairs, row, points, _cells(card, board),
        [lines[one] for one in _figures_of(card, spec, board)],
        KINDS_OF_VALUE.get(figure.reduce, figure.title) if is_shared else figure.title, "平均",
        is_comparable, charts.COLOURS[n], charts.LIGHT[n],
    )  # fmt: skip


def _figures_of(card: GoalCard, spec: CampaignSpec, board: Board) -> list[str]:
    """The goal's own figure first, then those that ask the same kind of record."""
    goal, main = card.standing.goal, value_shown(card.standing.goal, board.values).figure
    others = [
        one.id
        for one in spec.figures
        if one.id in goal.show or one.id == goal.reached or (one.kind is not None and one.kind == main.kind)
    ]
    return list(dict.fromkeys([main.id, goal.figure, *others]))


def _pairs(card: GoalCard, board: Board) -> list[str]:
    """人次 and 人数 of the figures beside the goal, always both."""
    spec, found = board.standing.spec, {}
    for value in (card.standing.figure, *card.beside):
        other = partner_of(value.figure, spec)
        if other is not None:
            both = sorted((value, board.values[other.id]), key=_is_persons)
            found[both[0].figure.id] = "，".join(_said(one, spec) for one in both)
    return list(found.values())


def _is_persons(value: FigureValue) -> bool:
    return value.figure.measure is Measure.PERSONS


def _said(value: FigureValue, spec: CampaignSpec) -> str:
    shown, low, _ = value_amounts(value, is_about_hardship(value.figure, spec))
    return f"{value.figure.title}{shown.value}{value.figure.unit}{'（有的没有名单）' if low else ''}"


def _points(card: GoalCard, board: Board) -> list[Point]:
    standing = card.standing
    goal, is_hidden = standing.goal, is_about_hardship(standing.figure.figure, board.standing.spec)
    marks = board.reporting.marks(standing.figure.figure.kind or "", goal)
    said = {
        mark.month.ends_on: f"{mark.month.code}：{mark.told.of}个支部中{mark.told.silent}个未报"
        if mark.told.silent
        else f"{mark.month.code}：{mark.told.of}个支部都已表态"
        for mark in marks
    }
    found = []
    for one in curve_of(goal, board.standing):
        few = is_hidden and is_few(one.value)
        mean = amount(one.mean) if one.mean is not None and not is_hidden else None
        needed = amount(needed_by(goal, one.day)) if standing.is_comparable else None
        shown = None if few else amount(one.value)
        found.append(Point(one.day, shown, mean, needed, said.get(one.day, "")))
    return found


def _cells(card: GoalCard, board: Board) -> list[UnitCell]:
    """Every branch, and the sections that are asked."""
    column = card.position - 1
    rows = [row for row in board.rows if row.level == "branch" or row.cells[column].state != "not_asked"]
    values: Sequence[Fraction | None] = [
        row.cells[column].value if row.cells[column].state == "value" else None for row in rows
    ]
    is_hidden = is_about_hardship(card.standing.figure.figure, board.standing.spec)
    kept_back = hidden(values) if is_hidden else {}
    found = []
    for n, row in enumerate(rows):
        cell = row.cells[column]
        said = told_words(cell.told, cell.state)
        state, shown = cell.state, amount(cell.value)
        if n in kept_back:
            state, shown = "few", Amount(kept_back[n])
        elif state != "value":
            shown = Amount("未报" if state == "silent" else "不适用")
        found.append(UnitCell(row.unit_id, row.name, LEVELS[row.level], state, shown, said))
    return found
