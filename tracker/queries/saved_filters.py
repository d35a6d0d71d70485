"""The filters that somebody keeps, for that person alone."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select

from tracker.db import db
from tracker.models import SavedFilter, User


def filters_of(user: User, page: str) -> list[SavedFilter]:
    """Those of a list, by name."""
    found = select(SavedFilter).where(SavedFilter.user_id == user.id, SavedFilter.page == page)
    found = found.where(SavedFilter.removed_at.is_(None)).order_by(SavedFilter.name, SavedFilter.id)
    return list(db.session.scalars(found))


def removed_since(user: User, page: str, moment: dt.datetime) -> list[SavedFilter]:
    """Those that were removed since then and can be taken back, the last one first."""
    found = select(SavedFilter).where(SavedFilter.user_id == user.id, SavedFilter.page == page)
    found = found.where(SavedFilter.removed_at >= moment)
    return list(db.session.scalars(found.order_by(SavedFilter.removed_at.desc(), SavedFilter.id.desc())))


def count_of(user: User, page: str) -> int:
    """How many somebody keeps of a list."""
    return len(filters_of(user, page))


def is_named(user: User, page: str, name: str) -> bool:
    """Whether one of that name is kept already."""
    found = select(func.count()).where(
        SavedFilter.user_id == user.id, SavedFilter.page == page, SavedFilter.name == name,
        SavedFilter.removed_at.is_(None),
    )  # fmt: skip
    return bool(db.session.scalar(found))


def filter_for(user: User, saved_filter_id: int) -> SavedFilter | None:
    """The filter with that id, None if it does not exist or is another's."""
    found = select(SavedFilter).where(SavedFilter.id == saved_filter_id, SavedFilter.user_id == user.id)
    return db.session.scalar(found)
