"""Accounts: their passwords, and signing in and out."""

from __future__ import annotations

import datetime as dt
import functools
import secrets
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import or_, update

from tracker.db import db
from tracker.models import Grant, Role, Unit, UnitLevel, User
from tracker.queries.users import user_by_login
from tracker.rules.refusal import N_, Refused
from tracker.services.audit import record_event

SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200
LONGEST_LOGIN = 64
HASHER = PasswordHasher()


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of comparing a password. No transaction is open while it is compared.

    user_id:  the account to count a failure against; None if there is none, or if it rests already.
    is_right: the password is that of an account that may sign in now.
    rehashed: its hash with today's parameters, if they were raised since.
    """

    user_id: int | None
    is_right: bool
    rehashed: str | None = None


def hash_password(password: str) -> str:
    """A salted Argon2id hash. Takes about a tenth of a second: call it before the first write."""
    return HASHER.hash(password)


@functools.cache
def _nobody() -> str:
    """A hash that no password fits: an unknown account takes as long as a known one."""
    return HASHER.hash(secrets.token_urlsafe(32))


def check_password(password_hash: str | None, password: str) -> bool:
    """Whether the password fits the hash; None costs the same time and is never right."""
    nobody = _nobody()  # drawn up at the first sign-in, whoever tries
    try:
        is_right = HASHER.verify(password_hash or nobody, password)
    except (Argon2Error, InvalidHashError):
        return False
    return bool(is_right) and password_hash is not None


def check_new_password(password: str) -> None:
    """Raises Refused if the password is too short or too long to be kept."""
    if len(password) < SHORTEST_PASSWORD:
        too_short = N_("Choose a password of at least %(least)d characters.")
        raise Refused(too_short, "password", least=SHORTEST_PASSWORD)
    if len(password) > LONGEST_PASSWORD:
        too_long = N_("Choose a password of at most %(most)d characters.")
        raise Refused(too_long, "password", most=LONGEST_PASSWORD)


def create_user(
    login: str, name: str, role: Role, unit: Unit | None, password: str, *, by: User | None, at: dt.datetime
) -> User:
    """A new account with one role.

    unit: the branch that a secretary keeps; the office and the auditor have the whole bureau (None).
    Raises Refused if the login is taken or empty, the password too short, or if role and unit do not fit.
    """
    login, name = login.strip(), " ".join(name.split())
    check_new_password(password)
    if not login or len(login) > LONGEST_LOGIN or any(char.isspace() for char in login):
        raise Refused(N_("A login has 1 to %(most)d characters without blanks."), "login", most=LONGEST_LOGIN)
    if not name:
        raise Refused(N_("Say whose account it is."), "name")
    if (role is Role.SECRETARY) != (unit is not None) or (unit and unit.level is not UnitLevel.BRANCH):
        raise Refused(N_("A secretary keeps one branch; the other roles have the whole bureau."), "unit")
    password_hash = hash_password(password)
    if user_by_login(login) is not None:
        raise Refused(N_("The login %(login)s is taken."), "login", login=login)
    user = User(login=login, name=name, password_hash=password_hash, session_salt=secrets.token_urlsafe(24))
    user.grants = [Grant(role=role, unit_id=unit.id if unit else None)]
    db.session.add(user)
    db.session.flush()  # the event needs the id
    record_event(by, "user:create", user, at, role=str(role), unit_id=unit.id if unit else None)
    return user


def set_password(user: User, password: str, *, by: User | None, at: dt.datetime) -> None:
    """Give an account another password; it ends its sessions and any rest after wrong tries."""
    check_new_password(password)
    user.password_hash = hash_password(password)
    user.session_salt = secrets.token_urlsafe(24)
    user.failed_count, user.locked_until = 0, None
    record_event(by, "user:set_password", user, at)


def compare_password(login: str, password: str, at: dt.datetime) -> Attempt:
    """Compare the password of a sign-in.

    The account is read in a transaction of its own that takes no lock and ends before the slow comparison:
    on SQLite nobody else could write meanwhile.
    """
    db.session.rollback()
    db.session.connection(execution_options={"read_only": True})
    user = user_by_login(login.strip()[:LONGEST_LOGIN])
    password_hash = user.password_hash if user else None
    user_id = user.id if user else None
    may_try = user is not None and user.is_active and not _rests(user, at)
    db.session.rollback()
    is_right = check_password(password_hash, password[: LONGEST_PASSWORD + 1]) and may_try
    rehashed = None
    if is_right and password_hash and HASHER.check_needs_rehash(password_hash):
        rehashed = hash_password(password)
    return Attempt(user_id if may_try else None, is_right, rehashed)


def _rests(user: User, at: dt.datetime) -> bool:
    return user.locked_until is not None and user.locked_until > at


def sign_in_user(attempt: Attempt, *, at: dt.datetime) -> User | None:
    """Note that somebody signed in. None if the account was locked or disabled in meanwhile."""
    values: dict[str, object] = {"failed_count": 0, "locked_until": None}
    if attempt.rehashed:
        values["password_hash"] = attempt.rehashed
    changed = db.session.execute(
        update(User)
        .where(
            User.id == attempt.user_id,
            User.is_disabled.is_(False),
            or_(User.locked_until.is_(None), User.locked_until <= at),
        )
        .values(values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        return None
    user = db.session.get_one(User, attempt.user_id)
    record_event(user, "user:sign_in", user, at)
    return user


def sign_out_user(user: User, *, at: dt.datetime) -> None:
    """End every session of the account: a cookie that was copied elsewhere is worth nothing from now on."""
    user.session_salt = secrets.token_urlsafe(24)
    record_event(user, "user:sign_out", user, at)
