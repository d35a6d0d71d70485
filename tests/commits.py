"""Every change that a request commits leaves an event in its transaction: held over all tests.

Pages that are kept (tracker/kept.py) rest on it, and so does the audit.
"""

from __future__ import annotations

import re
import threading
from typing import Any

from flask import has_request_context, request
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

WRITES = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?([a-z_]+)")
# What is nobody's act and stands on no page that is kept: what somebody has typed so far, that a form was
# taken, when a browser was last seen and in which campaign it works (which the page's key asks), wrong
# passwords.
UNHEARD = {"draft", "submission", "try_count", "user_session"}
OWN = (
    "UPDATE user_account SET is_reminded",
    "UPDATE user_account SET wants_tour",
    "UPDATE screen_link SET last_seen_at",
)
_written = threading.local()


def hold_to_events() -> None:
    """From now on, a request that commits anything else without an event breaks off."""
    event.listen(Engine, "before_cursor_execute", _note)
    event.listen(Session, "after_commit", _hold)
    event.listen(Session, "after_rollback", lambda _session: _tables().clear())


def _tables() -> set[str]:
    if not hasattr(_written, "tables"):
        _written.tables = set()
    tables: set[str] = _written.tables
    return tables


def _note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    if (found := WRITES.match(statement)) and not statement.startswith(OWN):
        _tables().add(found[1])


def _hold(session: Session) -> None:
    if session.in_nested_transaction():
        return
    tables = set(_tables())
    _tables().clear()
    if has_request_context() and "audit_event" not in tables and tables - UNHEARD:
        raise AssertionError(f"{request.endpoint} wrote {sorted(tables - UNHEARD)} and left no event")
