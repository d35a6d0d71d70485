"""Keeps every text that a search finds in the table of terms: derived, as totals are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Insert, delete, event, select
from sqlalchemy.dialects import postgresql, sqlite

from tracker.db import db
from tracker.models import Plan, Record, Story, Term
from tracker.queries.terms import SAID, TERMS
from tracker.rules.pinyin import term_keys

AT_ONCE = 500
NAMES = tuple(column.key for column in SAID)


def learn_terms(texts: Iterable[str | None]) -> None:
    """Add the texts that are not there yet. Two who bring the same at one time leave it once."""
    new = sorted({text for text in texts if text})  # one order, so that two writers do not wait in a ring
    for start in range(0, len(new), AT_ONCE):
        part = new[start : start + AT_ONCE]
        known = set(db.session.connection().scalars(select(Term.text).where(Term.text.in_(part))))
        rows = [term_keys(text) for text in part if text not in known]
        if rows:
            db.session.connection().execute(_insert_new(), rows)


def _insert_new() -> Insert:
    make = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    return make(Term).on_conflict_do_nothing(index_elements=["text"])


def terms_of(rows: Iterable[Any]) -> set[str | None]:
    """What rows of the ledger say, be they records or entries: stories are told apart."""
    return {getattr(row, name) for row in rows for name in NAMES}


@event.listens_for(db.session, "after_flush")
def _learn(session: Any, _: Any) -> None:
    """Whatever is written as an object is learnt here; a statement that writes texts calls `learn_terms`."""
    written = [*session.new, *session.dirty]
    texts = terms_of(row for row in written if isinstance(row, Record))
    texts |= {row.title for row in written if isinstance(row, Story | Plan)}
    if any(texts):
        learn_terms(texts)


def missing_terms(most: int) -> list[str]:
    """Texts of rows that no search would find, at most `most`; none if all is well."""
    found: list[str] = []
    for column in TERMS:
        known = select(Term.id).where(Term.text == column).exists()
        lacks = select(column).where(column.is_not(None), column != "", ~known).distinct().limit(most)
        found += db.session.scalars(lacks)
    return found[:most]


def recount_terms() -> None:
    """Make the table again from the rows: what none says any more goes, what is missing comes."""
    said: set[str | None] = set()
    for column in TERMS:
        said.update(db.session.scalars(select(column).distinct()))
    gone = [text for text in db.session.scalars(select(Term.text)) if text not in said]
    for start in range(0, len(gone), AT_ONCE):
        db.session.execute(delete(Term).where(Term.text.in_(gone[start : start + AT_ONCE])))
    learn_terms(said)
