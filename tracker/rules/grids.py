"""Weeks of one member or of a unit as a grid of days, and which kinds fit into one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tracker.models.record import OwnerType
from tracker.rules.campaigns import Kind
from tracker.rules.cells import Raw, is_blank

OWN_WORDS = ("source", "title")  # may differ from day to day, or from row to row


def fits_list(kind: Kind) -> bool:
    """Whether one text of fields may be entered for several members: an essay is one person's own."""
    return OwnerType.MEMBER in kind.owners and not kind.has_text


def fits_grid(kind: Kind) -> bool:
    """Whether days and durations say all that is not alike in a week's records."""
    columns = kind.column("happened_on"), kind.column("minutes")
    return fits_list(kind) and None not in columns


def own_words(kind: Kind) -> list[str]:
    """The columns of the kind that a day or a row of a grid may fill for itself."""
    return [name for name in OWN_WORDS if kind.column(name)]


def monday_of(day: dt.date) -> dt.date:
    """The Monday of the day's week."""
    return day - dt.timedelta(days=day.weekday())


def days_from(first: dt.date, count: int = 7) -> list[dt.date]:
    """`count` days, one after the other."""
    return [first + dt.timedelta(days=n) for n in range(count)]


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell of a grid: a member's day. own: what it says in place of the words for all."""

    key: str
    member: Mapping[str, Raw]
    day: dt.date
    typed: str
    own: Mapping[str, str] = field(default_factory=dict)


def filled_cells(cells: Iterable[GridCell]) -> list[GridCell]:
    """The cells that say something: a duration, or words of their own, which then lack one."""
    return [
        cell for cell in cells if not is_blank(cell.typed) or any(not is_blank(w) for w in cell.own.values())
    ]


def row_of(cell: GridCell, shared: Mapping[str, Raw]) -> dict[str, Raw]:
    """The row of the ledger that a cell says: its own words, else those for all."""
    own = {name: text for name, text in cell.own.items() if not is_blank(text)}
    return {**shared, **own, **cell.member, "happened_on": cell.day, "minutes": cell.typed}
