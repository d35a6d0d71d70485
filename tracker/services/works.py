"""Keeps the text of an essay, with the index by which near copies of it are found."""

from __future__ import annotations

from sqlalchemy import delete, insert

from tracker.db import db
from tracker.models import Record, Shingle, Work
from tracker.rules.near_copies import plain_text, shingles


def keep_text(record: Record, text: str | None) -> bool:
    """Make `text` the text of a record that has its id, None: it has none. Returns whether it changed."""
    work = record.work
    if (work.text if work else None) == text:
        return False
    if work is not None and text is None:
        db.session.execute(delete(Shingle).where(Shingle.work_id == work.id))
        db.session.delete(work)
        db.session.flush()
        db.session.refresh(record)
    if text is None:
        return True
    if work is None:
        work = record.work = Work(text=text)
    work.text = text
    db.session.add(work)
    db.session.flush()
    db.session.execute(delete(Shingle).where(Shingle.work_id == work.id))
    rows = [{"value": value, "work_id": work.id} for value in sorted(shingles(plain_text(text)))]
    if rows:
        db.session.execute(insert(Shingle), rows)
    return True
