"""A copy of what is kept about one person, as it was read: for a machine and for a reader alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.rules.refusal import N_

SELF, OFFICE, COMMAND_LINE = "self", "office", "command_line"
ERASED = N_("This person was erased: a code stands in place of the name, and there is nothing to copy.")
UNSAID = N_("Say how they asked for it.")
# Why the office makes one for somebody: stored by name, in the audit.
ASKED: dict[str, str] = {
    "in_person": N_("The person asked for it in person"),
    "in_writing": N_("The person asked for it in writing"),
    "by_proxy": N_("Somebody whom the person authorised asked for it"),
}


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody who acted. Never a name: the person of the copy, or in which roles the other one acts now.

    roles: of a role its value and the name of its unit, None where it has none.
    """

    is_self: bool
    roles: tuple[tuple[str, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """A row that has a name of its own and is no person: a unit, a kind, a campaign.

    code: None for a unit.
    """

    id: int
    name: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one table that are about the person, oldest first.

    columns: field → heading; a field is the column, without `_id` where the copy tells who or what it is.
    rows:    field → text, number, yes or no, day, moment (UTC), Who, Named, what JSON holds, or None.
    """

    table: str
    title: str
    columns: Mapping[str, str]
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Deed:
    """What the person did to a row that is not about them: which, and when. Nothing of what it says."""

    table: str
    column: str
    id: int
    at: dt.datetime | dt.date | None


@dataclass(frozen=True, slots=True)
class CopiedFile:
    """One file that goes along. stored_as: its name in the folder of evidence."""

    id: int
    name: str
    stored_as: str


@dataclass(frozen=True, slots=True)
class PersonCopy:
    """Everything that goes into one copy.

    made_by: SELF, OFFICE or COMMAND_LINE.
    """

    number: str
    name: str
    made_by: str
    sections: Sequence[Section]
    deeds: Sequence[Deed]
    files: Sequence[CopiedFile]

    @property
    def rows(self) -> int:
        """How many rows are in it."""
        return sum(len(one.rows) for one in self.sections) + len(self.deeds)
