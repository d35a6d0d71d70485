"""Who has an account, and in what state it is. When somebody last signed in is nobody's business."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.models import Grant, Member, Membership, Paper, Record, Status, Unit, UnitLevel, User
from tracker.queries.access import KEEPERS, branches_of, is_office
from tracker.queries.members import is_named
from tracker.queries.paging import PER_PAGE, Page, page_within
from tracker.queries.rosters import holds_on
from tracker.queries.users import COMMAND_LINE
from tracker.rules.grants import may_issue


class State(enum.StrEnum):
    """How far an account has come."""

    NONE = "none"
    SLIP = "slip"  # a slip is out, and its password was not changed yet
    SLIP_OVER = "slip_over"  # the same, but the slip opens nothing any more
    IN_USE = "in_use"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class AccountFilter:
    """What the reader chose; empty fields choose nothing."""

    branch_id: int | None = None
    text: str = ""
    is_open: bool = False  # only those who cannot sign in yet: no account, or a slip that is still out
    page: int = 1


@dataclass(frozen=True, slots=True)
class AccountLine:
    """A member and their account, if they have one.

    may_issue: whether the reader may draw a new first password for it.
    """

    member: Member
    membership: Membership
    user: User | None
    state: State
    may_issue: bool


def state_of(user: User | None, at: dt.datetime) -> State:
    """How far an account has come at a moment; no account is a state too."""
    if user is None:
        return State.NONE
    if user.is_disabled:
        return State.DISABLED
    if not user.must_change:
        return State.IN_USE
    return State.SLIP if user.slip_until is None or user.slip_until > at else State.SLIP_OVER


def is_issuable(reader: User, user: User | None) -> bool:
    """Whether the reader may draw a new first password for an account; for nobody's, a first account."""
    if user is None:
        return True
    held = [(grant.role, _branch_above(grant.unit)) for grant in user.grants]
    return may_issue(
        held, is_office=is_office(reader), branches=branches_of(reader), is_own=user.id == reader.id
    )


def _branch_above(unit: Unit | None) -> int | None:
    if unit is None:
        return None
    return unit.parent_id if unit.level is UnitLevel.GROUP else unit.id


def _here(reader: User, day: dt.date) -> ColumnElement[bool]:
    """Which stretches of membership are today's, in branches that the reader keeps; of the office, in all."""
    kept = true() if is_office(reader) else Membership.branch_id.in_(branches_of(reader))
    return and_(kept, holds_on(Membership.starts_on, Membership.ends_on, day))


def _is_open() -> ColumnElement[bool]:
    """Nobody signs in with it yet: no account, or one whose slip is still out."""
    return or_(User.id.is_(None), and_(User.must_change.is_(True), User.is_disabled.is_(False)))


