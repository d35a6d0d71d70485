"""One tile of the screen in words: the number, what it is, and one line on how the goal stands."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext

from tracker.filters import short_day
from tracker.queries.boards import GoalCard
from tracker.queries.screens import Wall
from tracker.rules.campaigns import Measure, Reduce, Scope
from tracker.rules.figures import FigureValue
from tracker.rules.goals import GoalStanding, GoalState
from tracker.rules.numbers import number, reached, to_go
from tracker.rules.screens import Grid, number_size
from tracker.views.frame import less, whole

SIDE = 270  # pixels that the second number of a wide tile takes
# How a state looks; never by colour alone.
ICONS: dict[GoalState, str] = {
    GoalState.REACHED: "circle-check",
    GoalState.ON_TIME: "trending-up",
    GoalState.LATE: "alert-triangle",
    GoalState.IMPOSSIBLE: "ban",
    GoalState.NO_FORECAST: "minus",
    GoalState.NOT_REPORTED: "help-circle",
    GoalState.NO_DATA: "minus",
}


@dataclass(frozen=True, slots=True)
class Tile:
    """size: of the number, from 1, the largest. note: what the number is, or beside what it stands."""

    card: GoalCard
    is_wide: bool
    number: str
    unit: str
    size: int
    side: tuple[str, str, str] | None  # how many, of how many, reached what
    note: str
    icon: str
    state: str

    @property
    def standing(self) -> GoalStanding:
        return self.card.standing


def tile_of(card: GoalCard, wall: Wall, grid: Grid) -> Tile:
    """The tile of a goal, in the reader's language."""
    standing, is_wide = card.standing, card.position <= grid.wide
    shown, unit = amount(standing.figure), standing.figure.figure.unit + _per(standing)
    side = _side(standing, wall) if is_wide else None
    width = grid.width(card.position) - (SIDE if side else 0)
    return Tile(
        card,
        is_wide,
        shown,
        unit,
        number_size(shown, unit, width, grid.number),
        side,
        _note(card, is_wide),
        ICONS[standing.state],
        state_line(standing, wall),
    )


def amount(value: FigureValue) -> str:
    """The number of a figure without its unit; an interval where names are missing, a dash for none."""
    if value.date is not None:
        return short_day(value.date)
    if value.is_interval:
        return f"{number(value.low)}–{number(value.high)}"
    return number(value.value) if value.figure.reduce is Reduce.MEAN else reached(value.value)


def _per(standing: GoalStanding) -> str:
    """For one of whom the mean is: 小时／组."""
    if standing.figure.figure.reduce is not Reduce.MEAN:
        return ""
    match standing.figure.figure.scope:
        case Scope.MEMBER:
            return gettext("/person")
        case Scope.GROUP:
            return gettext("/group")
        case Scope.BRANCH | Scope.SECTION:
            return gettext("/unit")
        case _:
            return ""


def _what(standing: GoalStanding) -> str:
    if standing.figure.figure.scope is Scope.MEMBER and standing.figure.figure.reduce is Reduce.MIN:
        return gettext("the lowest member")
    return standing.goal.scope_note


def _side(standing: GoalStanding, wall: Wall) -> tuple[str, str, str] | None:
    value = wall.reached.get(standing.goal.code)
    if value is None or value.value is None:
        return None
    target = f"{standing.goal.target}{standing.goal.unit}"
    of = gettext("of %(count)s", count=f"{standing.figure.n}{value.figure.unit}")
    return number(value.value), of, gettext("have reached %(target)s", target=target)


def _note(card: GoalCard, is_wide: bool) -> str:
    """人次 and 人数 side by side where the goal shows them; else how many branches said nothing. A wide tile
    has room for both, and for what its number is."""
    found = {
        value.figure.measure: f"{amount(value)}{value.figure.unit}"
        for value in card.beside
        if value.figure.measure in (Measure.PARTICIPATIONS, Measure.PERSONS) and value.value is not None
    }
    pair = " / ".join(found.values()) if len(found) == 2 else ""
    silent = gettext("%(count)s branches silent", count=card.silent) if card.silent else ""
    what = _what(card.standing)
    return "　".join(filter(None, (what, pair, silent))) if is_wide else pair or silent


def state_line(standing: GoalStanding, wall: Wall) -> str:
    """One line, a dozen characters at most: what can be said of the goal."""
    goal, is_bureau = standing.goal, standing.figure.figure.scope is Scope.BUREAU
    match standing.state:
        case GoalState.REACHED:
            return gettext("Reached") if is_bureau else gettext("All have reached it")
        case GoalState.ON_TIME if is_bureau:
            return gettext("Expected on %(day)s", day=short_day(standing.forecast_on))
        case GoalState.ON_TIME:
            return gettext("All by %(day)s", day=short_day(standing.forecast_on))
        case GoalState.LATE if is_bureau:
            at_due = f"{whole(standing.at_due)}{goal.unit}"
            return gettext("Only %(value)s by %(due)s", value=at_due, due=short_day(goal.due_on))
        case GoalState.LATE:
            return gettext("The last only on %(day)s", day=short_day(standing.forecast_on))
        case GoalState.IMPOSSIBLE if wall.day >= goal.due_on:
            lacks = standing.value if is_bureau else standing.slowest
            short = f"{to_go(less(goal.target, lacks or 0))}{goal.unit}"
            return gettext("Due, %(short)s short", short=short)
        case GoalState.IMPOSSIBLE:
            return gettext("Not by %(due)s any more", due=short_day(goal.due_on))
        case GoalState.NO_FORECAST:
            return gettext("Nothing yet, no forecast")
        case GoalState.NOT_REPORTED:
            return gettext("Not in the goal's unit")
        case _:
            return gettext("Nobody to count over")
