"""What people wanted lifted off them."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from tracker.db import db
from tracker.models import Suggestion
from tracker.queries.paging import PER_PAGE, Page, page_within


def suggestions_page(page: int) -> Page[Suggestion]:
    """Suggestions with their authors, newest first."""
    total = db.session.scalar(select(func.count()).select_from(Suggestion)) or 0
    page = page_within(page, total)
    rows = db.session.scalars(
        select(Suggestion)
        .order_by(Suggestion.at.desc(), Suggestion.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
        .options(selectinload(Suggestion.by))
    ).all()
    return Page(rows, page, total)
