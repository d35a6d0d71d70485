"""A stamp of all that was ever done: while it stays, no page that shows the ledger says anything else."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Row, func, select

from tracker.db import db
from tracker.models import AuditEvent, AuditSeal, User, UserSession

MOST_UNSEALED = 2_000  # events that are counted for a stamp; where more wait for their seal, there is none


class Stamp(NamedTuple):
    """Which events of the audit were committed.

    Every change leaves an event in its transaction (tests/commits.py holds it to that). Ids are given before
    they are committed, so that the highest alone may stay when a lower one comes late: hence the number of
    those behind the last seal. Before that nothing comes late (services/audit_seals.py).
    """

    sealed: int
    newest: int
    unsealed: int

    @property
    def is_sure(self) -> bool:
        return self.unsealed <= MOST_UNSEALED


_SEALED = select(func.coalesce(func.max(AuditSeal.last_id), 0)).scalar_subquery()
_WAITING = select(AuditEvent.id).where(AuditEvent.id > _SEALED).limit(MOST_UNSEALED + 1).subquery()
STAMP = (
    _SEALED.label("sealed"),
    select(func.coalesce(func.max(AuditEvent.id), 0)).scalar_subquery().label("newest"),
    select(func.count()).select_from(_WAITING).scalar_subquery().label("unsealed"),
)
_ALONE = select(*STAMP)
_WITH_SESSION = select(
    *STAMP, UserSession.seen_at, UserSession.started_at, func.coalesce(UserSession.campaign_id, 0),
    User.wants_tour,
).join(User, User.id == UserSession.user_id)  # fmt: skip


def stamp_now() -> Stamp:
    """The stamp of what this request can see, or of less: what is read after it may be newer, never older."""
    return Stamp(*db.session.execute(_ALONE).one())


def stamp_and_session(session_id: int) -> Row | None:  # type: ignore[type-arg]
    """Stamp, and of one session when it was seen and begun, the id of the campaign in which it works (0: the
    current one) and whether its owner is offered a tour; None if it was ended.

    The last two are somebody's own and leave no event, but stand on pages.
    """
    return db.session.execute(_WITH_SESSION.where(UserSession.id == session_id)).one_or_none()
