"""The audit: one event in the same transaction as each change of state."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tracker.db import Model, db
from tracker.models import AuditEvent, User
from tracker.services.archive_gate import campaign_of, check_open, is_allowed


def record_event(by: User | None, action: str, subject: Model, at: dt.datetime, **detail: Any) -> None:
    """Note that `by` did `action` to `subject` at the moment `at`.

    by:      None stands for the command line.
    action:  'noun:verb', such as 'batch:undo'.
    subject: a row that has its id already (flush before, where it is new).
    detail:  ids and numbers, never names of people.
    Raises Refused if the subject belongs to a campaign in the archive, but for what may be done there.
    """
    if not is_allowed(action):
        check_open(campaign_of(subject))
    db.session.add(
        AuditEvent(
            at=at,
            actor_id=by.id if by else None,
            action=action,
            subject_type=subject.__tablename__,
            subject_id=getattr(subject, "id", None),
            detail=detail,
        )
    )
