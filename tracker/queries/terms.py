"""Which texts of the ledger answer to what somebody typed."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, or_, select

from tracker.models import Plan, Record, Story, Term
from tracker.rules.pinyin import as_typed, is_spelled

# Every column whose texts are terms. What is added here is told to services.terms and to its migration.
SAID = (Record.title, Record.ref, Record.category, Record.place, Record.community, Record.subject)
TERMS = (*SAID, Story.title, Plan.title)


def is_term(text: str) -> ColumnElement[bool]:
    """Terms that hold `text`, whose pinyin begins with it, or whose initials hold it: "sq" finds 香山社区."""
    asked = as_typed(text)
    found = [Term.typed.contains(asked, autoescape=True)]
    if is_spelled(asked):
        found += [
            Term.pinyin.startswith(asked, autoescape=True),
            Term.initials.contains(asked, autoescape=True),
        ]
    return or_(*found)


def terms_like(text: str) -> Select[str]:
    """The texts that answer to `text`: for `column.in_(…)`."""
    return select(Term.text).where(is_term(text))
