"""The forecast: of each goal in a sentence, with the numbers behind it, and what was foretold before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, abort, render_template
from flask_babel import gettext

from tracker.access import Permission, requires
from tracker.files.chart_sheet import ChartSheet, Value, write_chart_sheet
from tracker.queries.boards import Board, GoalCard, board_on
from tracker.queries.figures import Standing
from tracker.queries.forecasts import back_test_of, outlooks_on, slowest_so_far
from tracker.rules.back_tests import BackTest
from tracker.rules.forecasts import Ahead, Level, Outlook
from tracker.rules.goals import GoalState, count_states
from tracker.rules.numbers import number, reached
from tracker.views import forecast_words as words
from tracker.views.asof import AsOf, as_of
from tracker.views.sheets import sheet_response

bp = Blueprint("forecasts", __name__)


@dataclass(frozen=True, slots=True)
class Line:
    """The slowest or the whole: its name, pace and forecast; `needs` and `band` in words, '' for none.

    amount: as other pages print it: a mean rounded, everything else cut below the target.
    """

    name: str
    path: Ahead
    amount: str
    needs: str
    band: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """A goal as the pages show what lies ahead of it."""

    card: GoalCard
    outlook: Outlook | None
    answer: str
    test: BackTest | None
    lines: tuple[Line, ...] = ()
    notes: tuple[str, ...] = ()
    says: tuple[tuple[str, str], ...] = ()


def seen_of(
    card: GoalCard,
    outlook: Outlook | None,
    levels: Mapping[dt.date, Level],
    standing: Standing | None = None,
) -> Seen:
    """The words for one goal.

    standing: with it, past forecasts of a goal that is reached are tested too: one further statement asks on
              which day it came. Without it only the slowest that is not there yet is looked back on.
    """
    said = words.answer(outlook, card.standing)
    if outlook is None:
        return Seen(card, None, said, None)
    test = back_test_of(outlook, levels, standing) if standing else None
    past = test.slowest if test else slowest_so_far(outlook, levels)
    of_whole = (reached if outlook.is_one else number)(outlook.whole.amount)
    whole = _line(words.whole_word(outlook), outlook.whole, of_whole, words.band_words(outlook.band))
    slowest = _line(words.slowest_word(outlook), outlook.slowest, reached(outlook.slowest.amount))
    notes = (words.count_words(outlook), words.beyond_words(outlook), words.still_words(outlook))
    return Seen(
        card,
        outlook,
        said,
        test,
        (whole,) if outlook.is_one else (slowest, whole),
        tuple(note for note in notes if note),
        tuple(words.shown_says(past, outlook)) if past else (),
    )


def _line(name: str, path: Ahead, amount: str, band: str = "") -> Line:
    return Line(name, path, amount, words.up(path.needs) if path.needs is not None else "", band)


def _seen(board: Board) -> list[Seen]:
    found = zip(board.cards, outlooks_on(board), strict=True)
    return [seen_of(card, outlook, levels) for card, (outlook, levels) in found]


@bp.get("/forecast")
@requires(Permission.BUREAU_SEE)
def index() -> str:
    """Each goal with its answer first."""
    asof = as_of()
    if asof is None:
        return render_template("forecasts/index.html", asof=None)
    seen = _seen(board_on(asof.campaign, asof.day))
    states = count_states([one.card.standing for one in seen])
    return render_template("forecasts/index.html", asof=asof, seen=seen, states=states, order=list(GoalState))


@bp.get("/forecast.xlsx")
@requires(Permission.BUREAU_SEE)
def sheet() -> Response:
    """The same as a table."""
    asof = as_of() or abort(404)
    name = gettext("Forecast %(day)s", day=asof.day.isoformat())
    return sheet_response(_forecast_sheet(_seen(board_on(asof.campaign, asof.day)), asof), f"{name}.xlsx")


def _forecast_sheet(seen: list[Seen], asof: AsOf) -> bytes:
    """A row for each line of a goal: the slowest, and the whole."""
    headings = [
        gettext("Goal"), gettext("Of what"), gettext("Unit"), gettext("Target value"), gettext("Amount"),
        gettext("An even pace would be at"), gettext("Pace a week so far"), gettext("Pace a week needed"),
        gettext("Forecast"), gettext("Earliest"), gettext("Latest"), gettext("Due"), gettext("Places"),
        gettext("There"), gettext("Would miss it"), gettext("Beyond reach"),
        gettext("Not moved in four weeks"),
    ]  # fmt: skip
    rows: list[list[Value]] = []
    for one in seen:
        goal, outlook, figure = one.card.standing.goal, one.outlook, one.card.standing.figure.figure
        if outlook is None:
            rows.append([goal.name, figure.title, figure.unit, goal.target, one.card.standing.value])
            continue
        for line in one.lines:
            path, band = line.path, outlook.band if line.band else None
            early, late = (band.early, band.late) if band else (None, None)
            pace: list[Value] = [path.per_week, path.needs, path.reaches_on, early, late, goal.due_on]
            counts: list[Value] = [outlook.n, outlook.reached, outlook.late, outlook.beyond, outlook.still]
            amounts: list[Value] = [goal.target, path.amount, one.card.standing.needed]
            rows.append([goal.name, line.name, goal.unit, *amounts, *pace, *counts])
    said = {one.card.standing.goal.name: one.answer for one in seen}
    return write_chart_sheet(
        ChartSheet(
            gettext("Forecast"), gettext("Forecast"),
            gettext("Figures as of %(day)s; only verified records count", day=asof.day.isoformat()),
            headings, [row + [None] * (len(headings) - len(row)) for row in rows], "column", (),
            words=(gettext("In words"), [said[str(row[0])] for row in rows]), charted=0,
        )
    )  # fmt: skip
