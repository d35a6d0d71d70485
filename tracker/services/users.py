"""Accounts: who has one, and its password."""

from __future__ import annotations

import datetime as dt
import functools
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import select

from tracker.db import db
from tracker.files.common_passwords import common_passwords
from tracker.models import Grant, Member, Membership, Role, Unit, UnitLevel, User
from tracker.queries.users import COMMAND_LINE, user_by_login
from tracker.rules.grants import check_place, check_roles
from tracker.rules.passwords import Profile, check_new_password
from tracker.rules.refusal import N_, Refused
from tracker.services.audit import record_event

LONGEST_LOGIN = 64
HASHER = PasswordHasher()
# For drawn first passwords: 59 random bits for a week need no slow hash (docs/decisions/0009-slips.md).
SLIP_HASHER = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)


def hash_password(password: str) -> str:
    """A salted Argon2id hash. Takes about a tenth of a second: call it before the first write."""
    return HASHER.hash(password)


@functools.cache
def _nobody() -> str:
    """A hash that no password fits: an unknown account takes as long as a known one."""
    return HASHER.hash(secrets.token_urlsafe(32))


def check_password(password_hash: str | None, password: str) -> bool:
    """Whether the password fits the hash. None is never right; that and a quick hash cost the same time."""
    nobody = _nobody()  # drawn up at the first sign-in, whoever tries
    if password_hash is None or _is_quick(password_hash):
        _fits(nobody, password)
    return password_hash is not None and _fits(password_hash, password)


def _fits(password_hash: str, password: str) -> bool:
    try:
        return bool(HASHER.verify(password_hash, password))
    except (Argon2Error, InvalidHashError):
        return False


def _is_quick(password_hash: str) -> bool:
    """Whether it is the hash of a slip, which would tell by its haste that the account is new."""
    try:
        return not SLIP_HASHER.check_needs_rehash(password_hash)
    except InvalidHashError:
        return True


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
    about = [login, name, *([member.number] if member else [])]
    check_new_password(password, about=about, common=common_passwords())
    password_hash = hash_password(password)
    return add_user(login, name, role, unit, password_hash, by=by, at=at, member=member)


def add_user(
    login: str,
    name: str,
    role: Role,
    unit: Unit | None,
    password_hash: str,
    *,
    by: User | None,
    at: dt.datetime,
    member: Member | None = None,
    slip_until: dt.datetime | None = None,
) -> User:
    """As `create_user`, with a hash that is there already.

    slip_until: the password is a drawn one: it opens nothing after this moment, and must be changed.
    """
    login, name = login.strip(), " ".join(name.split())
    if not login or len(login) > LONGEST_LOGIN or any(char.isspace() for char in login):
        raise Refused(N_("A login has 1 to %(most)d characters without blanks."), "login", most=LONGEST_LOGIN)
    if not name:
        raise Refused(N_("Say whose account it is."), "name")
    check_place(role, unit.level if unit else None, is_member=member is not None)
    roles = {role, Role.MEMBER} if member else {role}
    check_roles(roles)
    if user_by_login(login) is not None:
        raise Refused(N_("The login %(login)s is taken."), "login", login=login)
    user = User(
        login=login, name=name, password_hash=password_hash, password_at=at,
        member_id=member.id if member else None,
        must_change=slip_until is not None, slip_until=slip_until,
    )  # fmt: skip
    user.grants = [Grant(role=role, unit_id=unit.id if unit else None)]
    user.grants += [Grant(role=other) for other in roles - {role}]
    db.session.add(user)
    db.session.flush()  # the event needs the id
    record_event(by, "user:create", user, at, role=str(role), unit_id=unit.id if unit else None)
    return user


def set_password(user: User, password: str, *, by: User | None, at: dt.datetime) -> None:
    """Give an account a password of its owner's choice. Its sessions are ended by services.sessions."""
    check_new_password(password, about=[user.login, user.name], common=common_passwords())
    user.password_hash, user.password_at = hash_password(password), at
    user.must_change, user.slip_until = False, None
    record_event(by, "user:set_password", user, at)


def check_choice(user: User, password: str, *, old: str | None, profile: Profile) -> None:
    """Raises Refused if somebody may not choose this password: it is weak, tells who they are, or was theirs.

    Compares hashes, which takes long: call it outside of a transaction that writes.
    """
    member = user.member
    groups = select(Membership.group_id).where(Membership.member_id == user.member_id)
    named = Unit.level.in_((UnitLevel.COMMITTEE, UnitLevel.BRANCH)) | Unit.id.in_(groups)
    places = db.session.scalars(select(Unit.name).where(named).distinct()).all()
    about = [user.login, user.name, *([member.name, member.number] if member else [])]
    check_new_password(
        password, about=about, places=places, old=old, profile=profile, common=common_passwords()
    )
    if any(_fits(str(former), password) for former in user.former_hashes[: profile.remembered]):
        raise Refused(N_("You had this password before. Choose another one."), "password")


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
