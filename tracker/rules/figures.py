"""What a figure comes to: from folded cells and the roster of a day to one value with its reasons."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from tracker.rules.campaigns import CampaignSpec, Figure, Measure, Over, Reduce, Scope
from tracker.rules.tallies import HEADS

Fold = Mapping[int, Mapping[str, int]]  # place → entity → sum up to the day


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One member as of a day."""

    member_id: int
    branch_id: int
    group_id: int | None
    section_id: int | None
    category: str | None
    standing: str | None
    is_exempt: bool


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit as of a day."""

    id: int
    level: str
    name: str
    parent_id: int | None
    category: str | None = None


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is there on a day, and which units."""

    members: tuple[RosterRow, ...]
    units: tuple[UnitRow, ...]

    def at_level(self, level: str) -> tuple[UnitRow, ...]:
        return tuple(unit for unit in self.units if unit.level == level)


@dataclass(frozen=True, slots=True)
class FigureValue:
    """What a figure comes to on a day.

    value:  in the figure's unit; None where there is nothing to count it over. For a forecast: see `date`.
    low, high: the same as value, but where names are missing and only an interval is known.
    by:     place → value, for scopes below the bureau.
    n:      how many places it was taken over.
    lowest: the places that have the smallest value.
    """

    figure: Figure
    value: Fraction | None
    low: Fraction | None = None
    high: Fraction | None = None
    date: dt.date | None = None
    by: Mapping[int, Fraction] = field(default_factory=dict)
    n: int = 0
    lowest: tuple[int, ...] = ()
    is_reached: bool = False

    @property
    def is_interval(self) -> bool:
        return self.low is not None and self.low != self.high


def takes(row: RosterRow, over: Over) -> bool:
    """Whether a member is in the denominator that `over` describes."""
    return (
        not (over.eligible and row.is_exempt)
        and (not over.category or row.category in over.category)
        and (not over.standing or row.standing in over.standing)
    )


def places_of(scope: Scope, over: Over, roster: Roster, level: str | None = None) -> list[int]:
    """The members or units that a figure is taken over, by id, those without rows included.

    A unit is in if its branch has a member whom `over` takes; with an empty `over` every unit is in.
    """
    members = [row for row in roster.members if takes(row, over)]
    if scope is Scope.MEMBER:
        return [row.member_id for row in members]
    if scope is Scope.BUREAU:
        return [0]
    units = roster.at_level(level or str(scope))
    if not (over.eligible or over.category or over.standing):
        return [unit.id for unit in units]
    if (level or scope) == "section":
        return [unit.id for unit in units if unit.id in {row.section_id for row in members}]
    branches = {row.branch_id for row in members}
    return [unit.id for unit in units if (unit.id if unit.level == "branch" else unit.parent_id) in branches]


def fold_value(measure: Measure, is_distinct: bool, entities: Mapping[str, int]) -> tuple[int, int]:
    """What the cells of one place come to: (lowest, highest possible), equal but for persons without names.

    Each headcount without names counts once an event: at least the largest of them were there, at most all of
    them were other people than those named.
    """
    if not is_distinct:
        total = sum(entities.values())
        return total, total
    present = {entity: value for entity, value in entities.items() if value > 0}
    if measure is not Measure.PERSONS:
        return len(present), len(present)
    heads = [value for entity, value in present.items() if entity.startswith(HEADS)]
    named = len(present) - len(heads)
    return max([named, *heads]), named + sum(heads)


def evaluate(
    figure: Figure, spec: CampaignSpec, fold: Fold, roster: Roster, day: dt.date, is_distinct: bool
) -> FigureValue:
    """The value of `figure` as of `day`.

    fold:   the figure's cells up to `day`, in the measure's own unit (minutes, rows, people).
    Source: design of the campaign's counting, mission § 3: no row counts as 0 and stays in every mean.
    """
    if figure.measure is Measure.MEMBERS:
        return _plain(figure, len(places_of(Scope.MEMBER, figure.over, roster)))
    if figure.measure is Measure.UNITS:
        return _plain(figure, len(places_of(Scope.BRANCH, figure.over, roster, figure.over.level)))
    if figure.scope is Scope.BUREAU:
        low, high = fold_value(figure.measure, is_distinct, fold.get(0, {}))
        if low != high:  # nobody can have come who is not on the roster
            high = max(low, min(high, len(places_of(Scope.MEMBER, Over(eligible=True), roster))))
        amounts = {0: Fraction(low, figure.divide_by)}
        upper = Fraction(high, figure.divide_by)
    else:
        places = places_of(figure.scope, figure.over, roster)
        amounts = {
            place: Fraction(fold_value(figure.measure, is_distinct, fold.get(place, {}))[0], figure.divide_by)
            for place in places
        }
        upper = None
    return reduce_value(figure, spec, amounts, day, upper)


