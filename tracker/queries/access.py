"""From a browser's id to a row: the only way there, and only for those who may see it here."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import aliased

from tracker.db import db
from tracker.models import (
    Batch,
    Campaign,
    CoOrganiser,
    Draft,
    Evidence,
    Mapping,
    Member,
    Membership,
    OwnerType,
    Paper,
    Participation,
    Record,
    Role,
    Share,
    Status,
    Unit,
    UnitLevel,
    User,
)
from tracker.queries.campaigns import spec_of
from tracker.queries.rosters import holds_on
from tracker.queries.users import COMMAND_LINE
from tracker.rules.pairings import is_pairing
from tracker.rules.reach import Reach

KEEPERS = (Role.SECRETARY, Role.DEPUTY)


def _holds(user: User, *roles: Role) -> bool:
    return any(grant.role in roles for grant in user.grants)


def _units(user: User, *roles: Role) -> set[int]:
    return {grant.unit_id for grant in user.grants if grant.role in roles and grant.unit_id}


def sees_bureau(user: User) -> bool:
    """Whether the whole bureau is theirs to see."""
    return _holds(user, Role.OFFICE, Role.AUDITOR)


def is_office(user: User) -> bool:
    """Whether the whole bureau is theirs to write."""
    return _holds(user, Role.OFFICE)


def branches_of(user: User) -> set[int]:
    """The branches that a secretary or deputy keeps."""
    return _units(user, *KEEPERS)


def groups_of(user: User) -> set[int]:
    """The party groups that they lead."""
    return _units(user, Role.GROUP_LEADER)


def sections_of(user: User) -> set[int]:
    """The sections that they head."""
    return _units(user, Role.SECTION_HEAD)


def reach_of(user: User) -> Reach:
    """For whom the user may enter records."""
    return Reach(
        is_office(user),
        frozenset(branches_of(user)),
        frozenset(groups_of(user)),
        frozenset(sections_of(user)),
        user.member_id if _holds(user, Role.MEMBER) else None,
    )


def _unit(unit_id: int, level: UnitLevel) -> Unit | None:
    unit = db.session.get(Unit, unit_id)
    return unit if unit is not None and unit.level is level else None


def branch_for(user: User, unit_id: int) -> Unit | None:
    """The branch with that id, None if it does not exist or is not theirs."""
    unit = _unit(unit_id, UnitLevel.BRANCH)
    return unit if unit and (sees_bureau(user) or unit.id in branches_of(user)) else None


def group_for(user: User, unit_id: int) -> Unit | None:
    """The party group with that id, None if it does not exist or is not theirs."""
    unit = _unit(unit_id, UnitLevel.GROUP)
    if unit is None:
        return None
    is_theirs = unit.id in groups_of(user) or unit.parent_id in branches_of(user)
    return unit if sees_bureau(user) or is_theirs else None


def section_for(user: User, unit_id: int) -> Unit | None:
    """The section with that id, None if it does not exist or is not theirs."""
    unit = _unit(unit_id, UnitLevel.SECTION)
    return unit if unit and (sees_bureau(user) or unit.id in sections_of(user)) else None


def people_within(user: User) -> ColumnElement[bool]:
    """Which attendances the user may see with their names."""
    if sees_bureau(user):
        return true()
    # A place that is nobody's is left out: a condition on it would keep the database from the other's index.
    places = (Participation.branch_id, branches_of(user)), (Participation.group_id, groups_of(user))
    found: list[ColumnElement[bool]] = [column.in_(own) for column, own in places if own]
    if user.member_id is not None:
        found.append(Participation.member_id == user.member_id)
    return or_(false(), *found)


def records_within(user: User) -> ColumnElement[bool]:
    """Which records the user may see.

    All, or: those that a person or organiser of their branches is in; what their groups and sections own, or
    somebody of their groups was in, other people's own hours excepted unless they entered them; their own.
    """
    return true() if sees_bureau(user) else or_(false(), *record_sources(user))


def record_sources(user: User) -> list[ColumnElement[bool]]:
    """By what each record is seen that one sees who does not see the bureau; each an index of its own."""
    branches, groups, sections = branches_of(user), groups_of(user), sections_of(user)
    found: list[ColumnElement[bool]] = []
    if branches:
        found += [
            Record.branch_id.in_(branches),
            Record.id.in_(select(Participation.record_id).where(Participation.branch_id.in_(branches))),
            Record.id.in_(select(CoOrganiser.record_id).where(CoOrganiser.unit_id.in_(branches))),
        ]
    if groups:
        there = Record.id.in_(select(Participation.record_id).where(Participation.group_id.in_(groups)))
        named = (Record.owner_type != OwnerType.MEMBER) | (Record.entered_by_id == user.id)
        found.append(named & (Record.group_id.in_(groups) | there))
    if sections:
        found.append((Record.owner_type == OwnerType.SECTION) & Record.section_id.in_(sections))
    if user.member_id is not None:
        own = select(Participation.record_id).where(Participation.member_id == user.member_id)
        found.append(Record.id.in_(own))
    return found


def record_for(user: User, record_id: int) -> Record | None:
    """The record with that id, None if it does not exist or is not theirs to see."""
    return db.session.scalar(select(Record).where(Record.id == record_id, records_within(user)))


def pairing_for(user: User, record_id: int) -> Record | None:
    """The record with that id, if the user may see it and its kind pairs a member with a person."""
    record = record_for(user, record_id)
    if record is None or not record.subject or record.member_id is None:
        return None
    kind = spec_of(db.session.get_one(Campaign, record.campaign_id)).kind(record.kind.code)
    return record if is_pairing(kind) else None


def evidence_for(user: User, evidence_id: int) -> Evidence | None:
    """The file with that id, None if it was removed or is of no record that is theirs to see."""
    return db.session.scalar(
        select(Evidence)
        .join(Record, Record.id == Evidence.record_id)
        .where(Evidence.id == evidence_id, Evidence.removed_at.is_(None), records_within(user))
    )


def shares_within(user: User, day: dt.date) -> ColumnElement[bool]:
    """Which shares of records that count the user reads: those with units that they keep or lead, with the
    group and branch in which they are on `day`, and those of their own records."""
    shared = aliased(Record)  # whoever asks may have joined the record
    counts = exists().where(shared.id == Share.record_id, shared.status == Status.VERIFIED)
    found = and_(Share.ended_at.is_(None), counts)
    if sees_bureau(user):
        return found
    branches = branches_of(user)
    kept = select(Unit.id).where(Unit.id.in_(branches | groups_of(user)) | Unit.parent_id.in_(branches))
    theirs = [Share.unit_id.in_(kept)]
    if user.member_id is not None:
        here = Membership.member_id == user.member_id, holds_on(Membership.starts_on, Membership.ends_on, day)
        own = select(Record.id).where(Record.member_id == user.member_id)
        theirs += [
            Share.unit_id.in_(select(Membership.branch_id).where(*here)),
            Share.unit_id.in_(select(Membership.group_id).where(*here, Membership.group_id.is_not(None))),
            Share.record_id.in_(own),
        ]
    return and_(found, or_(*theirs))


def share_for(user: User, share_id: int, day: dt.date) -> Share | None:
    """The share with that id, None if it was ended, counts no more, or is not with the user."""
    return db.session.scalar(select(Share).where(Share.id == share_id, shares_within(user, day)))


def participation_for(user: User, participation_id: int) -> Participation | None:
    """One attendance that the user may see, in a record that they may see."""
    return db.session.scalar(
        select(Participation)
        .join(Record, Record.id == Participation.record_id)
        .where(Participation.id == participation_id, records_within(user), people_within(user))
    )


def draft_for(user: User, draft_id: int) -> Draft | None:
    """The draft with that id, None if it does not exist or is another's."""
    return db.session.scalar(select(Draft).where(Draft.id == draft_id, Draft.user_id == user.id))


