"""How many SQL statements a request makes and how long they take; each slow one is a line of the log.

What is timed is the call that sends a statement: PostgreSQL answers it with all rows, SQLite with the first
one, and reads the others as they are fetched.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from dataclasses import dataclass
from typing import Any

from flask import current_app, g, has_app_context, has_request_context
from sqlalchemy import event
from sqlalchemy.engine import Engine

from tracker import logs

LONGEST = 2_000  # characters of a statement in its line
_LITERAL = re.compile(r"'(?:[^']|'')*(?:'|$)")
log = logging.getLogger(__name__)
_sent = threading.local()  # when this thread sent the statement that is running


@dataclass(slots=True)
class SqlTimes:
    """The statements of one request or of one piece of the worker's work.

    slow_from: seconds from which one is slow.
    seconds:   in all.
    slow:      how many were.
    """

    slow_from: float
    count: int = 0
    seconds: float = 0.0
    slow: int = 0


def begin() -> None:
    """Before each request, and where the worker begins: statements are counted from none."""
    g.sql_times = SqlTimes(current_app.config["TRACKER"].slow_sql_ms / 1000)


def sql_times() -> SqlTimes:
    """What the request, or the work, that is going on has asked the database so far."""
    times: SqlTimes | None = g.get("sql_times")
    if times is None:
        begin()
        times = g.sql_times
    return times


def text_of(statement: str) -> str:
    """A statement as it may stand in the log: on one line, bounded, with no text between quotes.

    Statements have parameters, whose values are not in them; should one ever be written with a value in it,
    that does not reach the log either.
    """
    said = " ".join(_LITERAL.sub("'…'", statement).split())
    return said if len(said) <= LONGEST else said[:LONGEST] + " …"


def watch_engine(engine: Engine) -> None:
    """Time each statement of the engine's connections; one that the database refuses or stops too."""

    @event.listens_for(engine, "before_cursor_execute")
    def sent(*_args: Any) -> None:
        _sent.at = time.perf_counter()

    @event.listens_for(engine, "after_cursor_execute")
    def answered(_connection: Any, _cursor: Any, statement: str, *_args: Any) -> None:
        _note(statement)

    @event.listens_for(engine, "handle_error")
    def refused(context: Any) -> None:
        if context.statement is not None:
            _note(context.statement)


def _note(statement: str) -> None:
    sent_at = _sent.__dict__.pop("at", None)
    if sent_at is None or not has_app_context():
        return
    took = time.perf_counter() - sent_at
    times = sql_times()
    times.count += 1
    times.seconds += took
    if took >= times.slow_from:
        times.slow += 1
        _log_slow(statement, round(took * 1000), times.count)


def _log_slow(statement: str, ms: int, count: int) -> None:
    """Its line: of a request or of the worker. Whoever waits for a command sees that it takes long."""
    if has_request_context() or logs.task() is not None:
        fields = {"ms": ms, "sql": text_of(statement), "statements": count}
        log.warning("slow SQL, %s ms", ms, extra={"fields": fields})