def _plain(figure: Figure, count: int) -> FigureValue:
    value = Fraction(count)
    return FigureValue(figure, value, value, value, n=count)


def reduce_value(
    figure: Figure,
    spec: CampaignSpec,
    amounts: Mapping[int, Fraction],
    day: dt.date,
    upper: Fraction | None = None,
) -> FigureValue:
    """One value from those of the places.

    amounts: place → amount in the unit of the target (after divide_by); may be empty.
    upper:   the highest possible value, where the amount is only an interval.
    """
    if not amounts:
        return FigureValue(figure, None)
    values = list(amounts.values())
    counts, scale = in_common(values)
    least = min(counts)
    lowest = tuple(place for place, count in zip(amounts, counts, strict=True) if count == least)
    by = {} if figure.scope is Scope.BUREAU else dict(amounts)
    date, is_reached = None, False
    if figure.reduce is Reduce.FORECAST_DATE:
        target = Fraction(figure.target or 0)
        is_reached = least >= target * scale
        date = forecast(Fraction(least, scale), target, figure.starts_on or spec.starts_on, day)
        return FigureValue(
            figure, None, date=date, by=by, n=len(values), lowest=lowest, is_reached=is_reached
        )
    value = reduced(figure.reduce, values, figure.target)
    return FigureValue(
        figure, value, value, upper if upper is not None else value, by=by, n=len(values), lowest=lowest
    )


def reduced(reduce: Reduce, values: Sequence[Fraction | int], target: int | None) -> Fraction:
    """Sum, extreme, mean, or how many (how many per cent) reached the target. `values` is not empty."""
    counts, scale = in_common(values)
    reached = 0 if target is None else sum(1 for count in counts if count >= target * scale)
    match reduce:
        case Reduce.MIN:
            return Fraction(min(counts), scale)
        case Reduce.MAX:
            return Fraction(max(counts), scale)
        case Reduce.MEAN:
            return Fraction(sum(counts), scale * len(counts))
        case Reduce.COUNT_REACHED:
            return Fraction(reached)
        case Reduce.SHARE_REACHED:
            return Fraction(100 * reached, len(values))
        case _:
            return Fraction(sum(counts), scale)


def in_common(values: Sequence[Fraction | int]) -> tuple[list[int], int]:
    """The values as whole numbers, and their common denominator: those are quick to compare and to add."""
    scale = math.lcm(*{value.denominator for value in values})
    return [value.numerator * (scale // value.denominator) for value in values], scale


def forecast(amount: Fraction, target: Fraction, starts_on: dt.date, day: dt.date) -> dt.date | None:
    """The day on which `target` is reached if the pace so far is carried on.

    amount, target: in one unit. The pace is amount ÷ days from starts_on to day.
    Returns None where nothing can be foretold: no pace yet, or reached already.
    Source: acceptance bureau: 4,800 minutes in the 120 days to 2021-06-26 → 100 h on 2021-07-26.
    """
    days = (day - starts_on).days
    if amount <= 0 or days <= 0 or amount >= target:
        return None
    ahead = math.ceil((target - amount) * days / amount)
    try:
        return day + dt.timedelta(days=ahead)
    except OverflowError:  # after the year 9999: as good as never
        return None


def sum_folds(folds: Iterable[Fold]) -> dict[int, dict[str, int]]:
    """Add folds place by place and entity by entity."""
    total: dict[int, dict[str, int]] = {}
    for fold in folds:
        for place, entities in fold.items():
            into = total.setdefault(place, {})
            for entity, value in entities.items():
                into[entity] = into.get(entity, 0) + value
    return total
