"""Who may do what where, now: accounts and their roles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import contains_eager, joinedload

from tracker.db import db
from tracker.models import Grant, Role, Unit, UnitLevel, User
from tracker.queries.paging import PER_PAGE, Page, page_within

# As a reader goes through them: the whole bureau, then each branch with its groups, then the sections.
ORDER = {role: position for position, role in enumerate(Role)}
WAITING_SLIP = and_(User.must_change.is_(True), User.slip_until.is_not(None), User.is_disabled.is_(False))


@dataclass(frozen=True, slots=True)
class Accounts:
    """How many accounts there are.

    roles:    role → accounts that hold it and are not disabled.
    total:    accounts of people, disabled ones included; the one of the command line is none.
    slips:    accounts whose printed password was not used yet.
    """

    roles: dict[Role, int]
    total: int
    disabled: int
    slips: int


def _of_people() -> ColumnElement[bool]:
    """Accounts that somebody can sign in with, or could before they were disabled."""
    return User.password_hash != ""


def accounts_counted() -> Accounts:
    """The numbers above the table of roles. Two statements."""
    held = db.session.execute(
        select(Grant.role, func.count(Grant.user_id.distinct()))
        .join(User, User.id == Grant.user_id)
        .where(User.is_disabled.is_(False))
        .group_by(Grant.role)
    )
    roles = {row[0]: row[1] for row in held}
    row = db.session.execute(
        select(
            func.count(User.id),
            func.count(case((User.is_disabled.is_(True), 1))),
            func.count(case((WAITING_SLIP, 1))),
        ).where(_of_people())
    ).one()
    return Accounts({role: roles.get(role, 0) for role in Role}, row[0], row[1], row[2])


def grants_page(page: int) -> Page[Grant]:
    """Every role beyond a member's own: the whole bureau first, then branch by branch, then the sections.

    Fifty a page; three statements.
    """
    where = Grant.role != Role.MEMBER
    total = db.session.scalar(select(func.count(Grant.id)).where(where)) or 0
    at = page_within(page, total)
    parent = Unit.__table__.alias("parent")
    level = case((Grant.unit_id.is_(None), 0), (Unit.level == UnitLevel.SECTION, 2), else_=1)
    of_branch = case((Unit.level == UnitLevel.GROUP, Unit.parent_id), else_=Unit.id)
    place: Any = func.coalesce(parent.c.position, Unit.position, 0)
    role = case({str(one): position for one, position in ORDER.items()}, value=Grant.role)
    rows = db.session.scalars(
        select(Grant)
        .join(Grant.user)
        .outerjoin(Grant.unit)
        .outerjoin(parent, and_(parent.c.id == Unit.parent_id, Unit.level == UnitLevel.GROUP))
        .where(where)
        .order_by(level, place, of_branch, Unit.level, Unit.position, Unit.id, role, User.login, Grant.id)
        .limit(PER_PAGE)
        .offset((at - 1) * PER_PAGE)
        .options(contains_eager(Grant.user), contains_eager(Grant.unit).selectinload(Unit.parent))
    ).all()
    return Page(rows, at, total)


def users_page(*, disabled: bool, page: int) -> Page[User]:
    """The disabled accounts, or those whose slip was not used yet; fifty a page."""
    where = [_of_people(), User.is_disabled.is_(True)] if disabled else [WAITING_SLIP]
    total = db.session.scalar(select(func.count(User.id)).where(*where)) or 0
    at = page_within(page, total)
    rows = db.session.scalars(
        select(User)
        .where(*where)
        .order_by(User.login, User.id)
        .limit(PER_PAGE)
        .offset((at - 1) * PER_PAGE)
        .options(joinedload(User.member))
    ).all()
    return Page(rows, at, total)
