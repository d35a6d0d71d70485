"""One line of JSON for each thing that is logged. It stands alone: gunicorn loads it, and no application."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

About = Callable[[], Mapping[str, Any]]


class JsonLines(logging.Formatter):
    """A record as a line: when (UTC, with its offset), how bad, what; an error's trace is a field of it.

    Everything but ASCII is escaped, so nothing that somebody sent ends a line, moves a cursor or looks like
    a line of its own.
    """

    def __init__(self, about: About | None = None) -> None:
        """about: what is known of the request that is being answered, for each line."""
        super().__init__()
        self.about = about

    def format(self, record: logging.LogRecord) -> str:
        at = dt.datetime.fromtimestamp(record.created, dt.UTC)
        line: dict[str, Any] = {
            "at": at.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "log": record.name,
            "says": record.getMessage(),
            "process": record.process,
        }
        line |= self.about() if self.about else {}
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)
