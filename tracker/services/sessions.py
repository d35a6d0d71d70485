"""Signing in and out: what a browser may do from now on, and no longer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete, update

from tracker.db import db
from tracker.models import KnownDevice, TryCount, User, UserSession
from tracker.queries.users import device_of, user_by_login, user_by_name
from tracker.rules.passwords import LONGEST as LONGEST_PASSWORD
from tracker.rules.tokens import digest_of, new_token
from tracker.services.audit import record_event
from tracker.services.users import HASHER, LONGEST_LOGIN, check_password, hash_password

LONGEST_BROWSER = 80


@dataclass(frozen=True, slots=True)
class Account:
    """What a sign-in needs to know of an account, read before the slow comparison. Nothing of it is shown.

    user_id:      None where there is no such account.
    device_id:    of the known device that the browser showed; None for a strange one.
    password_hash: None where no password is right: no account, disabled, a slip that is too old.
    asks_code:    whether a second step follows.
    """

    user_id: int | None = None
    device_id: int | None = None
    password_hash: str | None = None
    asks_code: bool = False


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
    found = Account(
        user.id,
        device.id if device else None,
        user.password_hash if is_open else None,
        user.totp_secret is not None,
    )
    db.session.rollback()
    return found


def account_of(user: User, device_token: str) -> Account:
    """The account of somebody who is known already, for their second step or when they confirm themselves."""
    device = device_of(user.id, device_token)
    return Account(user.id, device.id if device else None, user.password_hash, user.totp_secret is not None)


def password_fits(account: Account, password: str) -> tuple[bool, str | None]:
    """Whether the password is right, and its hash with today's parameters if they were raised since."""
    is_right = check_password(account.password_hash, password[: LONGEST_PASSWORD + 1])
    if is_right and account.password_hash and HASHER.check_needs_rehash(account.password_hash):
        return True, hash_password(password)
    return is_right, None


def forget_tries(keys: list[str]) -> None:
    """After a right code: what was tried before counts no more. In the transaction that uses it up."""
    db.session.execute(delete(TryCount).where(TryCount.key.in_(keys)))


def renew_hash(account: Account, rehashed: str) -> None:
    """Keep a right password's hash with today's parameters, unless the password was changed meanwhile."""
    db.session.execute(
        update(User)
        .where(User.id == account.user_id, User.password_hash == account.password_hash)
        .values(password_hash=rehashed)
        .execution_options(synchronize_session=False)
    )


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


def end_sessions(
    user: User, *, by: User | None, at: dt.datetime, keep: str | None = None, device: str | None = None
) -> int:
    """End all sessions of an account, and forget its devices. Returns how many sessions there were.

    keep:   the token of the one session that stays.
    device: the token of the one device that stays known.
    """
    gone = delete(UserSession).where(UserSession.user_id == user.id)
    devices = delete(KnownDevice).where(KnownDevice.user_id == user.id)
    if keep:
        gone = gone.where(UserSession.digest != digest_of(keep))
    if device:
        devices = devices.where(KnownDevice.digest != digest_of(device))
    db.session.execute(devices)
    ended: int = db.session.execute(gone).rowcount  # type: ignore[attr-defined]  # a DELETE gives one
    record_event(by, "user:end_sessions", user, at)
    return ended


def end_session(user: User, session_id: int, *, at: dt.datetime) -> bool:
    """End one of somebody's own sessions; False if it is none of theirs."""
    gone = delete(UserSession).where(UserSession.id == session_id, UserSession.user_id == user.id)
    ended: int = db.session.execute(gone).rowcount  # type: ignore[attr-defined]  # a DELETE gives one
    if ended:
        record_event(user, "user:end_session", user, at, session_id=session_id)
    return ended == 1
