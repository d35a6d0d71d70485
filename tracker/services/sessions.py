"""Signing in and out: what a browser may do from now on, and no longer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete, update

from tracker.db import db
from tracker.models import KnownDevice, User, UserSession
from tracker.queries.users import device_of, user_by_login, user_by_name
from tracker.rules.tokens import digest_of, new_token
from tracker.services.audit import record_event
from tracker.services.users import (
    HASHER,
    LONGEST_LOGIN,
    LONGEST_PASSWORD,
    check_password,
    hash_password,
)

LONGEST_BROWSER = 80


@dataclass(frozen=True, slots=True)
class Account:
    """What a sign-in needs to know of an account, read before the slow comparison. Nothing of it is shown.

    user_id:      None where there is no such account.
    device_id:    of the known device that the browser showed; None for a strange one.
    password_hash: None where no password is right: no account, disabled, a slip that is too old.
    """

    user_id: int | None = None
    device_id: int | None = None
    password_hash: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session: the tokens for the browser's two cookies."""

    user: User
    session_token: str
    device_token: str


def find_account(login: str, branch: str, device_token: str, *, at: dt.datetime, today: dt.date) -> Account:
    """The account that somebody names by login, or by name and branch.

    It is read in a transaction of its own that takes no lock and ends before the slow comparison: on SQLite
    nobody else could write meanwhile.
    """
    db.session.rollback()
    db.session.connection(execution_options={"read_only": True})
    login = login.strip()[:LONGEST_LOGIN]
    user = user_by_login(login) or user_by_name(login, branch, today)
    if user is None:
        db.session.rollback()
        return Account()
    device = device_of(user.id, device_token)
    is_open = user.is_active and (user.slip_until is None or user.slip_until > at)
    found = Account(user.id, device.id if device else None, user.password_hash if is_open else None)
    db.session.rollback()
    return found


def password_fits(account: Account, password: str) -> tuple[bool, str | None]:
    """Whether the password is right, and its hash with today's parameters if they were raised since."""
    is_right = check_password(account.password_hash, password[: LONGEST_PASSWORD + 1])
    if is_right and account.password_hash and HASHER.check_needs_rehash(account.password_hash):
        return True, hash_password(password)
    return is_right, None


def sign_in_user(
    user_id: int, *, rehashed: str | None, browser: str, device_token: str, at: dt.datetime
) -> Opened | None:
    """Open a session with a new token. None if the account was disabled in meanwhile.

    browser:      in words, so that somebody tells their sessions apart.
    device_token: of the browser's cookie; kept if it is the account's own, else a new one is given out.
    """
    values: dict[str, object] = {"signed_in_at": at} | ({"password_hash": rehashed} if rehashed else {})
    changed = db.session.execute(
        update(User)
        .where(User.id == user_id, User.is_disabled.is_(False))
        .values(values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        return None
    user = db.session.get_one(User, user_id, populate_existing=True)
    token = new_token()
    row = UserSession(
        digest=digest_of(token), user_id=user.id, browser=browser[:LONGEST_BROWSER], started_at=at, seen_at=at
    )
    db.session.add(row)
    device = device_of(user.id, device_token)
    if device is None:
        device_token = new_token()
        db.session.add(KnownDevice(user_id=user.id, digest=digest_of(device_token), used_at=at))
    else:
        device.used_at = at
    db.session.flush()
    record_event(user, "user:sign_in", user, at, session_id=row.id)
    user.token, user.session_id, user.seen_at = token, row.id, at
    return Opened(user, token, device_token)


def sign_out_user(user: User, *, at: dt.datetime) -> None:
    """End the session of this request: its cookie, wherever it was copied, is worth nothing from now on."""
    db.session.execute(delete(UserSession).where(UserSession.digest == digest_of(user.token)))
    record_event(user, "user:sign_out", user, at)


def end_sessions(user: User, *, by: User | None, at: dt.datetime, keep: str | None = None) -> None:
    """End all sessions of an account, and forget its devices; `keep` is the token of one that stays."""
    gone = delete(UserSession).where(UserSession.user_id == user.id)
    devices = delete(KnownDevice).where(KnownDevice.user_id == user.id)
    if keep:
        gone = gone.where(UserSession.digest != digest_of(keep))
    else:
        db.session.execute(devices)
    db.session.execute(gone)
    record_event(by, "user:end_sessions", user, at)


def end_session(user: User, session_id: int, *, at: dt.datetime) -> bool:
    """End one of somebody's own sessions; False if it is none of theirs."""
    gone = delete(UserSession).where(UserSession.id == session_id, UserSession.user_id == user.id)
    ended: int = db.session.execute(gone).rowcount  # type: ignore[attr-defined]  # a DELETE gives one
    if ended:
        record_event(user, "user:end_session", user, at, session_id=session_id)
    return ended == 1
