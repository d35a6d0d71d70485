"""What must survive a refused request: tries of passwords, turns, denied access, readings. Each in its own
short transaction."""

from __future__ import annotations

import datetime as dt
import hashlib

from sqlalchemy import case, delete, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.db import db
from tracker.models import AuditEvent, OpenedWhy, ScreenLink, SealedOpening, TryCount, UserSession
from tracker.profiles import profile_here
from tracker.rules.cells import plain
from tracker.rules.passwords import PROFILES

TRIES, WITHIN = 10, dt.timedelta(hours=1)  # of one account, one unknown login, or one known device
ALL_TRIES, ALL_WITHIN = 1000, dt.timedelta(minutes=5)  # of everybody together, known devices apart
TURNS_WITHIN = dt.timedelta(hours=1)
FORGOTTEN_AFTER = dt.timedelta(days=1)
LONGEST_KEY = 80
EVERYBODY = "everybody"
CHECKS = "checks"  # of certificates, by whoever has one in hand
SCREENS = "screens"  # addresses of screens that nobody was given
SHARED = (EVERYBODY, CHECKS, SCREENS)  # what all use up together


def limits() -> tuple[int, dt.timedelta]:
    """How many wrong passwords an account takes within how long; then it rests for so long."""
    profile = profile_here()
    return (TRIES, WITHIN) if profile is PROFILES["default"] else (profile.tries, profile.rest)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _apart() -> Session:
    """A session of its own. The request's is rolled back first: SQLite has one write lock."""
    db.session.rollback()
    return Session(bind=db.session.get_bind(), join_transaction_mode="create_savepoint")


def _note(session: Session, action: str, subject_type: str, subject_id: int | None, **values: object) -> None:
    actor_id = values.pop("actor_id", None)
    session.execute(
        insert(AuditEvent).values(
            at=_now(), actor_id=actor_id, action=action, subject_type=subject_type, subject_id=subject_id,
            detail=values,
        )
    )  # fmt: skip


def note_denied_access(user_id: int, endpoint: str) -> None:
    """Keep that somebody signed in asked for what is not theirs: once an hour for each page, so that nobody
    fills the disk by asking. The log has each time."""
    with _apart() as session:
        count, _ = _count(session, f"denied:{user_id}:{endpoint}"[:LONGEST_KEY])
        if count == 1:
            _note(session, "access:denied", "endpoint", None, actor_id=user_id, endpoint=endpoint)
        session.commit()


def take_turn(user_id: int, sort: str, most: int, endpoint: str) -> dt.datetime | None:
    """Take one of somebody's turns of a sort. None if there was one; else the moment that brings more.

    An hour begins with the first turn; then all turns are there anew. That they are used up is kept in the
    audit once in that hour, with the endpoint that was asked for.
    """
    with _apart() as session:
        count, began_at = _count(session, f"{sort}:{user_id}")
        if count == most + 1:
            _note(session, "access:limited", "endpoint", None, actor_id=user_id, endpoint=endpoint)
        session.commit()
    return None if count <= most else began_at + TURNS_WITHIN


