"""Seals the audit once a minute, and lets go of events that were kept long enough."""

from __future__ import annotations

from flask import Flask
from sqlalchemy.exc import IntegrityError

from tracker import clock
from tracker.db import db
from tracker.files import audit_heads
from tracker.files.seal_keys import first_keys, load_keys
from tracker.queries.audit_seals import is_waiting, may_go
from tracker.services import audit_seals


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
    keys = load_keys(path) if path.exists() else first_keys(path, config.seal_suite)
    try:
        sealed = audit_seals.seal_next(keys[-1], clock.now())
        db.session.commit()
    except IntegrityError:  # another worker sealed the same
        db.session.rollback()
        return None
    return sealed


def purge_due(app: Flask) -> int:
    """Delete the events that were kept long enough. Returns how many. Looking takes no lock."""
    days = app.config["TRACKER"].audit_days
    with app.app_context():
        try:
            db.session.connection(execution_options={"read_only": True})
            is_due = may_go(days, clock.now()) is not None
            db.session.rollback()
            count = audit_seals.purge(days, clock.now()) if is_due else 0
            db.session.commit()
            return count
        finally:
            db.session.remove()
