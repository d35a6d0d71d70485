"""What watches the machine asks: does the process answer, may it be sent people, how much waits."""

from __future__ import annotations

import datetime as dt
import enum
import functools
import json

from flask import Blueprint, Response, current_app, g
from sqlalchemy.exc import SQLAlchemyError

from config import Config
from tracker.access import MACHINE, PUBLIC, requires
from tracker.clock import now
from tracker.doctor import may_serve
from tracker.files.watch import takes_files
from tracker.queries import watch as queries
from tracker.watching import for_programs
from tracker.worker.schemas import schema

bp = Blueprint("watch", __name__)
PATIENCE = 2.0  # seconds for a statement of /readyz
LONGER = 5.0  # and of /metrics, which counts
LATELY = dt.timedelta(minutes=10)  # a worker comes round once a minute; making a backup takes some of them


class State(enum.StrEnum):
    """What a check of /readyz comes to."""

    OK = "ok"
    FAILED = "failed"
    UNKNOWN = "unknown"  # the database did not answer
    OFF = "off"  # no worker is expected


@bp.get("/healthz")
@requires(PUBLIC)
@for_programs
def healthz() -> Response:
    """The process answers: nothing else is asked."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@requires(PUBLIC)
@for_programs
def readyz() -> Response:
    """Whether people can be sent here: 200, or 503; each check with a word, as JSON."""
    config: Config = current_app.config["TRACKER"]
    checks = _of_database(config)
    checks["folder"] = State.OK if takes_files(config.data_dir) else State.FAILED
    failed = [name for name, state in checks.items() if state is State.FAILED]
    if failed:
        g.refused = "not ready: " + ", ".join(failed)  # in the line of the request
    said = {"ready": not failed, **checks}
    return Response(json.dumps(said) + "\n", 503 if failed else 200, mimetype="application/json")


def _of_database(config: Config) -> dict[str, State]:
    expected = config.jobs != "manual"
    checks = dict.fromkeys(("database", "settings", "schema", "worker"), State.UNKNOWN)
    if not expected:
        checks["worker"] = State.OFF
    try:
        with queries.within(PATIENCE):
            checks["schema"] = _state(queries.schema_now() == _newest())
            if expected and checks["schema"] is State.OK:
                checks["worker"] = _state(queries.is_looked_after(now() - LATELY, now()))
        checks["settings"] = _state(may_serve())
        checks["database"] = State.OK
    except SQLAlchemyError:
        checks["database"] = State.FAILED
    return checks


def _state(is_well: bool) -> State:
    return State.OK if is_well else State.FAILED


@functools.cache
def _newest() -> str:
    """The newest revision that this process knows: read once, since its program does not change either."""
    return schema().head


@bp.get("/metrics")
@requires(MACHINE)
@for_programs
def metrics() -> Response:
    """Requests as the processes counted them, and how much waits as the database has it, for Prometheus."""
    from tracker.metrics import CONTENT_TYPE, exposition  # there where a token is set

    try:
        with queries.within(LONGER):
            load = queries.load_now()
    except SQLAlchemyError:  # what the processes counted is told all the same
        load = None
    return Response(exposition(load), content_type=CONTENT_TYPE)