def accounts_page(reader: User, chosen: AccountFilter, *, at: dt.datetime, day: dt.date) -> Page[AccountLine]:
    """The members whom the reader keeps on a day, with their accounts; 50 a page, as the roster goes."""
    where = [_here(reader, day)]
    if chosen.branch_id:
        where.append(Membership.branch_id == chosen.branch_id)
    if chosen.text:
        where.append(is_named(chosen.text))
    if chosen.is_open:
        where.append(_is_open())
    statement = (
        select(Membership, User)
        .join(Member, Member.id == Membership.member_id)
        .join(Unit, Unit.id == Membership.branch_id)
        .outerjoin(User, User.member_id == Membership.member_id)
        .where(*where)
    )
    total = (
        db.session.scalar(
            select(func.count()).select_from(statement.with_only_columns(Membership.id).subquery())
        )
        or 0
    )
    page = page_within(chosen.page, total)
    rows = db.session.execute(
        statement.order_by(Unit.position, Unit.id, Member.number, Membership.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
        .options(joinedload(Membership.member), joinedload(Membership.branch), joinedload(Membership.group))
    ).all()
    lines = [
        AccountLine(row.member, row, user, state_of(user, at), is_issuable(reader, user))
        for row, user in rows
    ]
    return Page(lines, page, total)


def people_to_issue(
    reader: User,
    *,
    day: dt.date,
    member_ids: Collection[int] | None = None,
    branch_id: int | None = None,
) -> list[tuple[Member, Unit, User | None]]:
    """Members whom the reader keeps, with branch and account, each once: those named, or of a branch all who
    cannot sign in yet and whose account the reader may touch. In the order of their accounts, for locking."""
    where = [_here(reader, day)]
    if member_ids is not None:
        where.append(Membership.member_id.in_(member_ids))
    else:
        where += [Membership.branch_id == branch_id, _is_open()]
    rows = db.session.execute(
        select(Member, Unit, User)
        .join(Membership, Membership.member_id == Member.id)
        .join(Unit, Unit.id == Membership.branch_id)
        .outerjoin(User, User.member_id == Member.id)
        .where(*where)
        .order_by(User.id.nulls_last(), Member.number, Member.id, Membership.id)
    ).all()
    found = {member.id: (member, unit, user) for member, unit, user in rows}
    if member_ids is not None:
        return list(found.values())
    return [one for one in found.values() if is_issuable(reader, one[2])]


def open_count(reader: User, branch_id: int, day: dt.date) -> int:
    """How many members of a branch the mass act would print a slip for."""
    return len(people_to_issue(reader, day=day, branch_id=branch_id))


def accounts_without_member() -> list[User]:
    """Accounts of people who are on no roster: auditor, administrator, the office's common one."""
    return list(
        db.session.scalars(
            select(User)
            .where(User.member_id.is_(None), User.login != COMMAND_LINE)
            .order_by(User.login, User.id)
        )
    )


def holders_of(branch: Unit) -> list[Grant]:
    """Who keeps a branch now: its secretary's and deputies' grants."""
    return list(
        db.session.scalars(
            select(Grant)
            .where(Grant.unit_id == branch.id, Grant.role.in_(KEEPERS))
            .order_by(Grant.role.desc(), Grant.id)
            .options(joinedload(Grant.user))
        )
    )


def successors_in(branch: Unit, day: dt.date) -> list[User]:
    """The accounts, not disabled, of members who belong to a branch on a day."""
    return list(
        db.session.scalars(
            select(User)
            .join(Member, Member.id == User.member_id)
            .where(
                User.is_disabled.is_(False),
                Member.id.in_(
                    select(Membership.member_id).where(
                        Membership.branch_id == branch.id,
                        holds_on(Membership.starts_on, Membership.ends_on, day),
                    )
                ),
            )
            .order_by(Member.pinyin, Member.number, User.id)
        )
    )


@dataclass(frozen=True, slots=True)
class Handed:
    """What whoever keeps a branch takes over, as counts.

    waiting:  records to be verified; oldest_at is when the first of them was entered.
    returned: records given back and not corrected yet.
    papers:   sheets printed for the branch or its groups and not keyed in.
    members:  people on its roster today.
    """

    waiting: int
    oldest_at: dt.datetime | None
    returned: int
    papers: int
    members: int


def work_of(branch: Unit, campaign_id: int | None, day: dt.date) -> Handed:
    """What lies open in a branch. Four statements."""
    of_branch = and_(Record.branch_id == branch.id, Record.campaign_id == campaign_id)
    waiting, oldest = db.session.execute(
        select(func.count(Record.id), func.min(Record.entered_at)).where(
            of_branch, Record.status == Status.SUBMITTED
        )
    ).one()
    returned = db.session.scalar(
        select(func.count(Record.id)).where(of_branch, Record.status == Status.RETURNED)
    )
    groups = select(Unit.id).where(Unit.parent_id == branch.id)
    papers = db.session.scalar(
        select(func.count(Paper.id)).where(
            Paper.keyed_at.is_(None), or_(Paper.unit_id == branch.id, Paper.unit_id.in_(groups))
        )
    )
    members = db.session.scalar(
        select(func.count(Membership.member_id.distinct())).where(
            Membership.branch_id == branch.id, holds_on(Membership.starts_on, Membership.ends_on, day)
        )
    )
    return Handed(waiting, oldest, returned or 0, papers or 0, members or 0)


def units_by_level() -> dict[UnitLevel, Sequence[Unit]]:
    """The units at which a role can be held, in the order of the plan."""
    units = db.session.scalars(
        select(Unit)
        .where(Unit.level != UnitLevel.COMMITTEE)
        .order_by(Unit.position, Unit.id)
        .options(joinedload(Unit.parent))
    ).all()
    return {
        level: [unit for unit in units if unit.level is level]
        for level in (UnitLevel.BRANCH, UnitLevel.GROUP, UnitLevel.SECTION)
    }


def present_member_by_number(number: str, day: dt.date) -> Member | None:
    """The member of that number, if on the roster of a day."""
    here = select(Membership.member_id).where(holds_on(Membership.starts_on, Membership.ends_on, day))
    return db.session.scalar(select(Member).where(Member.number == number, Member.id.in_(here)))
