"""Drafts: what somebody has begun to write and not sent yet. Nobody sees those of others."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.models import Draft, User

TAB = "tab"  # among a draft's fields: which page of a browser wrote it last


def drafts_of(user: User) -> list[Draft]:
    """All drafts of `user`, the last one first."""
    return list(
        db.session.scalars(
            select(Draft)
            .where(Draft.user_id == user.id)
            .order_by(Draft.saved_at.desc(), Draft.id.desc())
            .options(joinedload(Draft.kind), joinedload(Draft.record))
        )
    )


def draft_count(user: User) -> int:
    """How many drafts `user` has."""
    return db.session.scalar(select(func.count()).select_from(Draft).where(Draft.user_id == user.id)) or 0


def draft_of_tab(user: User, tab: str) -> Draft | None:
    """The draft that a page of a browser wrote last, None if it wrote none.

    tab: drawn by the page when it was opened; blank finds nothing. Their drafts are few: they are looked
         through here, since the two databases do not search in JSON alike.
    """
    if not tab:
        return None
    return next((draft for draft in drafts_of(user) if draft.fields.get(TAB) == tab), None)
