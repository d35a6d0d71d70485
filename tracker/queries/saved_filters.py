"""The filters that somebody keeps, for that person alone."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, or_, select

from tracker.db import db
from tracker.models import SavedFilter, User


def filters_of(user: User, page: str, moment: dt.datetime) -> tuple[list[SavedFilter], list[SavedFilter]]:
    """Those of a list, by name; and those that were removed since then and can be taken back, the last one
    first."""
    found = select(SavedFilter).where(SavedFilter.user_id == user.id, SavedFilter.page == page)
    found = found.where(or_(SavedFilter.removed_at.is_(None), SavedFilter.removed_at >= moment))
    kept: list[SavedFilter] = []
    removed: list[SavedFilter] = []
    for one in db.session.scalars(found.order_by(SavedFilter.name, SavedFilter.id)):
        (kept if one.removed_at is None else removed).append(one)
    return kept, sorted(removed, key=lambda one: (one.removed_at or moment, one.id), reverse=True)


def count_of(user: User, page: str) -> int:
    """How many somebody keeps of a list."""
    kept = select(func.count()).where(
        SavedFilter.user_id == user.id, SavedFilter.page == page, SavedFilter.removed_at.is_(None)
    )
    return db.session.scalar(kept) or 0


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
