"""For whom somebody may enter records: a rule that form, paste and paper share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from tracker.models.record import OwnerType
from tracker.rules.campaigns import Kind
from tracker.rules.ledger_entries import Entry
from tracker.rules.refusal import N_, Refused
from tracker.rules.registers import Register, Stay


@dataclass(frozen=True, slots=True)
class Reach:
    """Units whose records are somebody's to enter, and the member who they are themselves (ids)."""

    bureau: bool = False
    branches: frozenset[int] = frozenset()
    groups: frozenset[int] = frozenset()
    sections: frozenset[int] = frozenset()
    member_id: int | None = None

    @property
    def enters_for_members(self) -> bool:
        """Whether records of other members are theirs to enter."""
        return bool(self.bureau or self.branches or self.groups)

    @property
    def owners(self) -> frozenset[str]:
        """The types of owners for some of whom they may enter."""
        if self.bureau:
            return frozenset(OwnerType)
        found = {
            OwnerType.MEMBER: self.enters_for_members or self.member_id is not None,
            OwnerType.GROUP: bool(self.branches or self.groups),
            OwnerType.BRANCH: bool(self.branches),
            OwnerType.SECTION: bool(self.sections),
        }
        return frozenset(owner for owner, is_theirs in found.items() if is_theirs)


def may_enter_kind(kind: Kind, reach: Reach) -> bool:
    """Whether there is an owner for whom they may enter records of the kind."""
    return not reach.owners.isdisjoint(kind.owners)


class Placed(Protocol):
    """Whose something is, and where the owner was on its day: an entry, or a record."""

    @property
    def owner_type(self) -> OwnerType: ...
    @property
    def member_id(self) -> int | None: ...
    @property
    def branch_id(self) -> int | None: ...
    @property
    def group_id(self) -> int | None: ...
    @property
    def section_id(self) -> int | None: ...


def may_enter(entry: Placed, reach: Reach) -> bool:
    """Whether the owner of `entry` is within reach, as the owner was placed on the day of the entry."""
    if reach.bureau:
        return True
    in_branch = entry.branch_id in reach.branches
    match entry.owner_type:
        case OwnerType.MEMBER:
            own = entry.member_id is not None and entry.member_id == reach.member_id
            return own or in_branch or entry.group_id in reach.groups
        case OwnerType.GROUP:
            return in_branch or entry.group_id in reach.groups
        case OwnerType.BRANCH:
            return in_branch
        case OwnerType.SECTION:
            return entry.section_id in reach.sections
    return False


def check_may_enter(entry: Entry, reach: Reach) -> None:
    """Raises Refused if the record would be somebody's for whom nothing may be entered."""
    if not may_enter(entry, reach):
        raise Refused(N_("On that day this was not yours to enter: it belongs to another unit."))


def check_stage(entry: Entry, kind: Kind, reach: Reach) -> None:
    """Raises Refused if the record would have a stage that only the bureau's office gives."""
    stage = kind.stage(entry.stage) if entry.stage else None
    if stage is not None and stage.bureau_only and not reach.bureau:
        raise Refused(N_("Only the party office says of a record: %(stage)s."), "stage", stage=stage.name)


def check_people(entry: Entry, reach: Reach, register: Register) -> None:
    """Raises Refused if somebody is named who was in another unit on the day of the entry."""
    if reach.bureau:
        return
    named = [(person, "people") for person in entry.people]
    named += [(told.member_id, "stories") for told in entry.stories if told.member_id is not None]
    for person, field in named:
        stay = register.place(person, entry.happened_on) if entry.is_dated else register.first_place(person)
        if person not in (reach.member_id, entry.member_id) and not _is_there(stay, reach):
            name = register.by_id[person].name
            raise Refused(N_("%(name)s belonged to another unit on that day."), field, name=name)


def _is_there(stay: Stay | None, reach: Reach) -> bool:
    return stay is not None and (
        stay.branch_id in reach.branches or stay.group_id in reach.groups or stay.section_id in reach.sections
    )
