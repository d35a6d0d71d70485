"""Where a name still stands in what others wrote: in any text of any table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import JSON, Text, cast, or_, select, type_coerce
from sqlalchemy import String as Words

from tracker.db import Model, db

MOST = 20  # rows of one column


@dataclass(frozen=True, slots=True)
class Mention:
    """A text with the name in it: table.column, and the row."""

    column: str
    row_id: int


def mentions(words: Sequence[str]) -> Iterator[Mention]:
    """Every text of the database that holds one of these words, at most MOST of each column."""
    for table in Model.metadata.sorted_tables:
        if "id" not in table.columns:
            continue
        for column in table.columns:
            if not isinstance(column.type, Words | Text | JSON):
                continue
            # JSON may be written with escapes (SQLite) or as it is (PostgreSQL).
            said = cast(column, Text) if isinstance(column.type, JSON) else type_coerce(column, Text)
            forms = [*words]
            if isinstance(column.type, JSON):
                forms += [word.encode("unicode_escape").decode() for word in words]
            where = or_(*(said.contains(form, autoescape=True) for form in dict.fromkeys(forms)))
            for row_id in db.session.scalars(
                select(table.c.id).where(where).order_by(table.c.id).limit(MOST)
            ):
                yield Mention(f"{table.name}.{column.name}", row_id)
