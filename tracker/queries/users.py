"""Accounts, and who is signed in."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.models import KnownDevice, Member, Membership, Unit, User, UserSession
from tracker.queries.rosters import holds_on
from tracker.rules.cells import plain
from tracker.rules.tokens import digest_of

LONGEST_TOKEN = 100
COMMAND_LINE = "命令行"  # the login of the account in whose name commands enter rows; nobody signs in with it


def is_over(
    seen_at: dt.datetime, started_at: dt.datetime, at: dt.datetime, idle: dt.timedelta, longest: dt.timedelta
) -> bool:
    """Whether a session rested too long or is too old."""
    return seen_at <= at - idle or started_at <= at - longest


def user_of_session(token: str, at: dt.datetime, idle: dt.timedelta, longest: dt.timedelta) -> User | None:
    """The account of a signed-in browser; None if the session was ended, rested too long or is too old.

    token: what the browser's cookie says; only its digest is stored.
    """
    if not token or len(token) > LONGEST_TOKEN:
        return None
    row = db.session.scalar(
        select(UserSession)
        .where(UserSession.digest == digest_of(token))
        .options(joinedload(UserSession.user))
        .execution_options(populate_existing=True)
    )
    if row is None or is_over(row.seen_at, row.started_at, at, idle, longest):
        return None
    user = row.user
    user.token, user.session_id, user.seen_at = token, row.id, row.seen_at
    user.works_in = row.campaign_id or 0
    return user if user.is_active else None


def sessions_of(user: User, at: dt.datetime, idle: dt.timedelta, longest: dt.timedelta) -> list[UserSession]:
    """The browsers in which somebody is signed in now, the last seen first."""
    return list(
        db.session.scalars(
            select(UserSession)
            .where(
                UserSession.user_id == user.id,
                UserSession.seen_at > at - idle,
                UserSession.started_at > at - longest,
            )
            .order_by(UserSession.seen_at.desc(), UserSession.id.desc())
        )
    )


def user_by_login(login: str) -> User | None:
    """The account with that login, whatever its capitals and width."""
    wanted = plain(login)
    found = db.session.scalar(select(User).where(User.login == login))
    return found or db.session.scalar(
        select(User).where(func.lower(User.login) == wanted).order_by(User.id).limit(1)
    )


def user_by_name(name: str, branch: str, today: dt.date) -> User | None:
    """The account of the only member of that name in the branch whose name holds `branch`; None otherwise."""
    wanted, within = plain(name), plain(branch)
    if not wanted or not within:
        return None
    rows = db.session.execute(
        select(User, Member.name, Unit.name)
        .join(Member, Member.id == User.member_id)
        .join(Membership, Membership.member_id == Member.id)
        .join(Unit, Unit.id == Membership.branch_id)
        .where(holds_on(Membership.starts_on, Membership.ends_on, today))
        .where(Member.name.in_((name.strip(), wanted)))
        .order_by(User.id)
    ).all()
    found = {row[0].id: row[0] for row in rows if plain(row[1]) == wanted and within in plain(row[2])}
    return next(iter(found.values())) if len(found) == 1 else None


def device_of(user_id: int, token: str) -> KnownDevice | None:
    """The device that this token stands for, if it is one of the account's."""
    if not token or len(token) > LONGEST_TOKEN:
        return None
    return db.session.scalar(
        select(KnownDevice).where(KnownDevice.digest == digest_of(token), KnownDevice.user_id == user_id)
    )
