"""Keeps the text of an essay, with the index by which near copies of it are found."""

from __future__ import annotations

from sqlalchemy import delete, insert

from tracker.db import db
from tracker.models import Record, Shingle, Work
from tracker.rules.near_copies import plain_text, shingles


def keep_text(record: Record, text: str) -> bool:
    """Make `text` the text of a record that has its id. Returns whether that changed it."""
    work = record.work
    if work is not None and work.text == text:
        return False
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
