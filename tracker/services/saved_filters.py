"""Keeps filters under a name. They are nobody's but their owner's: no event is left, as with drafts."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ColumnElement, delete, update

from tracker.db import db
from tracker.models import SavedFilter, User
from tracker.queries.saved_filters import count_of, is_named
from tracker.rules.refusal import N_, Refused
from tracker.rules.saved_filters import MOST, check_name, choices_of
from tracker.services.records import CHANGED

UNDO = dt.timedelta(minutes=1)


def save_filter(user: User, page: str, name: str, query: str, *, at: dt.datetime) -> SavedFilter:
    """Keep the choices of a list under a name. Raises Refused without either, and for a name too many."""
    name, kept = check_name(name), choices_of(page, query)
    _check_room(user, page, name)
    old = SavedFilter.user_id == user.id, SavedFilter.removed_at < at - UNDO
    db.session.execute(delete(SavedFilter).where(*old))
    found = SavedFilter(user_id=user.id, page=page, name=name, query=kept, saved_at=at)
    db.session.add(found)
    db.session.flush()
    return found


def _check_room(user: User, page: str, name: str) -> None:
    if is_named(user, page, name):
        raise Refused(N_("You keep a filter of this name already. Choose another name."), "name")
    if count_of(user, page) >= MOST:
        raise Refused(N_("You keep %(most)d filters for this list. Delete one of them first."), most=MOST)


def rename_filter(found: SavedFilter, user: User, name: str) -> None:
    """Give it another name. Raises Refused without one, for a taken one, or if it was deleted meanwhile."""
    name = check_name(name)
    if name == found.name:
        return
    if is_named(user, found.page, name):
        raise Refused(N_("You keep a filter of this name already. Choose another name."), "name")
    _change(found, {"name": name}, SavedFilter.removed_at.is_(None))


def remove_filter(found: SavedFilter, *, at: dt.datetime) -> None:
    """Delete it; for a minute it can be taken back. Raises Refused if it was deleted already."""
    _change(found, {"removed_at": at}, SavedFilter.removed_at.is_(None))


def restore_filter(found: SavedFilter, user: User, *, at: dt.datetime) -> None:
    """Take the deletion back, within the minute. Raises Refused after it, and if its name is taken."""
    _check_room(user, found.page, found.name)
    _change(found, {"removed_at": None}, SavedFilter.removed_at >= at - UNDO)


def _change(found: SavedFilter, values: dict[str, object], still: ColumnElement[bool]) -> None:
    changed = db.session.execute(
        update(SavedFilter)
        .where(SavedFilter.id == found.id, still)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        raise Refused(CHANGED)
    db.session.refresh(found)
