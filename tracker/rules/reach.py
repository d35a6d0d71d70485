"""For whom somebody may enter records: a rule that form, paste and paper share."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.models.record import OwnerType
from tracker.rules.ledger_entries import Entry
from tracker.rules.refusal import N_, Refused


@dataclass(frozen=True, slots=True)
class Reach:
    """Units whose records are somebody's to enter, and the member who they are themselves (ids)."""

    bureau: bool = False
    branches: frozenset[int] = frozenset()
    groups: frozenset[int] = frozenset()
    sections: frozenset[int] = frozenset()
    member_id: int | None = None


def may_enter(entry: Entry, reach: Reach) -> bool:
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


def check_people(entry: Entry, reach: Reach) -> None:
    """Raises Refused if somebody who may enter only for themselves names others."""
    only_self = not (reach.bureau or reach.branches or reach.groups or reach.sections)
    if only_self and set(entry.people) - {reach.member_id}:
        raise Refused(N_("You can only enter records about yourself."), "people")
