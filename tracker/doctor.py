"""The doctor: looks at all that is unsafe, for `flask doctor` and before production starts."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

from flask import Flask, abort, current_app
from flask_babel import gettext
from sqlalchemy.exc import DBAPIError

from config import ConfigError
from tracker.clock import now
from tracker.db import db
from tracker.files.doctor import read_installation
from tracker.queries.doctor import read_ledger
from tracker.rules.doctor import SILENT, Finding, examine, judge_accepted, refusals
from tracker.rules.doctor_database import DATABASE
from tracker.rules.doctor_facts import Ledger
from tracker.rules.doctor_machine import MACHINE
from tracker.rules.doctor_settings import SETTINGS
from tracker.watching import is_for_programs

PENDING = "doctor-pending"  # in app.extensions: the database has yet to be looked at
BENDABLE = frozenset(check.id for table in (SETTINGS, MACHINE, DATABASE) for check in table if check.bends)


def look_at_settings() -> list[Finding]:
    """What the checks of settings and machine come to; the database is not asked."""
    config = current_app.config["TRACKER"]
    here = read_installation(config, Path(current_app.root_path), os.environ)
    accepted = config.accepted
    return [
        judge_accepted(accepted, BENDABLE),
        *examine(SETTINGS, here, accepted),
        *examine(MACHINE, here, accepted),
    ]


def look_at_database() -> list[Finding]:
    """What the checks of the database come to; it says so if it does not answer."""
    db.session.rollback()  # what the doctor reads, it reads without a lock
    ledger = _ledger()
    silent = [SILENT] if ledger is None else []
    return silent + examine(DATABASE, ledger, current_app.config["TRACKER"].accepted)


def _ledger() -> Ledger | None:
    every = dt.timedelta(minutes=current_app.config["TRACKER"].backup_minutes)
    try:
        return read_ledger(Path(current_app.root_path) / "migrations", now(), every)
    except DBAPIError:
        return None
    finally:
        db.session.rollback()


def said(finding: Finding) -> str:
    """The sentence of a finding, in the language of whoever asks."""
    return gettext(finding.says, **finding.params)


def hold_to_settings() -> None:
    """In production, raise ConfigError naming all that is refused of settings and machine: for commands."""
    if current_app.config["TRACKER"].is_production:
        _refuse(look_at_settings())


def hold_to_all(app: Flask) -> None:
    """In production, raise ConfigError naming all that is refused: before a server takes its first request.

    A database that does not answer is looked at with the first request that reaches it, and nobody is served
    before: a server that is started again while the database is away comes back by itself.
    """
    if not app.config["TRACKER"].is_production:
        return
    with app.app_context():
        found = look_at_settings() + look_at_database()
    _refuse([finding for finding in found if finding.id != SILENT.id])
    if any(finding.id == SILENT.id for finding in found):
        app.logger.warning("the database does not answer; it is looked at with the first request")
        _look_later(app)


def _refuse(found: list[Finding]) -> None:
    if refused := refusals(found):
        raise ConfigError([f"{finding.id}: {said(finding)}" for finding in refused])


def _look_later(app: Flask) -> None:
    """Let nobody in before the database was looked at and found safe."""
    app.extensions[PENDING] = True

    def look() -> None:
        if not is_for_programs() and not may_serve():
            abort(503)

    app.before_request_funcs.setdefault(None, []).insert(0, look)


def may_serve() -> bool:
    """Whether people may be let in: the database that was away at the start has been found safe since."""
    if current_app.extensions.get(PENDING):
        found = look_at_database()
        for finding in refusals(found):
            current_app.logger.critical("%s: %s", finding.id, said(finding))
        current_app.extensions[PENDING] = bool(refusals(found))
    return not current_app.extensions.get(PENDING)