def account_for(user: User, user_id: int) -> User | None:
    """The account with that id, None if it does not exist, is the commands' own, or is not theirs to keep."""
    found = select(User).where(User.id == user_id, User.login != COMMAND_LINE)
    return db.session.scalar(found) if is_office(user) else None


def batch_for(user: User, batch_id: int) -> Batch | None:
    """The import with that id; imports belong to the whole bureau."""
    return db.session.get(Batch, batch_id) if sees_bureau(user) else None


def mapping_for(user: User, mapping_id: int) -> Mapping | None:
    """The saved mapping with that id; imports are the office's."""
    return db.session.get(Mapping, mapping_id) if is_office(user) else None


def papers_within(user: User) -> ColumnElement[bool]:
    """Which printed sheets are of units whose records the user enters: branches, their groups, own units."""
    if is_office(user):
        return true()
    branches = branches_of(user)
    own = select(Unit.id).where(
        Unit.id.in_(branches | groups_of(user) | sections_of(user))
        | ((Unit.level == UnitLevel.GROUP) & Unit.parent_id.in_(branches))
    )
    return Paper.unit_id.in_(own)


def paper_for(user: User, paper_id: int) -> Paper | None:
    """The printed sheet with that id, None if it does not exist or is of no unit of theirs."""
    return db.session.scalar(select(Paper).where(Paper.id == paper_id, papers_within(user)))


def memberships_within(user: User) -> ColumnElement[bool]:
    """Which stretches of membership are in units that the user keeps or leads."""
    if sees_bureau(user):
        return true()
    return Membership.branch_id.in_(branches_of(user)) | Membership.group_id.in_(groups_of(user))


def member_for(user: User, member_id: int) -> Member | None:
    """The member with that id, if ever on a roster that the user may see."""
    theirs = select(Membership.member_id).where(memberships_within(user))
    found = select(Member).where(Member.id == member_id)
    return db.session.scalar(found if sees_bureau(user) else found.where(Member.id.in_(theirs)))


def present_member_for(user: User, member_id: int, day: dt.date) -> Member | None:
    """The member with that id, if on `day` in a unit that the user keeps or leads; of the office, in any."""
    here = select(Membership.member_id).where(
        memberships_within(user), holds_on(Membership.starts_on, Membership.ends_on, day)
    )
    return db.session.scalar(select(Member).where(Member.id == member_id, Member.id.in_(here)))


def stays_kept(user: User) -> ColumnElement[bool]:
    """Which stretches of membership are in branches that the user keeps; all for readers of the bureau."""
    return true() if sees_bureau(user) else Membership.branch_id.in_(branches_of(user))


def roster_member_for(user: User, member_id: int) -> Member | None:
    """The member with that id, if ever on the roster of a branch that the user keeps."""
    theirs = select(Membership.member_id).where(stays_kept(user))
    return db.session.scalar(select(Member).where(Member.id == member_id, Member.id.in_(theirs)))


def kept_member_for(user: User, member_id: int, day: dt.date) -> Member | None:
    """The member with that id, if on `day` in a branch whose roster is the user's to write."""
    here = select(Membership.member_id).where(
        stays_kept(user), holds_on(Membership.starts_on, Membership.ends_on, day)
    )
    return db.session.scalar(select(Member).where(Member.id == member_id, Member.id.in_(here)))


def own_units(user: User) -> list[int]:
    """The units that are the user's own to look at: branches, then groups, then sections."""
    return [*sorted(branches_of(user)), *sorted(groups_of(user)), *sorted(sections_of(user))]
