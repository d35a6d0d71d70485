"""What is logged names nobody: held over all tests, whatever they do.

Words are those of people whom the test wrote down through a session: what names a member, and what was typed.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import event

from tracker.models import Comment, Member, Record, Suggestion, User
from tracker.rules.erasures import pattern_of, telling

WORDS = {
    Member: ("name", "number", "phone"), User: ("name",), Record: ("note", "title"), Comment: ("text",),
    Suggestion: ("text",),
}  # fmt: skip
SHORTEST = 4  # letters of a text that somebody typed: fewer stand anywhere
plain = logging.Formatter("%(name)s %(message)s")


class Watch(logging.Handler):
    """Keeps what was logged, and the words that must not be in it, since the last `clear`."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.words: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        fields = getattr(record, "fields", None)
        self.lines.append(plain.format(record) + (f" {fields}" if fields else ""))

    def note(self, row: Any, columns: Iterable[str]) -> None:
        """Remember what a row says of somebody."""
        said = telling(*(getattr(row, column) for column in columns))
        self.words.update(word for word in said if len(word) >= SHORTEST or not word.isascii())

    def clear(self) -> None:
        self.lines, self.words = [], set()

    def named(self) -> list[str]:
        """Lines in which somebody is named, or quoted."""
        return named_in(self.lines, self.words) if self.lines and self.words else []


def named_in(lines: Iterable[str], words: Iterable[str]) -> list[str]:
    """Those of the lines in which one of the words stands by itself."""
    pattern = pattern_of(words)
    return [line for line in lines if pattern.search(line)]


def watch() -> Watch:
    """Watch from now on, in this process."""
    here = Watch()
    logging.getLogger().addHandler(here)
    logging.getLogger("tracker").setLevel(logging.INFO)  # as a server logs
    for model, columns in WORDS.items():
        for moment in ("after_insert", "after_update"):
            event.listen(model, moment, lambda _m, _c, row, columns=columns: here.note(row, columns))
    return here


def named_by_server(log: Path, database: Path) -> list[str]:
    """Lines of a server's log in which a member of its SQLite database is named."""
    if not database.exists():
        return []
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        rows = connection.execute("SELECT name, number, phone FROM member").fetchall()
    said = [
        json.loads(line) if line.startswith("{") else line for line in log.read_text("utf-8").splitlines()
    ]
    return named_in([str(one) for one in said], telling(*(word for row in rows for word in row)))
