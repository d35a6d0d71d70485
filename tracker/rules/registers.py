"""Who is who: members, where they were on a day, and units by name, for checking rows against them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

from tracker.models.unit import UnitLevel
from tracker.rules.cells import plain
from tracker.rules.people import PersonMention
from tracker.rules.refusal import N_, Refused


class MemberFact(NamedTuple):
    """A member as the roster knows them."""

    id: int
    number: str
    name: str


class Stay(NamedTuple):
    """Where a member belongs from one day to the day before another; None is without end."""

    starts_on: dt.date | None
    ends_on: dt.date | None
    branch_id: int
    group_id: int | None
    section_id: int | None

    def holds_on(self, day: dt.date) -> bool:
        return (self.starts_on is None or self.starts_on <= day) and (
            self.ends_on is None or self.ends_on > day
        )


class UnitFact(NamedTuple):
    """A unit. is_named: False for a root committee that nobody has named yet."""

    id: int
    level: UnitLevel
    name: str
    parent_id: int | None = None
    is_named: bool = True


class Register:
    """The roster as a check of rows needs it: everything is looked up, nothing is asked of the database.

    Names of units are prepared when one is looked for: a member's own entry names none.
    """

    def __init__(
        self, members: Iterable[MemberFact], stays: Mapping[int, list[Stay]], units: Iterable[UnitFact]
    ) -> None:
        self.by_number: dict[str, MemberFact] = {}
        self.by_name: dict[str, list[MemberFact]] = {}
        self.by_id: dict[int, MemberFact] = {}
        for member in members:
            self.by_number[plain(member.number)] = member
            self.by_name.setdefault(member.name, []).append(member)
            self.by_id[member.id] = member
        self.stays = stays
        self.units = {unit.id: unit for unit in units}
        self.root = next((u for u in self.units.values() if u.level is UnitLevel.COMMITTEE), None)
        self._numbers: dict[str, MemberFact | None] = {}
        self._texts: dict[str, str] = {}
        self._places: dict[tuple[int, dt.date], Stay | None] = {}

    @property
    def fingerprint(self) -> object:
        """Equal for two registers of the same people in the same places."""
        return self.by_id, self.stays, self.units

    @cached_property
    def _branches(self) -> dict[str, int]:
        return self._named(UnitLevel.BRANCH)

    @cached_property
    def _sections(self) -> dict[str, int]:
        return self._named(UnitLevel.SECTION)

    @cached_property
    def _groups(self) -> dict[tuple[int | None, str], int]:
        return {
            (unit.parent_id, plain(unit.name)): unit.id
            for unit in self.units.values()
            if unit.level is UnitLevel.GROUP
        }

    def _named(self, level: UnitLevel) -> dict[str, int]:
        return {plain(unit.name): unit.id for unit in self.units.values() if unit.level is level}

    def _plain(self, name: str) -> str:
        text = self._texts.get(name)
        if text is None:
            text = self._texts[name] = plain(name)
        return text

    def branch(self, name: str) -> int | None:
        """The id of a branch, by its name whatever its width and spaces."""
        return self._branches.get(self._plain(name))

    def section(self, name: str) -> int | None:
        return self._sections.get(self._plain(name))

    def group(self, branch_id: int | None, name: str) -> int | None:
        """The id of a group of a branch; without a branch, of the only group of that name."""
        wanted = self._plain(name)
        if branch_id is not None:
            return self._groups.get((branch_id, wanted))
        found = [id_ for (_, own), id_ in self._groups.items() if own == wanted]
        full = [
            id_
            for (parent, own), id_ in self._groups.items()
            if parent is not None and self._plain(self.units[parent].name) + own == wanted
        ]
        return full[0] if full else found[0] if len(found) == 1 else None

    def is_root(self, name: str) -> bool:
        return self.root is not None and self._plain(self.root.name) == self._plain(name)

    def place(self, member_id: int, day: dt.date) -> Stay | None:
        """Where a member was on a day; None if nowhere."""
        key = (member_id, day)
        try:
            return self._places[key]
        except KeyError:
            stays = self.stays.get(member_id, [])
            found = self._places[key] = next((stay for stay in stays if stay.holds_on(day)), None)
            return found

    def first_place(self, member_id: int) -> Stay | None:
        """Where a member first was, for what has no day."""
        return next(iter(self.stays.get(member_id, [])), None)

    def member(self, number: str) -> MemberFact | None:
        try:
            return self._numbers[number]
        except KeyError:
            found = self._numbers[number] = self.by_number.get(plain(number))
            return found

    def find(self, person: PersonMention, branch_ids: tuple[int, ...], day: dt.date | None) -> MemberFact:
        """The member who is meant: the number decides, else the name, else the name within the branches.

        branch_ids: the branch that the row names, or those of its organisers.
        Raises Refused, on the field at fault, for nobody, for several, for another name than the number's.
        """
        if person.number:
            member = self.member(person.number)
            if member is None:
                raise Refused(
                    N_("Nobody in the roster has the number %(number)s."),
                    "member_number",
                    number=person.number,
                )
            if person.name and person.name != member.name:
                raise Refused(
                    N_("The number %(number)s is %(known)s, not %(name)s."),
                    "member_name", number=member.number, known=member.name, name=person.name,
                )  # fmt: skip
            return member
        namesakes = self.by_name.get(person.name, [])
        if not namesakes:
            raise Refused(N_("%(name)s is not in the roster."), "member_name", name=person.name)
        if len(namesakes) == 1:
            return namesakes[0]
        here = [member for member in namesakes if self._is_in(member.id, branch_ids, day)]
        if len(here) == 1:
            return here[0]
        raise Refused(
            N_("%(count)s members are called %(name)s. Write the number, or a branch that tells them apart."),
            "member_name", count=len(here or namesakes), name=person.name,
        )  # fmt: skip

    def _is_in(self, member_id: int, branch_ids: tuple[int, ...], day: dt.date | None) -> bool:
        stay = self.place(member_id, day) if day else self.first_place(member_id)
        return stay is not None and stay.branch_id in branch_ids
