"""What must survive a refused request: failed sign-ins, denied access. Each in its own short transaction."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from tracker.db import db
from tracker.models import AuditEvent, User

TRIES = 10
LOCKED_FOR = dt.timedelta(minutes=15)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _apart() -> Session:
    """A session of its own. The request's is rolled back first: SQLite has one write lock."""
    db.session.rollback()
    return Session(bind=db.session.get_bind(), join_transaction_mode="create_savepoint")


def note_denied_access(user_id: int, endpoint: str) -> None:
    """Keep that somebody signed in asked for what is not theirs."""
    with _apart() as session:
        session.execute(
            insert(AuditEvent).values(
                at=_now(), actor_id=user_id, action="access:denied", subject_type="endpoint",
                subject_id=None, detail={"endpoint": endpoint},
            )
        )  # fmt: skip
        session.commit()


def note_failed_sign_in(user_id: int | None) -> None:
    """Count a wrong password; after TRIES the account rests for LOCKED_FOR. The count is exact: one UPDATE.

    user_id: None where no account is counted against (unknown, resting): noted all the same.
    """
    with _apart() as session:
        session.execute(update(User).where(User.id == user_id).values(failed_count=User.failed_count + 1))
        session.execute(
            update(User)
            .where(User.id == user_id, User.failed_count >= TRIES)
            .values(failed_count=0, locked_until=_now() + LOCKED_FOR)
        )
        session.execute(
            insert(AuditEvent).values(
                at=_now(), actor_id=None, action="user:sign_in_failed", subject_type="user_account",
                subject_id=user_id, detail={},
            )
        )  # fmt: skip
        session.commit()
