"""How we count: every figure, its value on the day, its rule in words, and the way to its rows."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, requires
from tracker.queries.access import branches_of, sees_bureau
from tracker.queries.figures import standing_on
from tracker.queries.statements import reporting_on
from tracker.rules.campaigns import ROSTER_MEASURES, Scope
from tracker.rules.feeds import feed_rows
from tracker.rules.figures import FigureValue, UnitRow
from tracker.rules.own_figures import is_own
from tracker.views.asof import as_of
from tracker.views.sentences import rule_said

bp = Blueprint("figures", __name__)


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of the list. places: (name, value) where the figure is shown for each unit.

    silent: how many branches are silent on its kind, where it is taken over members or units one by one.
    """

    value: FigureValue
    rule: list[str]
    is_roster: bool
    silent: int = 0
    places: tuple[tuple[str, object], ...] = ()


def _is_seen(unit: UnitRow) -> bool:
    """Whether the unit's own value may be seen: a secretary sees that of the own branch and its groups."""
    return sees_bureau(current_user) or not {unit.id, unit.parent_id}.isdisjoint(branches_of(current_user))


@bp.get("/figures")
@requires(Permission.RECORD_OPEN)
def index() -> str:
    """Every figure of the campaign by kind of record, with its rule."""
    asof = as_of()
    if asof is None:
        return render_template("figures/index.html", asof=None, parts=[])
    standing = standing_on(asof.campaign, asof.day)
    reporting = reporting_on(asof.campaign, asof.day)
    names = {unit.id: unit.name for unit in standing.roster.units if _is_seen(unit)}
    parts: dict[str, list[Line]] = {}
    for figure in asof.spec.figures:
        if is_own(figure) and not sees_bureau(current_user):
            continue
        value = standing.value(figure)
        places: tuple[tuple[str, object], ...] = ()
        if figure.by is not None and figure.scope is not Scope.MEMBER:
            places = tuple((names[place], amount) for place, amount in value.by.items() if place in names)
        is_roster = figure.measure in ROSTER_MEASURES
        heading = asof.spec.kind(figure.kind).name if figure.kind else ""
        is_shared = figure.kind is not None and figure.scope is not Scope.BUREAU
        silent = reporting.silent_on(figure.kind or "", figure.starts_on) if is_shared else 0
        line = Line(value, rule_said(figure, asof.spec), is_roster, silent, places)
        parts.setdefault(heading, []).append(line)
    return render_template(
        "figures/index.html", asof=asof, parts=list(parts.items()), matrix=feed_rows(asof.spec)
    )


@bp.get("/figures/<figure_id>")
@requires(Permission.RECORD_SEE)
def show(figure_id: str) -> Response:
    """The rows behind a figure: the ledger, filtered by it, which says the rule and counts the rows again."""
    asof = as_of() or abort(404)
    figure = asof.spec.figure(figure_id) or abort(404)
    unit = request.args.get("unit", type=int)
    return redirect(
        url_for(
            "records.index",
            figure=figure.id,
            as_of=asof.day.isoformat(),
            unit=unit,
            campaign=request.args.get("campaign"),
        )
    )
