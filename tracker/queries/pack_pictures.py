"""The charts of a summary pack for Plotly: goals against targets, units × goals, each goal's way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction

from tracker import charts
from tracker.models import Campaign
from tracker.queries.bulletin_charts import bulletin_charts
from tracker.queries.campaigns import spec_of
from tracker.rules.bulletins import CHART_OF_GOALS, CHART_OF_UNITS
from tracker.rules.campaigns import Goal
from tracker.rules.hedges import day_text
from tracker.rules.packs import GoalPage, Pack, Point

HEIGHT = 420  # pixels, of a goal's way


def pack_pictures(pack: Pack, campaign: Campaign) -> Iterator[tuple[str, str, int]]:
    """(name, figure as JSON, height in pixels) of each chart. Few people in hardship are in none of them."""
    spec = spec_of(campaign)
    names = {CHART_OF_GOALS: "全部目标", CHART_OF_UNITS: "党组织与目标"}
    for name, chart in zip(names.values(), bulletin_charts(campaign, list(names), pack.day), strict=True):
        yield name, chart.figure, chart.height
    for position, page in enumerate(pack.goals, 1):
        goal = spec.goal(page.code)
        known = [point for point in page.points if point.value is not None]
        if goal is not None and known:
            figure = charts.curve_figure(_curve(page, goal, position, known, pack.day))
            yield f"{position:02}-{page.short_name}-逐日累计", charts.as_json(figure), HEIGHT


def _curve(page: GoalPage, goal: Goal, position: int, points: list[Point], day: dt.date) -> charts.Curve:
    """The words are Chinese, as those of the pack are."""
    last = points[-1].value
    return charts.Curve(
        title=page.title,
        unit=page.unit,
        position=position,
        points=[
            charts.CurvePoint(one.day, _number(one) or Fraction(0), _mean(one)) for one in points
        ],
        starts_on=goal.starts_on,
        due_on=goal.due_on,
        target=page.target if page.is_comparable else None,
        words={
            "actual": page.actual, "mean": page.mean, "needed": "匀速应达", "forecast": "预测",
            "target": f"目标{page.target}{goal.unit}", "due": f"{day_text(goal.due_on, day)}到期",
            "today": day_text(day, day), "end": f"{last.value if last else ''}{page.unit}", "day": "",
            "date": "%Y-%m-%d",
        },
        months=_months(goal.starts_on, goal.due_on),
    )  # fmt: skip


def _number(point: Point) -> Fraction | None:
    value = point.value.value if point.value else None
    return Fraction(value) if isinstance(value, int | float) else None


def _mean(point: Point) -> Fraction | None:
    value = point.mean.value if point.mean else None
    return Fraction(value) if isinstance(value, int | float) else None


def _months(start: dt.date, end: dt.date) -> dict[dt.date, str]:
    """The first of each month between the days, as the axis shows it."""
    first = [dt.date(year, month, 1) for year in range(start.year, end.year + 1) for month in range(1, 13)]
    return {day: f"{day.month}月" for day in first if start <= day <= end}
