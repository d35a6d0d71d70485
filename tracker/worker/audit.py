"""Seals the audit once a minute, and lets go of events that were kept long enough."""

from __future__ import annotations

from flask import Flask
from sqlalchemy.exc import IntegrityError

from tracker import clock
from tracker.db import db
from tracker.files import audit_heads
from tracker.queries.audit_seals import is_waiting, may_go
from tracker.services import audit_seals
from tracker.services.seal_keys import keys_of
from tracker.worker.rounds import if_due


def seal_waiting(app: Flask) -> int:
    """Seal the events that wait for it. Returns how many. Looking takes no lock."""
    config = app.config["TRACKER"]
    count = 0
    with app.app_context():
        try:
            db.session.connection(execution_options={"read_only": True})
            waits = is_waiting()
            db.session.rollback()
            while waits and (sealed := _seal_one(app)) is not None:
                audit_heads.append(config.audit_heads_path, sealed.id, sealed.digest, begins=sealed.begins)
                count += sealed.count
            return count
        finally:
            db.session.remove()


def _seal_one(app: Flask) -> audit_seals.Sealed | None:
    config = app.config["TRACKER"]
    path = config.seal_keys_path
    keys = keys_of(path, config.seal_suite)
    try:
        sealed = audit_seals.seal_next(keys[-1], clock.now())
        db.session.commit()
    except IntegrityError:  # another worker sealed the same
        db.session.rollback()
        return None
    return sealed


def purge_due(app: Flask) -> int:
    """Delete the events that were kept long enough. Returns how many."""
    days = app.config["TRACKER"].audit_days
    return if_due(
        app,
        lambda: may_go(days, clock.now()) is not None,
        lambda: audit_seals.purge(days, clock.now()),
    )
