"""A stamp of all that was ever done: while it stays, no page that shows the ledger says anything else."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from sqlalchemy import bindparam, func, select, text

from tracker.db import db
from tracker.models import AuditEvent, AuditSeal, Reminder, User, UserSession
from tracker.models.audit import IS_CHANGE
from tracker.rules.tokens import digest_of

MOST_UNSEALED = 2_000  # events that are counted for a stamp; where more wait for their seal, there is none


class Stamp(NamedTuple):
    """Which changes were committed: events of the audit but those of who came, went or looked.

    Every change leaves an event in its transaction (tests/commits.py holds it to that). Ids are given before
    they are committed, so that the highest alone may stay when a lower one comes late: hence the number of
    those behind the last seal, and where that is. Before it nothing comes late (services/audit_seals.py).
    """

    newest: int
    unsealed: int
    sealed: int  # 0 where no change waits for its seal

    @property
    def is_sure(self) -> bool:
        return self.unsealed <= MOST_UNSEALED


_SEALED = select(func.coalesce(func.max(AuditSeal.last_id), 0)).scalar_subquery()
_CHANGES = select(AuditEvent.id).where(text(IS_CHANGE))
_WAITING = _CHANGES.where(AuditEvent.id > _SEALED).limit(MOST_UNSEALED + 1).subquery()
STAMP = (
    func.coalesce(_CHANGES.order_by(AuditEvent.id.desc()).limit(1).scalar_subquery(), 0).label("newest"),
    select(func.count()).select_from(_WAITING).scalar_subquery().label("unsealed"),
    _SEALED.label("sealed"),
)
_PUT_AWAY = (
    select(func.count())
    .select_from(Reminder)
    .where(Reminder.user_id == User.id, Reminder.dismissed_at.is_not(None))
    .correlate(User)
    .scalar_subquery()
)
_OWN = (func.coalesce(UserSession.campaign_id, 0), User.wants_tour, User.is_reminded, _PUT_AWAY)
# Built once: every page asks it, and what SQLAlchemy works out about a statement stays with it.
_WITH_SESSION = (
    select(*STAMP, UserSession.id, UserSession.user_id, UserSession.seen_at, UserSession.started_at, *_OWN)
    .join(User, User.id == UserSession.user_id)
    .where(UserSession.digest == bindparam("digest"))
)


class Seen(NamedTuple):
    """A session with the stamp of the moment at which it was looked at.

    own: what somebody wishes for themselves, which leaves no event but stands on pages: the campaign in which
         the browser works (its id; 0: the current one), whether a tour is offered, whether reminders come,
         how many of them were put away.
    """

    stamp: Stamp
    session_id: int
    account_id: int
    seen_at: dt.datetime
    started_at: dt.datetime
    own: tuple[object, ...]


def session_seen(token: str) -> Seen | None:
    """The session whose token a cookie holds, with the stamp of now; None if there is none. One statement.

    What is read after it may be newer than the stamp, never older. Whether the session rested too long or is
    too old is for the caller to say.
    """
    row = db.session.connection().execute(_WITH_SESSION, {"digest": digest_of(token)}).one_or_none()
    if row is None:
        return None
    newest, unsealed, sealed, session_id, account_id, seen_at, started_at, *own = row
    stamp = stamp_of(newest, unsealed, sealed)
    return Seen(stamp, session_id, account_id, seen_at, started_at, tuple(own))


def stamp_of(newest: int, unsealed: int, sealed: int) -> Stamp:
    """The stamp of what STAMP reads. A seal over nothing but who came and looked changes it not."""
    return Stamp(newest, unsealed, sealed if unsealed else 0)
