"""Goals against goals: how many people count in both."""

from __future__ import annotations

from html import escape

from flask_babel import gettext

from tracker import charts
from tracker.queries.figures import standing_on
from tracker.queries.goal_overlaps import people_of_goals
from tracker.rules.goal_overlaps import SMALLEST, GoalOverlap, Shared, overlap_of
from tracker.views.asof import AsOf
from tracker.views.drawn_tables import Further, about_words

SHADES = 4


def draw_overlap(code: str, asof: AsOf) -> Further:
    """A heat map with the number of people in each cell; the diagonal is each goal by itself."""
    goals = asof.spec.goals
    people = people_of_goals(standing_on(asof.campaign, asof.day))
    overlap = overlap_of([goal.code for goal in goals], people)
    names = [goal.short_name for goal in goals]
    most = max((cell.count or 0 for row in overlap.cells for cell in row), default=0)
    cells = [
        [
            charts.HeatCell(
                _shade(cell, most),
                shared_words(cell),
                f"{escape(name)} × {escape(other)}<br>{escape(shared_words(cell))}",
            )
            for other, cell in zip(names, row, strict=True)
        ]
        for name, row in zip(names, overlap.cells, strict=True)
    ]
    title = _finding(overlap)
    escaped = [escape(name) for name in names]
    figure = charts.heat_figure(title, escaped, escaped, cells, left=96)
    return Further(
        code,
        gettext("Who counts in several goals"),
        title,
        charts.as_json(figure) if overlap.any else "",
        (gettext("Goal"), *names),
        [
            [name, *(cell.count if cell.count is not None else shared_words(cell) for cell in row)]
            for name, row in zip(names, overlap.cells, strict=True)
        ],
        gettext(
            "Different people; the diagonal is each goal by itself."
            " “<%(smallest)s”: so few that it is not told. “—”: the rows of a goal name nobody.",
            smallest=SMALLEST,
        ),
        gettext("people"),
        charted=0,
        is_tall=True,
        about=about_words(gettext("Who counts in several goals"), gettext("people"), asof.day),
    )


def shared_words(cell: Shared) -> str:
    """What stands in a cell."""
    if cell.is_hidden:
        return f"<{SMALLEST}"
    return "—" if cell.count is None else str(cell.count)


def _shade(cell: Shared, most: int) -> int | None:
    if cell.is_hidden:
        return 1
    if cell.count is None:
        return None
    return -(-cell.count * SHADES // most) if cell.count else 0


def _finding(overlap: GoalOverlap) -> str:
    if not overlap.any:
        return gettext("Nobody counts in any goal yet")
    return gettext(
        "%(several)s of %(any)s people count in more than one goal",
        several=shared_words(overlap.several),
        any=overlap.any,
    )
