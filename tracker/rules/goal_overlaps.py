"""Who counts in more than one goal: how many, never who."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

SMALLEST = 3  # a cell of fewer people is not told


@dataclass(frozen=True, slots=True)
class Shared:
    """How many people two goals have in common.

    count:     None where it is not told, or where a goal's rows name nobody.
    is_hidden: it is one or two, and so not told.
    """

    count: int | None
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class GoalOverlap:
    """Goals against goals, in one order; the diagonal is how many people a goal has at all.

    several, any: how many people count in two goals or more, and in one at least.
    """

    cells: tuple[tuple[Shared, ...], ...]
    several: Shared
    any: int


def told(count: int) -> Shared:
    """A count of people, unless it is so small that it tells on them."""
    return Shared(None, is_hidden=True) if 0 < count < SMALLEST else Shared(count)


def overlap_of(codes: Sequence[str], people: Mapping[str, Collection[int] | None]) -> GoalOverlap:
    """The matrix of `codes`. people: code → who counts in the goal; None where its rows name nobody."""
    sets = {code: set(found) if (found := people.get(code)) is not None else None for code in codes}
    cells = tuple(
        tuple(
            Shared(None) if (a := sets[one]) is None or (b := sets[other]) is None else told(len(a & b))
            for other in codes
        )
        for one in codes
    )
    goals_of: dict[int, int] = {}
    for found in sets.values():
        for member_id in found or ():
            goals_of[member_id] = goals_of.get(member_id, 0) + 1
    several = sum(1 for count in goals_of.values() if count > 1)
    return GoalOverlap(cells, told(several), len(goals_of))
