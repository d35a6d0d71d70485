"""The demo bureau: whether it is loaded, what of it there is, and what does not belong to it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, exists, func, select

from tracker.db import db
from tracker.models import (
    Batch,
    BatchState,
    Bulletin,
    Campaign,
    Grant,
    Member,
    Record,
    Role,
    Unit,
    User,
)
from tracker.queries.users import COMMAND_LINE


def demo_campaign() -> Campaign | None:
    """The demo's campaign; None where no demo is loaded."""
    found = db.session.scalars(select(Campaign).order_by(Campaign.id)).all()
    return next((campaign for campaign in found if campaign.demo is not None), None)


def is_empty() -> bool:
    """Whether nothing is there but accounts of administrators."""
    runs_machine = exists().where(Grant.user_id == User.id, Grant.role == Role.ADMINISTRATOR)
    others = select(User.id).where(User.login != COMMAND_LINE, ~runs_machine)
    statements = (select(Campaign.id), select(Unit.id), select(Member.id), select(Batch.id), others)
    return all(db.session.scalar(statement.limit(1)) is None for statement in statements)


def kept_users(campaign: Campaign) -> list[int]:
    """Accounts that stay when the demo goes: administrators that it did not bring, and the command line."""
    demo: Any = campaign.demo
    of_machine = exists().where(Grant.user_id == User.id, Grant.role == Role.ADMINISTRATOR)
    stays = ((User.login == COMMAND_LINE) | of_machine) & User.id.not_in(demo["users"])
    return list(db.session.scalars(select(User.id).where(stays).order_by(User.id)))


def held_by_demo() -> dict[str, int]:
    """How much there is: members, records, accounts, imports and bulletins, tried out or loaded."""
    models: dict[str, Any] = {"members": Member, "records": Record, "imports": Batch, "bulletins": Bulletin}
    return {name: _count(model.id) for name, model in models.items()}


def in_the_way(campaign: Campaign) -> dict[str, int]:
    """What is no part of the demo, and so would be lost: noun → how many. Empty where nothing is.

    An account of an invented member is the demo's, whoever opened it, and a disabled one is nobody's. What
    accounts of the demo entered about its people was entered to try it. People who were added, files that
    were brought in and other campaigns may be real.
    """
    demo: Any = campaign.demo
    real = User.id.not_in([*demo["users"], *kept_users(campaign)]) & User.is_disabled.is_(False)
    counts = {
        "campaigns": _count(Campaign.id, Campaign.id != campaign.id),
        "members": _count(Member.id, Member.id > demo["member"]),
        "imports": _count(Batch.id, Batch.id > demo["batch"], Batch.state == BatchState.COMMITTED),
        "accounts": _count(User.id, real, User.member_id.is_(None)),
    }
    return {name: count for name, count in counts.items() if count}


def _count(column: Any, *where: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count(column)).where(*where)) or 0
