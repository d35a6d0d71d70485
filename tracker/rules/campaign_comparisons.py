"""Which figure of one campaign may be held against which of another, and by how much they differ."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from tracker.rules.campaigns import CampaignSpec, Figure, Reduce
from tracker.rules.figures import FigureValue


class Hindrance(enum.StrEnum):
    """Why two figures are not held against each other."""

    UNIT = "unit"  # hours and 学时, persons and person-times
    RULE = "rule"  # the same name, counted otherwise
    LIST = "list"  # one value for each branch, or a day: nothing to subtract


@dataclass(frozen=True, slots=True)
class Pair:
    """A figure and its counterpart in the earlier campaign. hindrance: why they are not subtracted."""

    earlier: Figure
    later: Figure
    hindrance: Hindrance | None


@dataclass(frozen=True, slots=True)
class Difference:
    """Two values in one unit, and later − earlier; None where a value is missing or only an interval."""

    earlier: FigureValue | None
    later: FigureValue | None
    by: Fraction | None


def pairs_of(earlier: CampaignSpec, later: CampaignSpec) -> list[Pair]:
    """The figures of `later` that have a counterpart in `earlier`, in the order of the file.

    A counterpart is named by `compares_with` in the later file, else it has the same id.
    """
    found = []
    for figure in later.figures:
        other = earlier.figure(_counterpart(figure, earlier))
        if other is not None:
            is_named = other.id != figure.id or figure.compares_with == f"{earlier.code}:{other.id}"
            found.append(Pair(other, figure, hindrance_of(other, figure, is_named=is_named)))
    return found


def _counterpart(figure: Figure, earlier: CampaignSpec) -> str:
    if figure.compares_with is None:
        return figure.id
    code, _, figure_id = figure.compares_with.partition(":")
    return figure_id if code == earlier.code else figure.id


def hindrance_of(earlier: Figure, later: Figure, *, is_named: bool) -> Hindrance | None:
    """Why the two are not comparable; None if they are.

    is_named: the file says that they are counterparts. Kind and filter may have other names then; the unit
              and the way of counting must be the same even so.
    """
    if (earlier.unit, earlier.divide_by) != (later.unit, later.divide_by):
        return Hindrance.UNIT
    if any(one.by is not None or one.reduce is Reduce.FORECAST_DATE for one in (earlier, later)):
        return Hindrance.LIST
    if _rule(earlier) != _rule(later) or (not is_named and _rows(earlier) != _rows(later)):
        return Hindrance.RULE
    return None


def _rule(figure: Figure) -> tuple[object, ...]:
    return figure.measure, figure.scope, figure.reduce, figure.target, figure.over


def _rows(figure: Figure) -> tuple[object, ...]:
    return figure.kind, figure.where, figure.where_not


def day_of(spec: CampaignSpec, number: int) -> dt.date:
    """The day with this number, from 1; the last day of the campaign for a later one."""
    return min(spec.starts_on + dt.timedelta(days=number - 1), spec.ends_on)


def length_of(spec: CampaignSpec) -> int:
    """How many days the campaign has."""
    return (spec.ends_on - spec.starts_on).days + 1


def compare_values(
    pair: Pair, earlier: Mapping[str, FigureValue] | None, later: Mapping[str, FigureValue] | None
) -> Difference:
    """What the two come to. earlier, later: the values of a day; None: that day has not come."""
    one = earlier[pair.earlier.id] if earlier else None
    other = later[pair.later.id] if later else None
    by = None
    if pair.hindrance is None and one is not None and other is not None:
        is_exact = not (one.is_interval or other.is_interval)
        if is_exact and one.value is not None and other.value is not None:
            by = other.value - one.value
    return Difference(one, other, by)
