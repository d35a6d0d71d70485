"""The first acts of a new installation: the office's first account, and the bureau's name."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import exists, select, update

from tracker.db import db
from tracker.models import Grant, Role, Unit, UnitLevel, User
from tracker.queries.start import PLACEHOLDER
from tracker.rules.pinyin import pinyin_key
from tracker.rules.refusal import N_, Refused
from tracker.rules.rosters import names_branch
from tracker.services.accounts import VALID_FOR, Drawn, Slip
from tracker.services.audit import record_event
from tracker.services.records import CHANGED
from tracker.services.roster_checks import hold_root_committee
from tracker.services.users import add_user


def open_first_office(login: str, name: str, drawn: Drawn, *, by: User, at: dt.datetime) -> Slip:
    """Let the administrator open the office's first account; every other one is the office's own act.

    The grants of all administrators are locked, and the office is looked for only then: of two who do this
    at once, the second sees what the first one did.
    Raises Refused if the office has an account that is not disabled, and as `add_user` does.
    """
    locked = select(Grant.id).where(Grant.role == Role.ADMINISTRATOR).order_by(Grant.id).with_for_update()
    db.session.execute(locked).all()
    is_office = (Grant.role == Role.OFFICE) & (Grant.user_id == User.id) & User.is_disabled.is_(False)
    if db.session.scalar(select(exists().where(is_office))):
        raise Refused(N_("The party office has an account already. It opens all others."), "login")
    until = at + VALID_FOR
    user = add_user(
        login, name, Role.OFFICE, None, drawn.password_hash, by=by, at=at, slip_until=until
    )  # fmt: skip
    return Slip(user, None, drawn.password, until)


def name_bureau(name: str, *, seen: str, by: User, at: dt.datetime) -> None:
    """Give the bureau its name: that of the committee under which all branches hang.

    seen: the name as the page showed it, "" if it had none.
    Raises Refused for no name or a branch's; CHANGED if it was named otherwise meanwhile.
    """
    name = " ".join(name.split())
    if not name:
        raise Refused(N_("Write the name of your bureau."), "name")
    if names_branch(name):
        raise Refused(N_("This is the name of a branch. Write the name of the whole bureau."), "name")
    root = hold_root_committee()
    if root is None:
        if seen:
            raise Refused(CHANGED)
        root = Unit(level=UnitLevel.COMMITTEE, name=name, pinyin=pinyin_key(name, is_person=False))
        db.session.add(root)
        db.session.flush()  # the event needs its id
    else:
        if seen != ("" if root.code == PLACEHOLDER else root.name):
            raise Refused(CHANGED)
        named = {"name": name, "code": None, "pinyin": pinyin_key(name, is_person=False)}
        changed = db.session.execute(
            update(Unit).where(Unit.id == root.id, Unit.name == root.name).values(**named)
        )
        if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
            raise Refused(CHANGED)
    record_event(by, "unit:name", root, at)
