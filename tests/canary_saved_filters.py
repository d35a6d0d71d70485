"""Filters that somebody keeps, whose names and choices are marked: nobody else may see them."""

from __future__ import annotations

from tests.maker import NOW
from tracker.db import db
from tracker.models import SavedFilter
from tracker.rules.saved_filters import LISTS


def add_filters(marked, user, whose):
    """One for each list."""
    for page in LISTS:
        name = marked.mark(whose, "saved_filter.name")
        asked = marked.mark(whose, "saved_filter.query")
        db.session.add(SavedFilter(user_id=user.id, page=page, name=name, query=f"q={asked}", saved_at=NOW))
