"""Taking a second step away from somebody who has lost device and recovery codes: two of the office, or the
command line."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select, update

from tracker.db import db
from tracker.models import FactorReset, ResetState, User
from tracker.rules.cells import clean
from tracker.rules.factor_resets import LASTS, LONGEST_REASON
from tracker.rules.refusal import N_, Refused
from tracker.services.audit import record_event
from tracker.services.records import CHANGED
from tracker.services.second_factor import NOT_ON, turn_off
from tracker.services.sessions import end_sessions

OWN = N_("For your own account somebody else of the office asks, or you turn the second step off yourself.")
ANOTHER = N_(
    "Who asked for it, and whose account it is, cannot confirm it. Somebody else of the office must."
)
ALREADY = N_("This was asked for already. Somebody else of the office must confirm it.")


def ask_reset(user: User, reason: str, *, by: User, at: dt.datetime) -> FactorReset:
    """Ask that the second step of an account be taken away. Nothing is taken away yet.

    Raises Refused for one's own account, without a reason, without a second step, or if it was asked already.
    """
    if user.id == by.id:
        raise Refused(OWN, "reason")
    reason = _reason(reason)
    db.session.execute(select(User.id).where(User.id == user.id).with_for_update())  # one after the other
    mine = update(FactorReset).where(FactorReset.user_id == user.id, FactorReset.state == ResetState.OPEN)
    db.session.execute(
        mine.where(FactorReset.asked_at <= at - LASTS).values(state=ResetState.EXPIRED, closed_at=at)
    )
    waiting = select(FactorReset.id).where(
        FactorReset.user_id == user.id, FactorReset.state == ResetState.OPEN
    )
    if db.session.scalar(waiting) is not None:
        raise Refused(ALREADY, "reason")
    if user.totp_secret is None:
        raise Refused(NOT_ON, "reason")
    reset = FactorReset(user_id=user.id, reason=reason, asked_by_id=by.id, asked_at=at)
    db.session.add(reset)
    db.session.flush()  # the event needs the id
    record_event(by, "user:ask_factor_reset", user, at, reset_id=reset.id)
    return reset


def confirm_reset(reset: FactorReset, *, by: User, at: dt.datetime) -> None:
    """Take the second step away, and end all sessions of the account.

    Raises Refused for who asked and for whose account it is; CHANGED if it was withdrawn, has run out, or was
    confirmed already.
    """
    if by.id in (reset.asked_by_id, reset.user_id):
        raise Refused(ANOTHER)
    changed = db.session.execute(
        update(FactorReset)
        .where(
            FactorReset.id == reset.id,
            FactorReset.state == ResetState.OPEN,
            FactorReset.asked_at > at - LASTS,
            FactorReset.asked_by_id != by.id,
            FactorReset.user_id != by.id,
        )
        .values(state=ResetState.DONE, closed_by_id=by.id, closed_at=at)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        raise Refused(CHANGED)
    record_event(by, "user:confirm_factor_reset", reset.user, at, reset_id=reset.id)
    _take_away(reset.user, by=by, at=at)


def withdraw_reset(reset: FactorReset, *, by: User, at: dt.datetime) -> None:
    """Let a request be none: the second step stays. Raises Refused (CHANGED) if it is not open any more."""
    changed = db.session.execute(
        update(FactorReset)
        .where(FactorReset.id == reset.id, FactorReset.state == ResetState.OPEN)
        .values(state=ResetState.WITHDRAWN, closed_by_id=by.id, closed_at=at)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Refused(CHANGED)
    record_event(by, "user:withdraw_factor_reset", reset.user, at, reset_id=reset.id)


def reset_at_once(user: User, reason: str, *, at: dt.datetime) -> None:
    """The command line's way, for an office of one account. Raises Refused without reason or second step."""
    reset = FactorReset(
        user_id=user.id, reason=_reason(reason), asked_at=at, state=ResetState.DONE, closed_at=at
    )
    _take_away(user, by=None, at=at)
    db.session.add(reset)
    db.session.flush()
    record_event(None, "user:confirm_factor_reset", user, at, reset_id=reset.id)


def note_told(user: User, *, at: dt.datetime) -> bool:
    """Whether the one who signs in has to be told that their second step was taken away; once only."""
    untold = (FactorReset.state == ResetState.DONE) & FactorReset.told_at.is_(None)
    told = db.session.execute(
        update(FactorReset).where(FactorReset.user_id == user.id, untold).values(told_at=at)
    )
    return bool(told.rowcount)  # type: ignore[attr-defined]


def _take_away(user: User, *, by: User | None, at: dt.datetime) -> None:
    turn_off(user, by=by, at=at)
    end_sessions(user, by=by, at=at)


def _reason(text: str) -> str:
    reason = " ".join(clean(text).split())
    if not reason or len(reason) > LONGEST_REASON:
        raise Refused(N_("Say in 1 to %(most)d characters why."), "reason", most=LONGEST_REASON)
    return reason
