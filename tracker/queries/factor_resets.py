"""Requests to take a second step away: which are open, and who could confirm one."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.models import FactorReset, Grant, ResetState, Role, User
from tracker.queries.access import is_office
from tracker.rules.factor_resets import LASTS


def holds(at: dt.datetime) -> ColumnElement[bool]:
    """Which requests can be confirmed at a moment."""
    return (FactorReset.state == ResetState.OPEN) & (FactorReset.asked_at > at - LASTS)


def open_resets(at: dt.datetime) -> list[FactorReset]:
    """All that wait for a second person, the oldest first."""
    return list(
        db.session.scalars(
            select(FactorReset)
            .where(holds(at))
            .order_by(FactorReset.asked_at, FactorReset.id)
            .options(joinedload(FactorReset.user), joinedload(FactorReset.asked_by))
        )
    )


def open_reset(user: User, at: dt.datetime) -> FactorReset | None:
    """The one that waits for an account, if any."""
    return db.session.scalar(select(FactorReset).where(FactorReset.user_id == user.id, holds(at)))


def last_done(user: User) -> FactorReset | None:
    """When an account's second step was last taken away by others, and by whom."""
    return db.session.scalar(
        select(FactorReset)
        .where(FactorReset.user_id == user.id, FactorReset.state == ResetState.DONE)
        .order_by(FactorReset.id.desc())
        .limit(1)
    )


def has_confirmer(user: User, by: User) -> bool:
    """Whether a third account of the office could confirm what `by` asks for `user`."""
    found = exists().where(
        Grant.user_id == User.id,
        Grant.role == Role.OFFICE,
        User.is_disabled.is_(False),
        User.id.not_in((user.id, by.id)),
    )
    return bool(db.session.scalar(select(found)))


def reset_for(user: User, reset_id: int) -> FactorReset | None:
    """The request with that id; they are the office's."""
    return db.session.get(FactorReset, reset_id) if is_office(user) else None
