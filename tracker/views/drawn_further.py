"""Every chart of a campaign by its code: the further ones beside the curves and the heat map."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from flask_babel import gettext

from tracker.queries.boards import board_on
from tracker.queries.breakdowns import breakdowns_of
from tracker.queries.curves import curve_of
from tracker.queries.forecasts import back_test_of, outlooks_on
from tracker.queries.session_days import kinds_with_sessions
from tracker.rules.campaigns import CampaignSpec, Goal, Scope
from tracker.views.asof import AsOf
from tracker.views.bureau import heat_finding
from tracker.views.drawn import draw_curve, draw_heat
from tracker.views.drawn_days import days_name, draw_days
from tracker.views.drawn_overlap import draw_overlap
from tracker.views.drawn_parts import draw_parts, part_name
from tracker.views.drawn_said import draw_said
from tracker.views.drawn_spread import draw_spread
from tracker.views.drawn_tables import Further
from tracker.views.hardship_words import few_words

HEAT, OVERLAP = "heat", "goals-in-common"


@dataclass(frozen=True, slots=True)
class Named:
    """A chart that can be drawn: its code, what lists call it, and how it is drawn."""

    code: str
    name: str
    draw: Callable[[AsOf], Further | None]


@dataclass(frozen=True, slots=True)
class Group:
    """Charts that answer one question."""

    name: str
    charts: tuple[Named, ...]


def further_charts(spec: CampaignSpec) -> list[Group]:
    """The further charts of a campaign, in groups; those of which it has none are left out."""
    groups = (
        Group(
            gettext("What each source and category adds"),
            tuple(
                Named(code, part_name(kind, by), partial(draw_parts, kind, by, code))
                for kind, by in breakdowns_of(spec)
                for code in (f"{kind.code}-by-{by}",)
            ),
        ),
        Group(
            gettext("Calendar of activities"),
            tuple(
                Named(code, days_name(kind), partial(draw_days, kind, code))
                for kind in kinds_with_sessions(spec)
                for code in (f"{kind.code}-days",)
            ),
        ),
        Group(
            gettext("People and goals"),
            (
                Named(OVERLAP, gettext("Who counts in several goals"), partial(draw_overlap, OVERLAP)),
                *(
                    Named(
                        code,
                        gettext("%(goal)s: distribution", goal=goal.short_name),
                        partial(_spread, goal, code),
                    )
                    for goal in spec.goals
                    if (figure := spec.figure(goal.figure)) and figure.scope is Scope.MEMBER
                    for code in (f"{goal.code}-distribution",)
                ),
            ),
        ),
        Group(
            gettext("What was foretold"),
            tuple(
                Named(
                    code,
                    gettext("%(goal)s: forecasts so far", goal=goal.short_name),
                    partial(_said, goal, code),
                )
                for goal in spec.goals
                for code in (f"{goal.code}-forecasts",)
            ),
        ),
    )
    return [group for group in groups if group.charts]


def draw_further(code: str, asof: AsOf) -> Further | None:
    """The further chart of that code as of the day; None if the campaign has none of that code."""
    for group in further_charts(asof.spec):
        for chart in group.charts:
            if chart.code == code:
                return chart.draw(asof)
    return None


def chart_json(code: str, asof: AsOf) -> str | None:
    """Any chart as Plotly reads it: a goal's curve by the goal's code, 'heat' for branches × goals, or one of
    the further charts. None if there is none of that code, or nothing to draw in it."""
    goal = asof.spec.goal(code)
    if goal is None and code != HEAT:
        chart = draw_further(code, asof)
        return chart.json or None if chart else None
    board = board_on(asof.campaign, asof.day)
    if goal is None:
        return draw_heat(board, heat_finding(board), few_words(board))
    card = next(card for card in board.cards if card.standing.goal.code == code)
    [(outlook, _)] = outlooks_on(board, [card])
    return draw_curve(card, curve_of(goal, board.standing), board, outlook).json


def chart_codes(spec: CampaignSpec) -> list[str]:
    """The code of every chart of a campaign: curves, heat map, further ones."""
    further = [chart.code for group in further_charts(spec) for chart in group.charts]
    return [*(goal.code for goal in spec.goals), HEAT, *further]


def _spread(goal: Goal, code: str, asof: AsOf) -> Further:
    board = board_on(asof.campaign, asof.day)
    return draw_spread(next(card for card in board.cards if card.standing.goal is goal), code, asof.day)


def _said(goal: Goal, code: str, asof: AsOf) -> Further:
    board = board_on(asof.campaign, asof.day)
    card = next(card for card in board.cards if card.standing.goal is goal)
    [(outlook, levels)] = outlooks_on(board, [card])
    test = back_test_of(outlook, levels, board.standing) if outlook else None
    return draw_said(goal, card.position, outlook, test, code, asof.day)
