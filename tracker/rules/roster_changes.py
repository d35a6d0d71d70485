"""What a roster changes: its rows beside the members who are known already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from tracker.models.unit import UnitCategory, UnitLevel
from tracker.rules.refusal import N_, Problem
from tracker.rules.rosters import RosterEntry

PLACE = ("branch", "group", "section", "category", "standing", "duty")
PLAIN = ("name", "phone", "joined_on")
UNNAMED = "机关党委"  # of the root committee until a roster or a ledger says what it is called


@dataclass(frozen=True, slots=True)
class KnownMember:
    """A member as of the day of the import: the present membership and exemption, with names of units."""

    id: int
    number: str
    name: str
    phone: str | None = None
    joined_on: dt.date | None = None
    membership_id: int | None = None
    starts_on: dt.date | None = None  # of the present membership
    branch: str | None = None
    group: str | None = None
    section: str | None = None
    category: str | None = None
    standing: str | None = None
    duty: str | None = None
    exemption_id: int | None = None
    exempt_reason: str | None = None
    exempt_since: dt.date | None = None


@dataclass(frozen=True, slots=True)
class MemberChange:
    """One field of one member. on: the day from which it holds; None where the old value was simply wrong."""

    number: str
    name: str
    field: str
    before: object
    after: object
    on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Delta:
    """What one row changes about a member who is known. The parts are empty where nothing does."""

    known: KnownMember
    entry: RosterEntry
    on: dt.date
    place: tuple[MemberChange, ...] = ()
    exemption: MemberChange | None = None
    plain: tuple[MemberChange, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.place or self.exemption or self.plain)


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit that the roster names and nobody knew. parent: name of the branch of a group."""

    level: UnitLevel
    name: str
    parent: str | None = None
    category: UnitCategory | None = None


@dataclass(slots=True)
class RosterPlan:
    """What an import of a roster would do. Nothing may be written while there are problems.

    committee: (name, how): how is kept, created, renamed or placeholder.
    missing:   number and name of present members who are not in the file; they stay.
    """

    sheets: list[dict[str, object]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    committee: tuple[str, str] = (UNNAMED, "kept")
    units: list[NewUnit] = field(default_factory=list)
    categories: list[tuple[int, str, UnitCategory]] = field(default_factory=list)
    members: list[RosterEntry] = field(default_factory=list)
    deltas: list[Delta] = field(default_factory=list)
    missing: list[tuple[str, str]] = field(default_factory=list)
    read: int = 0
    unchanged: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether writing it would change nothing."""
        changes = self.units or self.categories or self.members or self.deltas
        return not changes and self.committee[1] == "kept"


def compare_member(entry: RosterEntry, known: KnownMember, today: dt.date) -> Delta:
    """What a row changes about a member. A column that the sheet lacks changes nothing."""
    on = entry.starts_on or today
    place = tuple(
        MemberChange(known.number, entry.name, name, getattr(known, name), getattr(entry, name), on)
        for name in PLACE
        if (name in entry.present or name == "branch") and getattr(entry, name) != getattr(known, name)
    )
    exemption = None
    if "exempt_reason" in entry.present and entry.exempt_reason != known.exempt_reason:
        exemption = MemberChange(
            known.number, entry.name, "exempt_reason", known.exempt_reason, entry.exempt_reason, on
        )
    plain = tuple(
        MemberChange(known.number, entry.name, name, getattr(known, name), getattr(entry, name))
        for name in PLAIN
        if getattr(entry, name) is not None and getattr(entry, name) != getattr(known, name)
    )
    return Delta(known, entry, on, place, exemption, plain)


def refusal_of(delta: Delta) -> tuple[str, dict[str, object]] | None:
    """Why a change cannot hold from its day, as msgid and params; None if it can."""
    for changes, since in ((delta.place, delta.known.starts_on), (delta.exemption, delta.known.exempt_since)):
        if changes and since and delta.on < since:
            return N_("A change on %(day)s lies before %(since)s, from which the present entry holds."), {
                "day": delta.on.isoformat(),
                "since": since.isoformat(),
            }
    return None


class Recogniser:
    """Finds the known member of a row: by number, else by a name that is the only one in its branch."""

    def __init__(self, known: Iterable[KnownMember]) -> None:
        self.by_number: dict[str, KnownMember] = {}
        self.by_name: dict[tuple[str, str | None], list[KnownMember]] = {}
        for member in known:
            self.by_number[member.number.casefold()] = member
            self.by_name.setdefault((member.name, member.branch), []).append(member)

    def find(self, entry: RosterEntry) -> KnownMember | tuple[str, dict[str, object]] | None:
        """The member; None for a number that is new; msgid and params where the row cannot be recognised."""
        if entry.number is not None:
            return self.by_number.get(entry.number.casefold())
        namesakes = self.by_name.get((entry.name, entry.branch), [])
        if len(namesakes) == 1:
            return namesakes[0]
        if namesakes:
            return N_("%(count)s members are called %(name)s. Write the number."), {
                "count": len(namesakes),
                "name": entry.name,
            }
        return N_("%(name)s is not known in %(branch)s. A new member needs a number."), {
            "name": entry.name,
            "branch": entry.branch,
        }
