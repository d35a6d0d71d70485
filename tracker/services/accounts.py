"""First passwords on slips of paper, passwords of one's own, and accounts that are shut."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, update

from tracker.db import db
from tracker.models import KnownDevice, Member, Role, Unit, User, UserSession
from tracker.rules.refusal import N_, Refused
from tracker.rules.tokens import new_slip_password
from tracker.services.audit import record_event
from tracker.services.grants import check_office_stays
from tracker.services.records import CHANGED
from tracker.services.sessions import end_sessions
from tracker.services.users import SLIP_HASHER, add_user

VALID_FOR = dt.timedelta(days=7)
MOST_REMEMBERED = 5  # passwords before, of which a profile refuses some
MOST_SLIPS = 500


@dataclass(frozen=True, slots=True)
class Drawn:
    """A first password, and what the database keeps of it."""

    password: str
    password_hash: str


@dataclass(frozen=True, slots=True)
class Slip:
    """What stands on one slip. It is shown once and stored nowhere."""

    user: User
    unit: Unit | None
    password: str
    until: dt.datetime


def draw(count: int) -> list[Drawn]:
    """So many first passwords with their hashes. Call it before the first write."""
    passwords = [new_slip_password() for _ in range(count)]
    return [Drawn(password, SLIP_HASHER.hash(password)) for password in passwords]


def issue_slips(
    people: Sequence[tuple[Member, Unit, User | None]], drawn: Sequence[Drawn], *, by: User, at: dt.datetime
) -> list[Slip]:
    """Open an account for each member who has none, draw a new first password for the others.

    people: members, branches, accounts, as `queries.accounts.people_to_issue` gives them.
    drawn:  as many passwords.
    Raises Refused if nobody was chosen, if there are other people than were counted, or if one of the
    accounts is disabled or was given another password meanwhile.
    """
    if not people:
        raise Refused(N_("Choose at least one member."), "member")
    if len(people) > MOST_SLIPS:
        raise Refused(N_("Print at most %(most)d slips at once."), "member", most=MOST_SLIPS)
    if len(people) != len(drawn):
        raise Refused(CHANGED)
    slips, until = [], at + VALID_FOR
    for (member, unit, user), one in zip(people, drawn, strict=True):
        if user is None:
            user = add_user(
                member.number, member.name, Role.MEMBER, None, one.password_hash,
                by=by, at=at, member=member, slip_until=until,
            )  # fmt: skip
        else:
            renew_slip(user, one, by=by, at=at)
        slips.append(Slip(user, unit, one.password, until))
    return sorted(slips, key=lambda slip: (slip.unit.position if slip.unit else 0, slip.user.login))


def renew_slip(user: User, drawn: Drawn, *, by: User, at: dt.datetime) -> Slip:
    """Give an account a new first password: the old one opens nothing, its browsers are signed out.

    A second factor stays: who has the slip has not yet the device. Raises Refused if the account is disabled
    or was given another password meanwhile.
    """
    if user.is_disabled:
        raise Refused(
            N_("The account %(login)s is disabled. The party office can enable it."), login=user.login
        )
    until = at + VALID_FOR
    changed = db.session.execute(
        update(User)
        .where(User.id == user.id, User.password_hash == user.password_hash, User.is_disabled.is_(False))
        .values(
            password_hash=drawn.password_hash,
            password_at=at,
            must_change=True,
            slip_until=until,
            former_hashes=_former(user, user.password_hash),
        )
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        raise Refused(CHANGED)
    db.session.execute(delete(UserSession).where(UserSession.user_id == user.id))
    db.session.execute(delete(KnownDevice).where(KnownDevice.user_id == user.id))
    record_event(by, "user:slip", user, at)
    return Slip(user, None, drawn.password, until)


def change_password(
    user: User, old_hash: str, new_hash: str, *, at: dt.datetime, device: str | None = None
) -> None:
    """A password of the owner's own choice. All other browsers are signed out, other devices known no more.

    old_hash: of the password that the owner typed, as it was when it was compared.
    device:   token of the device that stays known.
    Raises Refused if the password was changed meanwhile.
    """
    changed = db.session.execute(
        update(User)
        .where(User.id == user.id, User.password_hash == old_hash)
        .values(
            password_hash=new_hash,
            password_at=at,
            must_change=False,
            slip_until=None,
            former_hashes=_former(user, old_hash),
            wants_tour=_still_wants(user),
        )
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Refused(CHANGED)
    record_event(user, "user:set_password", user, at)
    end_sessions(user, by=user, at=at, keep=user.token, device=device)


def _former(user: User, old_hash: str) -> list[str]:
    """The hashes of the passwords before the new one; a slip's is none of somebody's own choice."""
    own = [] if user.must_change and user.slip_until else [old_hash]
    return [*own, *user.former_hashes][:MOST_REMEMBERED]


def _still_wants(user: User) -> bool | None:
    """A tour is offered after the first slip only: who said no is asked no more, whatever slips follow."""
    return True if user.must_change and user.wants_tour is None else user.wants_tour


def disable_user(user: User, *, by: User, at: dt.datetime) -> None:
    """Shut an account: nobody signs in with it, and whoever is signed in is out.

    Raises Refused for one's own account and for the last one of the office; CHANGED if it is shut already.
    """
    if user.id == by.id:
        raise Refused(N_("Nobody disables their own account. Somebody else of the office can."))
    if any(grant.role is Role.OFFICE for grant in user.grants):
        check_office_stays(user)
    _switch(user, True)
    record_event(by, "user:disable", user, at)
    end_sessions(user, by=by, at=at)


def enable_user(user: User, *, by: User, at: dt.datetime) -> None:
    """Open an account again, with the password it had. Raises Refused if it is open."""
    _switch(user, False)
    record_event(by, "user:enable", user, at)


def _switch(user: User, is_disabled: bool) -> None:
    changed = db.session.execute(
        update(User)
        .where(User.id == user.id, User.is_disabled.is_(not is_disabled))
        .values(is_disabled=is_disabled)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Refused(CHANGED)
