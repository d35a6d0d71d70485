"""Accounts: who has one, and its password."""

from __future__ import annotations

import datetime as dt
import functools
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import select

from tracker.db import db
from tracker.models import LEVELS, Grant, Member, Role, Unit, User
from tracker.queries.users import user_by_login
from tracker.rules.refusal import N_, Refused
from tracker.services.audit import record_event

SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200
LONGEST_LOGIN = 64
COMMAND_LINE = "命令行"
HASHER = PasswordHasher()


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


def check_role(role: Role, unit: Unit | None, member: Member | None) -> None:
    """Raises Refused if a role cannot be held at that unit, or by an account of nobody on the roster."""
    if LEVELS.get(role) is not (unit.level if unit else None):
        raise Refused(N_("This role is held at another sort of unit, or at none."), "unit")
    if role is Role.MEMBER and member is None:
        raise Refused(N_("Say which member the account belongs to."), "member")


def create_user(
    login: str,
    name: str,
    role: Role,
    unit: Unit | None,
    password: str,
    *,
    by: User | None,
    at: dt.datetime,
    member: Member | None = None,
) -> User:
    """A new account with one role. An account of a member is a member's, whatever else it is for.

    unit:   where the role is held (models.LEVELS says at what); None for roles of the whole bureau.
    member: whose account it is, if they are on the roster.
    Raises Refused if the login is taken or empty, the password too short, or if role and unit do not fit.
    """
    login, name = login.strip(), " ".join(name.split())
    check_new_password(password)
    if not login or len(login) > LONGEST_LOGIN or any(char.isspace() for char in login):
        raise Refused(N_("A login has 1 to %(most)d characters without blanks."), "login", most=LONGEST_LOGIN)
    if not name:
        raise Refused(N_("Say whose account it is."), "name")
    check_role(role, unit, member)
    password_hash = hash_password(password)
    if user_by_login(login) is not None:
        raise Refused(N_("The login %(login)s is taken."), "login", login=login)
    user = User(login=login, name=name, password_hash=password_hash, member_id=member.id if member else None)
    user.grants = [Grant(role=role, unit_id=unit.id if unit else None)]
    if member and role is not Role.MEMBER:
        user.grants.append(Grant(role=Role.MEMBER))
    db.session.add(user)
    db.session.flush()  # the event needs the id
    record_event(by, "user:create", user, at, role=str(role), unit_id=unit.id if unit else None)
    return user


def set_password(user: User, password: str, *, by: User | None, at: dt.datetime) -> None:
    """Give an account a password of its owner's choice. Its sessions are ended by services.sessions."""
    check_new_password(password)
    user.password_hash = hash_password(password)
    user.must_change, user.slip_until = False, None
    record_event(by, "user:set_password", user, at)


def command_line_user() -> User:
    """The account in whose name the command line enters and verifies rows.

    It is a real row, since records name who entered them, but disabled and without a password: nobody can
    sign in with it.
    """
    user = db.session.scalar(select(User).where(User.login == COMMAND_LINE))
    if user is None:
        user = User(login=COMMAND_LINE, name=COMMAND_LINE, password_hash="", is_disabled=True)
        db.session.add(user)
        db.session.flush()  # records need its id
    return user
