"""What the page of components shows in them: invented figures over the goals of a campaign file."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from flask_babel import gettext

from tracker import charts
from tracker.forms.base import ActForm
from tracker.forms.style import SampleForm
from tracker.queries.boards import Cell, GoalCard
from tracker.queries.months import MonthCell, Months
from tracker.queries.paging import Page
from tracker.rules.bins import BinBar, bin_bars
from tracker.rules.campaign_file import read_campaign
from tracker.rules.campaigns import CampaignSpec, Figure, Goal, Scope
from tracker.rules.figures import FigureValue
from tracker.rules.goals import GoalStanding, GoalState, needed_by
from tracker.rules.periods import Period
from tracker.rules.statements import State, Told
from tracker.views.drawn import DrawnChart
from tracker.views.lateness import Late
from tracker.views.loop import Tab

CAMPAIGN = Path(__file__).parent.parent / "campaigns" / "qigeyibai-2021.toml"
SHARES: dict[GoalState, Fraction | None] = {
    GoalState.REACHED: Fraction(1), GoalState.ON_TIME: Fraction(7, 10), GoalState.LATE: Fraction(4, 10),
    GoalState.IMPOSSIBLE: Fraction(1, 10), GoalState.NO_FORECAST: Fraction(0),
    GoalState.NOT_REPORTED: None, GoalState.NO_DATA: None,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SampleDay:
    """As AsOf, but of no campaign in the database."""

    spec: CampaignSpec
    day: dt.date
    latest: dt.date


@dataclass(frozen=True, slots=True)
class SampleLine:
    """One kind in one month, as a branch said of it."""

    state: State
    month: Period


@dataclass(frozen=True, slots=True)
class SampleFrame:
    """What macros read of the frame."""

    loop: tuple[Tab, ...]
    reports: tuple[Tab, ...]
    late: Late


def _standing(goal: Goal, figure: Figure, state: GoalState, day: dt.date) -> GoalStanding:
    share = SHARES[state]
    value = (
        None if state is GoalState.NO_DATA else (share if share is not None else Fraction(1, 2)) * goal.target
    )
    has_pace = state in (GoalState.ON_TIME, GoalState.LATE)
    early = 20 if state is GoalState.ON_TIME else -20
    return GoalStanding(
        goal,
        FigureValue(figure, value, n=128),
        state,
        value,
        value,
        share,
        needed_by(goal, day),
        forecast_on=goal.due_on - dt.timedelta(days=early) if has_pace else None,
        at_due=Fraction(goal.target * 3, 4) if state is GoalState.LATE else None,
        early=early if has_pace else None,
        change=Fraction(3) if has_pace else None,
    )


def _months(day: dt.date) -> Months:
    first = day.replace(day=1)
    before = (first - dt.timedelta(days=1)).replace(day=1)
    return Months(
        ("类别甲", "类别乙"),
        (
            (before, (MonthCell(4, State.HANDED_IN), MonthCell(0, State.NOTHING))),
            (first, (MonthCell(7), MonthCell(0, State.SILENT))),
        ),
        (11, 0),
        (3, None),
    )


def _bars() -> list[BinBar]:
    return bin_bars([(0, 6, False, 2), (20, 14, False, 0), (40, 30, False, 0), (100, 9, True, 0)])


def samples() -> dict[str, Any]:
    """Every name that an example of tracker/style.toml uses."""
    spec = read_campaign(CAMPAIGN.read_text(encoding="utf-8"))
    day = spec.starts_on + (spec.ends_on - spec.starts_on) / 2
    asof = SampleDay(spec, day, day)
    figures = {one.id: one for one in spec.figures}
    goal = next(one for one in spec.goals if figures[one.figure].scope is Scope.BUREAU)
    each = next(one for one in spec.goals if figures[one.figure].scope is Scope.MEMBER)
    standings = {state: _standing(goal, figures[goal.figure], state, day) for state in GoalState}
    of_each = _standing(each, figures[each.figure], GoalState.LATE, day)
    unsure = FigureValue(figures[goal.figure], None, Fraction(85), Fraction(164), n=1)
    beside = (standings[GoalState.LATE].figure, unsure)
    card = GoalCard(standings[GoalState.LATE], beside, position=2, silent=1)
    told = Told(silent=2, of=4)
    month = Period("2021-03", day.replace(day=1), day)
    value = Fraction(12)
    layers = (("甲", (2, 3, 5), charts.COLOURS[0]), ("乙", (1, 0, 2), charts.COLOURS[1]))
    bars = charts.Bars("三天的数字", "小时", ("3月1日", "3月2日", "3月3日"), layers, is_lying=False)
    chart = charts.as_json(charts.bars_figure(bars))
    wrong = SampleForm(formdata=None, prefix="wrong-")
    wrong.amount.errors = [gettext("Say how long it took.")]
    return {
        "spec": spec, "asof": asof, "goal_figure": figures[goal.figure], "sort_url": "#{}".format,
        "standings": standings, "of_each": of_each, "unsure": unsure,
        "card": card, "bars": _bars(), "told": told, "none_told": Told(nothing=2, of=2),
        "cells": (
            Cell("value", value, shade=3, told=told), Cell("silent", told=told), Cell("not_asked"),
        ),
        "states": list(GoalState), "said": list(State), "months_sample": _months(day),
        "page": Page(range(50), 2, 120), "one_page": Page(range(7), 1, 7),
        "form": SampleForm(formdata=None), "wrong": wrong, "act_form": ActForm(formdata=None),
        "frame": SampleFrame(
            (Tab("Progress of the plan", "#", True), Tab("Samples", "#", False)),
            (Tab("Bulletins", "#", False), Tab("Forecast", "#", True)), Late(is_asked=True, why=""),
        ),
        "chart_json": chart,
        "line": SampleLine(State.SILENT, month), "ending": month,
        "drawn": DrawnChart(
            "sample", "三天的数字", "时长（小时），全局，截至2021年7月31日", chart, ("日期", "数值", "说明"),
            tuple((day + dt.timedelta(days=n), Fraction(n), None, "") for n in range(1, 4)),
        ),
    }  # fmt: skip
