"""Seals the audit once a minute, tells the log what was sealed, and lets go of what was kept long enough."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from flask import Flask
from sqlalchemy.exc import IntegrityError

from tracker import clock
from tracker.db import db
from tracker.files import audit_heads
from tracker.queries.audit_seals import is_waiting, may_go
from tracker.services import audit_seals
from tracker.services.seal_keys import keys_of
from tracker.worker.rounds import if_due

log = logging.getLogger("tracker.audit")


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
                for event in sealed.events:  # not before: who waits to write need not wait for the log too
                    log.info("event", extra={"fields": line_of(event)})
                count += len(sealed.events)
            return count
        finally:
            db.session.remove()


def line_of(event: Mapping[str, Any]) -> dict[str, Any]:
    """An event as the log tells it, and `flask audit lines` once more: its columns under plain names."""
    return {
        "event": event["id"],
        "happened": event["at"].isoformat(),
        "actor": event["actor_id"],
        "act": event["action"],
        "subject": event["subject_type"],
        "subject_id": event["subject_id"],
        "detail": event["detail"],
    }


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
