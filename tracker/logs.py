"""One line for each request, with a number to find it by; no name, no address, nothing that was typed."""

from __future__ import annotations

import logging
import logging.config
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from flask import Flask, Request, Response, g, has_request_context, request

from log_lines import JsonLines
from tracker.watching import is_for_programs

log = logging.getLogger(__name__)
_task: ContextVar[str | None] = ContextVar("task", default=None)
HEADER = "X-Request-ID"
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"}
# Why a request was refused, where nobody who refused it said it nearer (`g.refused`).
REASONS = {
    400: "not understood", 404: "out of reach or not there", 405: "not with this method",
    409: "changed meanwhile", 413: "too large", 422: "not accepted", 429: "too often", 503: "away",
    507: "no room",
}  # fmt: skip


def write_lines() -> None:
    """Let this process log lines of JSON on standard error: what a server does in production."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"lines": {"()": JsonLines, "about": about}},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
            "root": {"level": "WARNING", "handlers": ["stderr"]},
            "loggers": {"tracker": {"level": "INFO", "handlers": []}},
        }
    )
    logging.captureWarnings(True)


@contextmanager
def working_on(task: str) -> Iterator[None]:
    """Let each line that is logged within say what the worker is doing.

    task: the sort of a job, or the name of what comes round.
    """
    token = _task.set(task)
    try:
        yield
    finally:
        _task.reset(token)


def task() -> str | None:
    """What the worker is doing in this thread; None where it is none."""
    return _task.get()


def method_of(request: Request) -> str:
    """A request's method; 'other' for one that is none."""
    return request.method if request.method in METHODS else "other"


def about() -> Mapping[str, Any]:
    """Of the request that is being answered: its number, what was asked for, and by which account; of the
    worker, what it is doing."""
    if not has_request_context():
        return {"task": task()} if task() else {}
    return {
        "request": g.get("number"),
        "endpoint": request.endpoint,
        "method": method_of(request),
        "account": g.get("account_id"),
    }


def begin() -> None:
    """Before each request: draw its number. What a browser or proxy sends as one could be anything, and is
    not read."""
    drawn = f"{secrets.randbelow(10**9):09}"
    g.number = f"{drawn[:3]}-{drawn[3:6]}-{drawn[6:]}"  # to be read out on the telephone
    g.began = time.perf_counter()


def finish(response: Response) -> Response:
    """After each request: its line, and its number for whoever asked. Static files have no line, nor has what
    programs ask for again and again, as long as all is well."""
    if "number" not in g:  # it broke before anything else
        return response
    response.headers[HEADER] = g.number
    status = response.status_code
    if (request.endpoint == "static" or is_for_programs()) and status < 400:
        return response
    level = logging.INFO if status < 400 else logging.ERROR if status >= 500 else logging.WARNING
    if log.isEnabledFor(level):
        why = g.get("refused") or REASONS.get(status)
        fields = {"status": status, "ms": round((time.perf_counter() - g.began) * 1000)}
        if (times := g.get("sql_times")) is not None:
            fields |= {"statements": times.count, "sql_ms": round(times.seconds * 1000)}
        fields |= {"refused": why} if why else {}
        said = f"{status} {request.endpoint}" + (f": {why}" if why else "")
        log.log(level, "%s", said, extra={"fields": fields})
    return response


def init_app(app: Flask) -> None:
    """Hook in before all else, so that what all others do is within the line's time."""

    def log_exception(exc_info: Any) -> None:
        """An error that nobody expected, with its request's number; Flask's own sentence has the address."""
        app.logger.error("request %s broke off in %s", g.get("number"), request.endpoint, exc_info=exc_info)

    app.before_request(begin)
    app.after_request(finish)
    app.log_exception = log_exception  # type: ignore[method-assign]
