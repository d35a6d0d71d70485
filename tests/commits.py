"""Every change that is committed leaves an event in its transaction: held over all tests.

Pages that are kept (tracker/kept.py) rest on it, and so does the audit.
"""

from __future__ import annotations

import re
import sys
import threading
from pathlib import Path
from typing import Any

from flask import has_request_context, request
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

import tracker
from tracker.models import Tally, TallyCell
from tracker.models.audit import QUIET

CELLS, TALLIES = TallyCell.__tablename__, Tally.__tablename__
ACT = re.compile(r"[a-z_]+:[a-z_]+")
WRITES = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?([a-z_]+)")
# A commit whose events are all of quiet acts writes nothing but this: no kept page is made anew for it. Known
# browsers, the last sign-in and that one was told of it, a secret that is sealed under today's key: on none.
QUIETLY = re.compile(
    r"(INSERT INTO|UPDATE|DELETE FROM) known_device|UPDATE factor_reset SET told_at=|"
    r"UPDATE user_account SET (totp_secret=|(password_hash=[^,]+, )?signed_in_at=)"
)
QUIET_EVENT, BESIDE = "quiet event", "beside a quiet event: "
# What is nobody's act and stands on no page that is kept: what somebody has typed so far, how far a job is,
# that a form was taken, wrong passwords; when a browser was last seen and in which campaign it works, which a
# kept page asks for itself; the seals of events, which are a part of its stamp.
UNHEARD = {
    "audit_seal", "draft", "heartbeat", "job", "saved_filter", "submission", "try_count", "user_session",
}  # fmt: skip
# Of other tables: wishes about oneself that stand on no page or are asked with the stamp; that a screen was
# alight, that a code was used, a right password's hash with today's parameters.
OWN = re.compile(
    r"UPDATE (user_account SET (is_reminded|wants_tour|totp_step)=|reminder SET dismissed_at=|"
    r"screen_link SET last_seen_at=|user_account SET password_hash=\S+ WHERE)"
)
OURS = tuple(str(Path(tracker.__file__).parent / part) for part in ("worker", "cli"))
_written = threading.local()


def hold_to_events() -> None:
    """From now on, a request, job or command that commits anything else without an event breaks off."""
    event.listen(Engine, "after_cursor_execute", _note)
    event.listen(Session, "after_commit", _hold)
    event.listen(Session, "after_rollback", lambda _session: _tables().clear())


def _tables() -> set[str]:
    if not hasattr(_written, "tables"):
        _written.tables = set()
    tables: set[str] = _written.tables
    return tables


def _note(_connection: Any, cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
    if cursor.rowcount and (found := WRITES.match(statement)) and not OWN.match(statement):
        is_quiet = found[1] == "audit_event" and not acts_of(parameters) - QUIET
        beside = BESIDE if QUIETLY.match(statement) else ""
        _tables().add(QUIET_EVENT if is_quiet else beside + found[1])


def acts_of(parameters: Any) -> set[str]:
    """The acts among what a statement writes: of one row or of many, by name or by place."""
    rows = parameters if isinstance(parameters, list) else [parameters]
    values = [value for row in rows for value in (row.values() if isinstance(row, dict) else row)]
    return {value for value in values if isinstance(value, str) and ACT.fullmatch(value)}


def _hold(session: Session) -> None:
    if session.in_nested_transaction():
        return
    tables = set(_tables())
    _tables().clear()
    heard = tables - UNHEARD - {QUIET_EVENT}
    if QUIET_EVENT in tables:
        heard = {table for table in heard if not table.startswith(BESIDE)}
    if "audit_event" not in tables and heard and (actor := _actor()):
        raise AssertionError(f"{actor} wrote {sorted(heard)} and left no event of a change")
    # What a process has worked out from cells holds as long as the version of their tally.
    if CELLS in tables and TALLIES not in tables and (actor := _actor()):
        raise AssertionError(f"{actor} replaced cells and drew no version of their tallies")


def _actor() -> str | None:
    """The view, or the part of worker or command line, that commits; None for a test's own rows."""
    if has_request_context():
        return request.endpoint
    frame = sys._getframe(1)
    while frame.f_back is not None:
        frame = frame.f_back
        if frame.f_code.co_filename.startswith(OURS):
            return f"{frame.f_code.co_filename}:{frame.f_code.co_name}"
    return None
