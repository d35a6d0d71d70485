"""Files that are deleted once the transaction has ended that no longer names them, and never before.

What cannot be deleted then is a file without a row, which the sweep of its folder finds.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import event

from tracker.db import db

DELETED = "files_to_delete"


def delete_once_committed(path: Path) -> None:
    """Delete this file after the transaction that is open, unless it is taken back."""
    db.session().info.setdefault(DELETED, []).append(path)


@event.listens_for(db.session, "after_commit")
def _delete(session: Any) -> None:
    if session.in_nested_transaction():
        return
    for path in session.info.pop(DELETED, []):
        try:
            path.unlink(missing_ok=True)
        except OSError:
            continue


@event.listens_for(db.session, "after_rollback")
def _keep(session: Any) -> None:
    if not session.in_nested_transaction():
        session.info.pop(DELETED, None)