def _count(session: Session, key: str) -> tuple[int, dt.datetime]:
    """One more of a key within an hour: how many that makes, and when the hour began. One statement, so that
    many at once and several processes share one count."""
    make = (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert
    at = literal(_now(), TryCount.started_at.type)
    is_over = TryCount.started_at <= literal(_now() - TURNS_WITHIN, TryCount.started_at.type)
    again = {
        "count": case((is_over, 1), else_=TryCount.count + 1),
        "started_at": case((is_over, at), else_=TryCount.started_at),
    }
    statement = make(TryCount).values(key=key, started_at=at, count=1)
    counted = statement.on_conflict_do_update(index_elements=["key"], set_=again)
    found = session.execute(counted.returning(TryCount.count, TryCount.started_at)).one()
    return found[0], found[1]


def note_infected(user_id: int | None, endpoint: str) -> None:
    """Keep that the virus scanner found something in a file that somebody sent; nobody: the command line."""
    with _apart() as session:
        _note(session, "upload:infected", "endpoint", None, actor_id=user_id, endpoint=endpoint)
        session.commit()


def note_reading(user_id: int, subject_type: str, subject_id: int) -> None:
    """Keep that somebody opened what is about another person."""
    with _apart() as session:
        _note(session, f"{subject_type}:read", subject_type, subject_id, actor_id=user_id)
        session.commit()


def note_opening(user_id: int, sealed_person_id: int, record_id: int, why: OpenedWhy) -> int:
    """Keep that somebody asks for sealed particulars, before anything is opened. Returns the opening's id."""
    with _apart() as session:
        opening = SealedOpening(
            sealed_person_id=sealed_person_id, record_id=record_id, by_id=user_id, at=_now(), why=why
        )
        session.add(opening)
        _note(session, "sealed:open", "sealed_person", sealed_person_id, actor_id=user_id)
        session.flush()
        opening_id = opening.id
        session.commit()
    return opening_id


def note_failed_sign_in(user_id: int | None, *, stage: str = "password") -> None:
    """Keep a wrong password or code. user_id: None where there is no such account."""
    with _apart() as session:
        _note(session, "user:sign_in_failed", "user_account", user_id, stage=stage)
        session.commit()


def note_seen(session_id: int, at: dt.datetime) -> None:
    """Keep when a signed-in browser was last seen. Called at most once a minute for each."""
    with _apart() as session:
        session.execute(update(UserSession).where(UserSession.id == session_id).values(seen_at=at))
        session.commit()


def note_screen_seen(link_id: int, at: dt.datetime) -> None:
    """Keep when a screen asked last. Called at most once a minute for each."""
    with _apart() as session:
        session.execute(update(ScreenLink).where(ScreenLink.id == link_id).values(last_seen_at=at))
        session.commit()


def keys_of(user_id: int | None, device_id: int | None, login: str) -> list[str]:
    """Against what a try of a password counts.

    A known device has a count of its own, so that strangers who try the account shut out only strangers.
    What was typed counts whether there is such an account or not: so both rest alike.
    """
    if device_id is not None:
        return [f"device:{device_id}"]
    typed = "typed:" + hashlib.sha256(plain(login).encode()).hexdigest()
    return [EVERYBODY, typed] if user_id is None else [EVERYBODY, typed, f"account:{user_id}"]


def code_keys_of(user_id: int, device_id: int | None) -> list[str]:
    """Against what a try of a second step's code counts. A right password does not give these back."""
    return [f"code:{user_id}"] if device_id is None else [f"code-device:{device_id}"]


def confirmation_keys_of(user_id: int) -> list[str]:
    """Against what a password counts that somebody signed in types once more, to confirm a change."""
    return [f"confirm:{user_id}"]


def take_try(keys: list[str]) -> bool:
    """Take one try of each key before a password is compared; False, and nothing is taken, if one is used up.

    Exact under concurrency: each count is one UPDATE that refuses to go beyond its limit, and the row stays
    locked until the transaction ends. All ask for keys in the same order, so no two wait for each other.
    """
    with _apart() as session:
        at = _now()
        for key in keys:
            most, within = (ALL_TRIES, ALL_WITHIN) if key in SHARED else limits()
            row = update(TryCount).where(TryCount.key == key)
            _hold(session, key, at)
            session.execute(row.where(TryCount.started_at <= at - within).values(started_at=at, count=0))
            values: dict[str, object] = {"count": TryCount.count + 1}
            if key not in SHARED:  # the hour begins anew with each: no hour, wherever it begins, has more
                values["started_at"] = at
            taken = session.execute(row.where(TryCount.count < most).values(values))
            if taken.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
                session.rollback()
                return False
        if EVERYBODY in keys:  # whoever deletes holds that row: so no two wait for each other
            old = TryCount.key.not_in(keys) & (TryCount.started_at < at - FORGOTTEN_AFTER)
            session.execute(delete(TryCount).where(old))
        session.commit()
    return True


def _hold(session: Session, key: str, at: dt.datetime) -> None:
    """Make sure that the row of `key` is there, and keep it to this transaction until its end."""
    held = select(TryCount.id).where(TryCount.key == key).with_for_update()
    if session.scalar(held) is None:
        try:
            with session.begin_nested():
                session.execute(insert(TryCount).values(key=key, started_at=at, count=0))
        except IntegrityError:  # the twin of this request made it meanwhile
            session.scalar(held)


def give_back_tries(keys: list[str]) -> None:
    """After a right password: the account's or device's count begins anew; what everybody tried stays."""
    with _apart() as session:
        session.execute(delete(TryCount).where(TryCount.key.in_([key for key in keys if key != EVERYBODY])))
        session.commit()
