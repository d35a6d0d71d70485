"""Which goals a record feeds, read from the definitions of the figures. It is entered once."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from tracker.rules.campaigns import CampaignSpec, Figure, Goal, Kind, Measure

# What a row of the kind may lack: it is asked for in a column that may stay empty.
PARTIAL = {Measure.STORIES}


class Take(enum.StrEnum):
    """How a goal takes rows of a kind and type."""

    COUNTS = "counts"  # the goal's own figure takes every one of them
    SOME = "some"  # the goal's own figure takes those that fit its further conditions
    BESIDE = "beside"  # only figures that stand beside the goal's take them


@dataclass(frozen=True, slots=True)
class FeedRow:
    """Rows of one kind and type, and how each goal takes them, in the goals' order; None: not at all."""

    kind: Kind
    type: str | None
    takes: tuple[Take | None, ...]


def figures_of(goal: Goal, spec: CampaignSpec) -> list[Figure]:
    """The figures that a goal shows, its own first, each once."""
    ids = dict.fromkeys((goal.figure, goal.until_reported, *goal.show, goal.reached))
    return [figure for id_ in ids if id_ and (figure := spec.figure(id_)) is not None]


def takes_type(figure: Figure, kind: Kind, type_: str | None) -> bool:
    """Whether the figure can take rows of this kind and type."""
    if figure.kind != kind.code:
        return False
    wanted, unwanted = figure.where.values.get("type"), figure.where_not.values.get("type", ())
    return (wanted is None or type_ in wanted) and type_ not in unwanted


def feed_rows(spec: CampaignSpec) -> list[FeedRow]:
    """Every kind and type of the campaign against every goal."""
    found = []
    for kind in spec.kinds:
        types: list[str | None] = [choice.name for choice in kind.types]
        for type_ in types or [None]:
            takes = tuple(_take(goal, spec, kind, type_) for goal in spec.goals)
            found.append(FeedRow(kind, type_, takes))
    return found


def _take(goal: Goal, spec: CampaignSpec, kind: Kind, type_: str | None) -> Take | None:
    taking = [figure for figure in figures_of(goal, spec) if takes_type(figure, kind, type_)]
    if not taking:
        return None
    own = next((figure for figure in taking if figure.id == goal.figure), None)
    if own is None:
        return Take.BESIDE
    further = {*own.where.values, *own.where_not.values} - {"type"}
    # A row in which no story was told adds none: of rows that need not hold what is counted, some count.
    is_partial = own.measure in PARTIAL
    return Take.SOME if further or own.starts_on or is_partial else Take.COUNTS
