"""A member's own records: those about them, whoever entered them, and what came back to them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from tracker.db import db
from tracker.models import Campaign, Kind, Member, OwnerType, Participation, Record, Role, Status, User
from tracker.queries.paging import PER_PAGE, Page, page_within

OPEN = (Status.SUBMITTED, Status.RETURNED)
SHOWN = (
    joinedload(Record.kind),
    selectinload(Record.member),
    selectinload(Record.branch),
    selectinload(Record.returned_by),
)


@dataclass(frozen=True, slots=True)
class OwnRow:
    """One of a member's own records.

    attendance: the member's part in it; None where it was taken out of the record since.
    others:     how many others were in it with their names; nobody says who.
    is_own:     it is about them alone, or they entered it: they may correct and withdraw it.
    """

    record: Record
    attendance: Participation | None
    others: int
    is_own: bool

    @property
    def may_change(self) -> bool:
        """Whether it does not count yet and is theirs to change."""
        return self.is_own and self.record.status in OPEN

    @property
    def minutes(self) -> int | None:
        """The member's own minutes where the attendance says them, else those of the record."""
        return (self.attendance and self.attendance.minutes) or self.record.minutes


def about(member_id: int) -> ColumnElement[bool]:
    """Which records somebody is in."""
    inside = select(Participation.record_id).where(Participation.member_id == member_id)
    return or_(Record.member_id == member_id, Record.id.in_(inside))


def own_page(
    campaign: Campaign, user: User, *, kind: Kind | None, status: Status | None, page: int
) -> Page[OwnRow]:
    """One page of the records that the user is in, the latest day first; counter-records are left out."""
    where = [
        Record.campaign_id == campaign.id,
        about(user.member_id or 0),
        Record.status != Status.COUNTER,
    ]
    if kind:
        where.append(Record.kind_id == kind.id)
    if status:
        where.append(Record.status == status)
    total = db.session.scalar(select(func.count()).select_from(Record).where(*where)) or 0
    page = page_within(page, total)
    found = db.session.scalars(
        select(Record)
        .where(*where)
        .order_by(Record.happened_on.desc(), Record.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
        .options(*SHOWN)
    ).all()
    return Page(rows_for(list(found), user), page, total)


def rows_for(records: list[Record], user: User) -> list[OwnRow]:
    """The records with the user's part in each. Two statements."""
    ids = [record.id for record in records]
    attendances = {
        row.record_id: row
        for row in db.session.scalars(
            select(Participation).where(
                Participation.record_id.in_(ids), Participation.member_id == user.member_id
            )
        )
    }
    others = db.session.execute(
        select(Participation.record_id, func.count())
        .where(Participation.record_id.in_(ids), Participation.member_id != user.member_id)
        .group_by(Participation.record_id)
    )
    counts = {record_id: int(count) for record_id, count in others}
    return [
        OwnRow(
            record,
            attendances.get(record.id),
            counts.get(record.id, 0),
            record.member_id == user.member_id or record.entered_by_id == user.id,
        )
        for record in records
    ]


def returned_to(campaign: Campaign, user: User) -> list[OwnRow]:
    """What was given back to the user to put right: about them alone, or entered by them. Oldest first."""
    found = db.session.scalars(
        select(Record)
        .where(
            Record.campaign_id == campaign.id,
            Record.status == Status.RETURNED,
            or_(Record.member_id == user.member_id, Record.entered_by_id == user.id),
        )
        .order_by(Record.returned_at, Record.id)
        .options(*SHOWN)
    ).all()
    return rows_for(list(found), user)


def waiting_of(campaign: Campaign, user: User) -> list[OwnRow]:
    """The user's own that waits to be verified, the latest first."""
    found = db.session.scalars(
        select(Record)
        .where(
            Record.campaign_id == campaign.id,
            Record.status == Status.SUBMITTED,
            Record.owner_type == OwnerType.MEMBER,
            Record.member_id == user.member_id,
        )
        .order_by(Record.happened_on.desc(), Record.id.desc())
        .options(*SHOWN)
    ).all()
    return rows_for(list(found), user)


def last_entered(member: Member, kind: Kind) -> Record | None:
    """The member's own record of a kind that was entered last; what is entered next is likely alike."""
    return db.session.scalar(
        select(Record)
        .where(Record.kind_id == kind.id, Record.member_id == member.id, Record.status != Status.COUNTER)
        .order_by(Record.entered_at.desc(), Record.id.desc())
        .limit(1)
    )


def role_towards(by: User | None, record: Record) -> Role | None:
    """What somebody is to a record now, the nearest first; None where nothing fits."""
    held = {(grant.role, grant.unit_id) for grant in by.grants} if by else set()
    near = (
        (Role.SECRETARY, record.branch_id),
        (Role.DEPUTY, record.branch_id),
        (Role.GROUP_LEADER, record.group_id),
        (Role.SECTION_HEAD, record.section_id),
        (Role.OFFICE, None),
    )
    return next((role for role, unit_id in near if (role, unit_id) in held), None)
