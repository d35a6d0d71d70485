"""Work that comes round by the clock: looked at without a lock, done if it is due."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from flask import Flask

from tracker import clock, logs
from tracker.db import db
from tracker.models import Beat
from tracker.services.heartbeats import note_beat

log = logging.getLogger(__name__)
Round = Callable[[Flask], object]


def if_due(app: Flask, is_due: Callable[[], bool], act: Callable[[], int]) -> int:
    """Do `act` in a transaction of its own if `is_due` says so. Returns how many it says, 0 if not due.

    Looking takes no lock: on SQLite an idle worker must not stop those who write.
    """
    with app.app_context():
        try:
            db.session.connection(execution_options={"read_only": True})
            due = is_due()
            db.session.rollback()
            count = act() if due else 0
            db.session.commit()
            return count
        finally:
            db.session.remove()


def all_of(app: Flask, rounds: Sequence[Round]) -> bool:
    """Do each of them: one that breaks off is logged and keeps none of the others from its turn.

    Returns whether none broke off.
    """
    is_well = True
    for one in rounds:
        try:
            with logs.working_on(one.__name__):
                one(app)
        except Exception:
            log.exception("%s broke off", one.__name__)
            is_well = False
    return is_well


def come_round(app: Flask, beat: Beat, rounds: Sequence[Round]) -> None:
    """Do all of them, and keep when that was and whether one broke off."""
    is_well = all_of(app, rounds)
    with app.app_context():
        try:
            note_beat(beat, clock.now(), is_well=is_well)
            db.session.commit()
        finally:
            db.session.remove()
