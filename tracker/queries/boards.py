"""What the pages of figures show: goals with their neighbours, branches × goals, one branch."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from tracker.models import Campaign
from tracker.queries.figures import Standing, standings_on
from tracker.queries.statements import Reporting, reporting_on
from tracker.rules.campaigns import Figure, Goal, Reduce, Scope
from tracker.rules.figures import FigureValue, Roster, fold_value, reduced
from tracker.rules.goals import GoalStanding, stand_all
from tracker.rules.statements import NOTHING_DUE, Told
from tracker.rules.tallies import question_of

MONTH = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Cell:
    """One branch or section in one goal. state: 'value', 'silent' (nothing said, so no zero) or 'not_asked'.

    told: what the branch's due months come to, also where there is a value: it may rest on silence.
    """

    state: str
    value: Fraction | None = None
    unit: str = ""
    shade: int = 0  # 0 … 4, within its column
    told: Told = NOTHING_DUE


@dataclass(frozen=True, slots=True)
class Row:
    """One branch, or one section, over all goals."""

    unit_id: int
    name: str
    level: str
    category: str | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Bin:
    """How many members lie between `start` and the next bin's, in the goal's unit.

    silent: how many of them stand at zero in a branch that has said nothing of some due month.
    """

    start: int
    count: int
    is_full: bool
    silent: int = 0


@dataclass(frozen=True, slots=True)
class GoalCard:
    """One goal as a card: its standing and the figures shown beside it.

    silent: how many branches that it asks are silent in some due month. They stay in every mean and minimum.
    """

    standing: GoalStanding
    beside: tuple[FigureValue, ...]
    bins: tuple[Bin, ...] = ()
    position: int = 1
    silent: int = 0


@dataclass(frozen=True, slots=True)
class Board:
    """The whole bureau on one day."""

    day: dt.date
    cards: tuple[GoalCard, ...]
    rows: tuple[Row, ...]
    standing: Standing
    reporting: Reporting
    values: Mapping[str, FigureValue] = field(default_factory=dict)


def board_on(campaign: Campaign, day: dt.date) -> Board:
    """Cards and the branches × goals table as of `day`."""
    standing, earlier = standings_on(campaign, [day, day - MONTH])
    values = standing.values()
    goals = stand_all(standing.spec, values, day, earlier.value)
    reporting = reporting_on(campaign, day)
    cards = tuple(
        GoalCard(
            goal,
            tuple(values[figure_id] for figure_id in _beside(goal)),
            bins_of(goal, standing.roster, reporting),
            position,
            reporting.silent_in(goal.figure.figure.kind or "", goal.goal),
        )
        for position, goal in enumerate(goals, 1)
    )
    return Board(day, cards, rows_of(standing, reporting), standing, reporting, values)


def _beside(standing: GoalStanding) -> list[str]:
    """The figures beside the main one: what stands in for a figure that nobody reports is not said twice."""
    goal, shown = standing.goal, standing.figure.figure.id
    return [one for one in goal.show if one != shown or shown == goal.figure]


def bins_of(
    standing: GoalStanding, roster: Roster, reporting: Reporting, width: int = 5, most: int = 8
) -> tuple[Bin, ...]:
    """The members of a member goal by value, in steps of `width`; the last bin is open. Nobody is named."""
    if standing.figure.figure.scope is not Scope.MEMBER or not standing.figure.by:
        return ()
    amounts = list(standing.figure.by.values())
    first = int(min(amounts) // width) * width
    last = int(max(amounts) // width) * width
    while (last - first) // width + 1 > most:
        width *= 2
        first, last = first // width * width, last // width * width
    counts = dict.fromkeys(range(first, last + width, width), 0)
    for amount in amounts:
        counts[int(amount // width) * width] += 1
    silent = _zeros_in_silence(standing, roster, reporting)
    return tuple(
        Bin(start, count, start >= standing.goal.target, silent if start == 0 else 0)
        for start, count in counts.items()
    )


def _zeros_in_silence(standing: GoalStanding, roster: Roster, reporting: Reporting) -> int:
    """How many members stand at zero in a branch of which some due month is silent."""
    kind, since = standing.figure.figure.kind, standing.goal.starts_on
    silent = {unit_id for unit_id in reporting.branches if reporting.told(kind, unit_id, since).silent}
    places = {row.member_id: row.branch_id for row in roster.members}
    return sum(
        1 for member_id, value in standing.figure.by.items() if not value and places.get(member_id) in silent
    )


def rows_of(standing: Standing, reporting: Reporting) -> tuple[Row, ...]:
    """Branches, then sections, each over all goals; shades by column."""
    spec = standing.spec
    drafts = []
    for unit in (*standing.roster.at_level("branch"), *standing.roster.at_level("section")):
        cells = [_cell(standing, goal, unit.id, unit.level, unit.category, reporting) for goal in spec.goals]
        drafts.append((unit, cells))
    shades = [
        _shades([cells[n] for _, cells in drafts], from_zero=standing.figure_of(goal).scope is Scope.BUREAU)
        for n, goal in enumerate(spec.goals)
    ]
    rows = [
        Row(
            unit.id,
            unit.name,
            unit.level,
            unit.category,
            tuple(replace(cell, shade=shades[n].get(cell.value, 0)) for n, cell in enumerate(cells)),
        )
        for unit, cells in drafts
    ]
    return tuple(
        row for row in rows if row.level == "branch" or any(cell.state == "value" for cell in row.cells)
    )


def _cell(
    standing: Standing,
    goal: Goal,
    unit_id: int,
    level: str,
    category: str | None,
    reporting: Reporting,
) -> Cell:
    figure = standing.figure_of(goal)
    if figure.kind is None:
        return Cell("not_asked")
    owners = standing.spec.kind(figure.kind).owners
    if level == "section" and (figure.scope is not Scope.BUREAU or "section" not in owners):
        return Cell("not_asked")
    value = unit_value(standing, figure, unit_id, level)
    if value is None or (category in goal.not_for and not value):
        return Cell("not_asked")
    told = reporting.told(figure.kind, unit_id, goal.starts_on)
    if not value and not reporting.is_reported(figure.kind, unit_id, goal.starts_on):
        return Cell("silent", unit=figure.unit, told=told)
    return Cell("value", value, figure.unit, told=told)


def unit_value(standing: Standing, figure: Figure, unit_id: int, level: str) -> Fraction | None:
    """A branch's own standing for member and group figures, its contribution for those of the bureau.

    level: 'branch', 'section' or 'group' (member figures only). None where nobody is asked.
    """
    question = question_of(figure)
    if question is None:
        return None
    if figure.scope is Scope.BUREAU:
        scope = Scope.SECTION if level == "section" else Scope.BRANCH
        fold = standing.fold(question_of(figure, scope))
        low, _ = fold_value(figure.measure, question.is_distinct, fold.get(unit_id, {}))
        return Fraction(low, figure.divide_by)
    amounts = unit_amounts(standing, figure, unit_id, level)
    if not amounts:
        return None
    reduce = figure.reduce if figure.reduce is not Reduce.FORECAST_DATE else Reduce.MIN
    return reduced(reduce, list(amounts.values()), figure.target)


def unit_amounts(
    standing: Standing, figure: Figure, unit_id: int, level: str = "branch"
) -> dict[int, Fraction]:
    """place → amount of a member or group figure, within one branch (or group) as of the day."""
    question = question_of(figure)
    fold = standing.fold(question)
    wanted = standing.places(figure)
    if figure.scope is Scope.MEMBER:
        wanted = wanted & standing.members_in(level, unit_id)
    elif figure.scope is Scope.GROUP and level == "branch":
        wanted = wanted & {unit.id for unit in standing.roster.units if unit.parent_id == unit_id}
    else:
        wanted = wanted & {unit_id}
    distinct = bool(question and question.is_distinct)
    return {
        place: Fraction(fold_value(figure.measure, distinct, fold.get(place, {}))[0], figure.divide_by)
        for place in sorted(wanted)
    }


def _shades(cells: list[Cell], *, from_zero: bool) -> dict[Fraction | None, int]:
    """value → 1 … 4; a zero is 0.

    from_zero: contributions are shaded by their share of the largest; standings, which lie close together,
               between the least and the largest of the column.
    """
    values = sorted({cell.value for cell in cells if cell.state == "value" and cell.value})
    if not values:
        return {}
    least = Fraction(0) if from_zero else values[0]
    span = values[-1] - least
    shades: dict[Fraction | None, int] = {Fraction(0): 0}
    for value in values:
        shades[value] = min(4, 1 + int((value - least) / span * 4)) if span else 3
        if from_zero:
            shades[value] = math.ceil(value / span * 4)
    return shades
