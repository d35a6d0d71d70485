"""How far an installation has come on its way from nothing to a running campaign."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, exists, func, select

from tracker.db import db
from tracker.models import Campaign, Grant, Membership, Record, Role, Status, Unit, UnitLevel, User
from tracker.queries.users import COMMAND_LINE
from tracker.rules.start import Facts

PLACEHOLDER = "placeholder"  # the code of a root committee that has no name of its own yet
# Who has an account before anybody else has one: it says nothing of the bureau's people.
FIRST = (Role.ADMINISTRATOR, Role.AUDITOR, Role.OFFICE)


def _grants(*where: Any) -> Any:
    return exists().where(Grant.user_id == User.id, User.is_disabled.is_(False), *where)


def start_facts() -> Facts:
    """What is there and what is not. One statement."""
    is_root = and_(Unit.level == UnitLevel.COMMITTEE, Unit.parent_id.is_(None))
    row = db.session.execute(
        select(
            _grants(Grant.role == Role.OFFICE),
            exists().where(is_root, func.coalesce(Unit.code, "") != PLACEHOLDER),
            exists().where(Membership.id.is_not(None)),
            exists().where(Campaign.id.is_not(None)),
            _grants(Grant.role.not_in(FIRST)),
            exists().where(Record.status == Status.VERIFIED),
        )
    ).one()
    return Facts(*(bool(value) for value in row))


def has_accounts() -> bool:
    """Whether anybody ever had an account here; the one of the command line is none."""
    return db.session.scalar(select(User.id).where(User.login != COMMAND_LINE).limit(1)) is not None


def branches_with_keeper() -> tuple[int, int]:
    """(branches with an account of a secretary or deputy, branches)."""
    of_branches = select(func.count(Unit.id)).where(Unit.level == UnitLevel.BRANCH)
    kept = _grants(Grant.unit_id == Unit.id, Grant.role.in_((Role.SECRETARY, Role.DEPUTY)))
    return db.session.scalar(of_branches.where(kept)) or 0, db.session.scalar(of_branches) or 0
