"""How the members are spread over their amounts: how many, never who."""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext

from tracker import charts
from tracker.files.chart_sheet import Value
from tracker.queries.boards import GoalCard
from tracker.views.drawn_tables import Further, about_words


def draw_spread(card: GoalCard, code: str, day: dt.date) -> Further:
    """Columns of members by amount; those there stand out, and who is no sure zero stands apart."""
    goal, bins = card.standing.goal, card.bins
    n = (card.position - 1) % len(charts.COLOURS)
    names = [str(bin.start) for bin in bins]
    layers = [
        (gettext("there"), [bin.count if bin.is_full else 0 for bin in bins], charts.COLOURS[n]),
        (
            gettext("on the way"),
            [0 if bin.is_full else bin.count - bin.silent for bin in bins],
            charts.LIGHT[n],
        ),
        (gettext("at zero, branch not reported"), [bin.silent for bin in bins], charts.GREY),
    ]
    series = [layer for layer in layers if any(layer[1])]
    count = sum(bin.count for bin in bins)
    full = sum(bin.count for bin in bins if bin.is_full)
    params = {"goal": goal.short_name, "full": full, "count": count, "target": f"{goal.target}{goal.unit}"}
    title = (
        gettext("%(goal)s: %(full)s of %(count)s people have come to %(target)s", **params)
        if count
        else gettext("%(goal)s: there is nobody to count it over", **params)
    )
    unit = gettext("people")
    what = gettext("from … %(unit)s on", unit=goal.unit)
    figure = (
        charts.bars_figure(charts.Bars(title, unit, names, series, what, is_lying=False)) if count else None
    )
    rows: list[list[Value]] = [
        [f"{bin.start}{goal.unit}", *(values[at] for _, values, _ in layers), bin.count]
        for at, bin in enumerate(bins)
    ]
    return Further(
        code,
        gettext("%(goal)s: distribution", goal=goal.short_name),
        title,
        charts.as_json(figure) if figure else "",
        (what, *(name for name, _, _ in layers), gettext("All together (%(unit)s)", unit=unit)),
        rows,
        gettext("Each column reaches up to the next one; the last is open."),
        unit,
        charted=len(layers),
        is_stacked=True,
        about=about_words(
            gettext("%(goal)s: distribution", goal=goal.short_name), unit, day, goal.scope_note
        ),
    )
