"""Who may do what where: roles are given, taken, and handed on."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, func, select

from tracker.db import db
from tracker.models import Grant, Role, Unit, User
from tracker.queries.access import KEEPERS
from tracker.queries.accounts import successors_in
from tracker.rules.grants import check_place, check_roles
from tracker.rules.refusal import N_, Refused
from tracker.services.audit import record_event
from tracker.services.records import CHANGED


def _hold(*users: User) -> None:
    """Keep the accounts' grants to this transaction: two who change one account do so one after the other."""
    ids = sorted(user.id for user in users)
    db.session.execute(select(User.id).where(User.id.in_(ids)).order_by(User.id).with_for_update()).all()
    for user in users:
        db.session.expire(user, ["grants"])


def check_office_stays(user: User) -> None:
    """Raises Refused if the office would have no account any more without `user`.

    All grants of the office are locked in the order of their ids, and counted only then: of two who take the
    last two away at once, the second sees what the first one did.
    """
    locked = select(Grant.id).where(Grant.role == Role.OFFICE).order_by(Grant.id).with_for_update()
    db.session.execute(locked).all()
    others = db.session.scalar(
        select(func.count(Grant.id))
        .join(User, User.id == Grant.user_id)
        .where(Grant.role == Role.OFFICE, User.is_disabled.is_(False), User.id != user.id)
    )
    if not others:
        raise Refused(N_("This is the last account of the office. Give somebody else the role first."))


def give_role(user: User, role: Role, unit: Unit | None, *, by: User, at: dt.datetime) -> Grant:
    """Let an account do what a role allows, at a unit or (None) in the whole bureau.

    Raises Refused if role and unit do not fit, if it holds the role there already, or if its roles do not go
    together.
    """
    _hold(user)
    check_place(role, unit.level if unit else None, is_member=user.member_id is not None)
    unit_id = unit.id if unit else None
    if any(grant.role is role and grant.unit_id == unit_id for grant in user.grants):
        raise Refused(N_("The account holds this role already."), "role")
    check_roles({grant.role for grant in user.grants} | {role})
    grant = Grant(user_id=user.id, role=role, unit_id=unit_id)
    db.session.add(grant)
    db.session.flush()
    record_event(by, "grant:give", user, at, role=str(role), unit_id=unit_id)
    db.session.expire(user, ["grants"])
    return grant


def revoke_role(user: User, grant_id: int, *, by: User, at: dt.datetime) -> None:
    """Take one role away. Raises Refused if it is the office's last one; CHANGED if it is gone already."""
    grant = next((grant for grant in user.grants if grant.id == grant_id), None)
    if grant is None:
        raise Refused(CHANGED)
    role, unit_id = grant.role, grant.unit_id
    if role is Role.OFFICE:
        check_office_stays(user)
    db.session.expire(user, ["grants"])
    gone = db.session.execute(
        delete(Grant)
        .where(Grant.id == grant_id, Grant.user_id == user.id)
        .execution_options(synchronize_session=False)
    )
    if gone.rowcount != 1:  # type: ignore[attr-defined]  # a DELETE gives a CursorResult
        raise Refused(CHANGED)
    db.session.expunge(grant)  # SQLite gives its id to the next one
    record_event(by, "grant:revoke", user, at, role=str(role), unit_id=unit_id)


def hand_over(
    branch: Unit, grant_id: int, holder: User, successor: User, *, by: User, at: dt.datetime, today: dt.date
) -> None:
    """Pass a secretary's or deputy's role on, in one act; what the branch has lying open stays where it is.

    grant_id:  the holder's grant, as it was seen.
    successor: an account of a member of the branch.
    Raises Refused if the successor is not of the branch or has the role; CHANGED if the holder lost it.
    """
    _hold(holder, successor)
    grant = next((grant for grant in holder.grants if grant.id == grant_id), None)
    if grant is None or grant.unit_id != branch.id or grant.role not in KEEPERS:
        raise Refused(CHANGED)
    if successor.id not in {user.id for user in successors_in(branch, today)}:
        raise Refused(N_("Choose somebody who belongs to the branch today and has an account."), "to")
    role = grant.role
    revoke_role(holder, grant_id, by=by, at=at)
    give_role(successor, role, branch, by=by, at=at)
