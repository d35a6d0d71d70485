"""One member on the roster: where they belonged when, what they were exempt from, what was done about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload, selectinload

from tracker.db import db
from tracker.models import (
    AuditEvent,
    Exemption,
    Grant,
    Member,
    Membership,
    Participation,
    Record,
    Status,
    Unit,
    UnitLevel,
    User,
)
from tracker.queries.access import branches_of, sees_bureau, stays_kept
from tracker.queries.rosters import holds_on
from tracker.rules.memberships import Place, Stretch

UNITS = (Membership.branch, Membership.group, Membership.section)
STANDS = (Status.SUBMITTED, Status.RETURNED, Status.VERIFIED)  # what was not withdrawn or reversed
ACTS = ("member:move", "member:duty", "member:exempt", "member:end_exemption")


@dataclass(frozen=True, slots=True)
class ExemptionLine:
    """An exemption as far as the reader may see it: its end is cut where the member left their branches."""

    exemption: Exemption
    starts_on: dt.date | None
    ends_on: dt.date | None


@dataclass(frozen=True, slots=True)
class MemberEvent:
    """One act about a member. by: who did it; '' where that is somebody of another branch."""

    event: AuditEvent
    by: str


def stretch_of(row: Membership | Exemption) -> Stretch:
    """From when to when a membership or an exemption holds."""
    return Stretch(row.starts_on, row.ends_on)


def membership_on(member: Member, day: dt.date) -> Membership | None:
    """Where the member belongs on a day, None if nowhere."""
    return db.session.scalar(
        select(Membership)
        .where(Membership.member_id == member.id, holds_on(Membership.starts_on, Membership.ends_on, day))
        .order_by(Membership.id)
        .limit(1)
        .options(*(selectinload(unit) for unit in UNITS))
    )


def stays_of(member: Member, user: User) -> list[Membership]:
    """Where a member belonged when, as far as the reader keeps the branches; newest first."""
    return list(
        db.session.scalars(
            select(Membership)
            .where(Membership.member_id == member.id, stays_kept(user))
            .order_by(Membership.starts_on.desc().nulls_last(), Membership.id.desc())
            .options(*(selectinload(unit) for unit in UNITS))
        )
    )


def exemptions_of(member: Member, user: User, stays: Collection[Membership]) -> list[ExemptionLine]:
    """From what a member is or was exempt while they belonged to the reader's branches, newest first."""
    rows = db.session.scalars(
        select(Exemption)
        .where(Exemption.member_id == member.id)
        .order_by(Exemption.starts_on.desc().nulls_last(), Exemption.id.desc())
    )
    if sees_bureau(user):
        return [ExemptionLine(row, row.starts_on, row.ends_on) for row in rows]
    found = []
    for row in rows:
        met = [stay for stay in stays if stretch_of(row).meets(stretch_of(stay))]
        if met:
            ends = [end for end in (row.ends_on, _latest(met)) if end is not None]
            found.append(ExemptionLine(row, row.starts_on, min(ends, default=None)))
    return found


def _latest(stays: Collection[Membership]) -> dt.date | None:
    """When the last of these stays ends, None if one has no end."""
    ends = [stay.ends_on for stay in stays]
    return None if None in ends else max(end for end in ends if end is not None)


def exemption_of(member: Member, exemption_id: int) -> Exemption | None:
    """The exemption with that id, None if it is not this member's."""
    return db.session.scalar(
        select(Exemption).where(Exemption.id == exemption_id, Exemption.member_id == member.id)
    )


def events_of(member: Member, user: User) -> list[MemberEvent]:
    """What was done about a member, newest first; a secretary sees what happened in their own branches."""
    rows = db.session.scalars(
        select(AuditEvent)
        .where(
            AuditEvent.subject_type == Member.__tablename__,
            AuditEvent.subject_id == member.id,
            AuditEvent.action.in_(ACTS),
        )
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .options(joinedload(AuditEvent.actor))
    )
    kept, found = branches_of(user), []
    for event in rows:
        name = event.actor.name if event.actor else ""
        branch_id = event.detail.get("branch_id") or event.detail.get("from_branch_id")
        if sees_bureau(user) or branch_id in kept:
            found.append(MemberEvent(event, name))
        elif event.detail.get("to_branch_id") in kept:
            found.append(MemberEvent(event, ""))
    return found


def unit_names(ids: Collection[int], user: User) -> dict[int, str]:
    """Names of branches and groups by id, as far as the reader keeps them."""
    statement = select(Unit.id, Unit.name).where(Unit.id.in_(ids))
    if not sees_bureau(user):
        kept = branches_of(user)
        statement = statement.where(Unit.id.in_(kept) | Unit.parent_id.in_(kept))
    return dict(db.session.execute(statement).all())


def _own_rows(member: Member) -> list[ColumnElement[bool]]:
    return [
        Participation.member_id == member.id,
        Participation.reversed_at.is_(None),
        Record.status.in_(STANDS),
    ]


def last_record_on(member: Member) -> dt.date | None:
    """The last day on which the member was in a record that stands, whoever verified it or not yet."""
    there = select(func.max(Record.happened_on)).join(Participation, Participation.record_id == Record.id)
    days = [
        db.session.scalar(there.where(*_own_rows(member))),
        db.session.scalar(
            select(func.max(Record.happened_on)).where(
                Record.member_id == member.id, Record.status.in_(STANDS)
            )
        ),
    ]
    return max((day for day in days if day is not None), default=None)


def records_staying(member: Member, present: Membership, on: dt.date) -> int:
    """How many records of the member before `on` belong to the branch where they are now, and stay there."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Participation)
            .join(Record, Record.id == Participation.record_id)
            .where(
                *_own_rows(member),
                Participation.branch_id == present.branch_id,
                Record.happened_on < on,
            )
        )
        or 0
    )


def roles_left(member: Member, present: Membership, to: Place) -> list[Grant]:
    """What the member's account is for at the units that a move would leave: a move does not end it."""
    left = [present.branch_id] if to.branch_id != present.branch_id else []
    if present.group_id is not None and to.group_id != present.group_id:
        left.append(present.group_id)
    if present.section_id is not None and to.section_id != present.section_id:
        left.append(present.section_id)
    return list(
        db.session.scalars(
            select(Grant)
            .join(User, User.id == Grant.user_id)
            .where(User.member_id == member.id, Grant.unit_id.in_(left))
            .order_by(Grant.id)
        )
    )


def units_to_choose(user: User, day: dt.date) -> tuple[list[Unit], list[Unit], list[Unit]]:
    """Branches, groups and sections to which a member may be moved, in the order of the plan.

    The groups of other branches are for their own secretaries to know and to choose.
    """
    there = (
        select(Unit)
        .where(holds_on(Unit.starts_on, Unit.ends_on, day))
        .order_by(Unit.position, Unit.id)
        .options(joinedload(Unit.parent))
    )
    groups = there.where(Unit.level == UnitLevel.GROUP)
    if not sees_bureau(user):
        groups = groups.where(Unit.parent_id.in_(branches_of(user)))
    branches = db.session.scalars(there.where(Unit.level == UnitLevel.BRANCH))
    sections = db.session.scalars(there.where(Unit.level == UnitLevel.SECTION))
    return list(branches), list(db.session.scalars(groups)), list(sections)


def duties_used(user: User) -> list[str]:
    """The duties that the roster knows in the reader's branches, to choose from while typing."""
    rows = db.session.scalars(
        select(Membership.duty).where(Membership.duty.is_not(None), stays_kept(user)).distinct()
    )
    return sorted(duty for duty in rows if duty)
