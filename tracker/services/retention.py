"""What goes by itself when its time is up: sessions that have ended, keys of forms, removed filters."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, delete, select

from tracker.db import db
from tracker.models import KnownDevice, SavedFilter, Submission, UserSession

FORMS = dt.timedelta(days=7)
FILTERS = dt.timedelta(days=1)
DEVICES = dt.timedelta(days=400)


def is_due(at: dt.datetime, longest: dt.timedelta) -> bool:
    """Whether anything is to go. Takes no lock."""
    found = (select(model.id).where(where).limit(1) for model, where in _old(at, longest))
    return any(db.session.scalar(one) is not None for one in found)


def let_go(at: dt.datetime, longest: dt.timedelta) -> int:
    """Delete what was kept long enough. Returns how many rows. longest: how old a session may become."""
    done = [db.session.execute(delete(model).where(where)) for model, where in _old(at, longest)]
    return sum(one.rowcount for one in done)  # type: ignore[attr-defined]  # a DELETE gives a CursorResult


def _old(at: dt.datetime, longest: dt.timedelta) -> list[tuple[Any, ColumnElement[bool]]]:
    return [
        (UserSession, UserSession.started_at < at - longest),
        (Submission, Submission.at < at - FORMS),
        (SavedFilter, SavedFilter.removed_at < at - FILTERS),
        (KnownDevice, KnownDevice.used_at < at - DEVICES),
    ]
