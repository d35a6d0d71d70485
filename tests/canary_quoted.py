"""Quoted figures whose every text is marked: only office and auditor see the register."""

from __future__ import annotations

from tests.maker import NOW
from tests.quoted import a_quoted


def add_quoted(marked, whose):
    """One that holds and one that was withdrawn. Nobody of a branch may see either."""
    texts = {name: marked.mark(whose, f"quoted.{name}") for name in ("title", "source", "note")}
    a_quoted(marked.campaign, marked.office, **texts)
    gone = {"withdrawn_at": NOW, "withdrawn_by_id": marked.office.id}
    why = marked.mark(whose, "quoted.withdrawn_why")
    row = a_quoted(marked.campaign, marked.office, code="gone", withdrawn_why=why, **texts, **gone)
    marked.foreign["quoted_id"] = marked.own["quoted_id"] = [row.id]
