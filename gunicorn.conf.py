"""What gunicorn does when it is started from this folder. The command line goes before this."""

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from gunicorn.config import Config
from gunicorn.glogging import Logger

from log_lines import JsonLines


class Lines(Logger):  # type: ignore[misc]  # it ships no types
    """The server's own lines: JSON, and nothing in them that came with a request."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            handler.setFormatter(JsonLines())

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        if msg.startswith("Invalid request from"):  # it quotes the request and the address of who sent it
            sort = sys.exc_info()[0]
            msg, args = "a request that is put together wrongly: %s", (sort.__name__ if sort else "",)
        super().warning(msg, *args, **kwargs)

    def exception(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        if str(msg).startswith("Error handling request"):  # it goes on with the address that was asked for
            msg, args = "Error handling request", ()
        super().exception(msg, *args, **kwargs)


def on_starting(_server: Any) -> None:
    """What processes of an earlier start had counted is none of ours."""
    for path in Path(os.environ.get(COUNTED, os.devnull)).glob("*.db"):
        path.unlink()


def on_exit(_server: Any) -> None:
    """Nobody reads any more what they had counted."""
    if _made:
        shutil.rmtree(_made, ignore_errors=True)


COUNTED = "PROMETHEUS_MULTIPROC_DIR"  # where prometheus_client lets the processes share what they count
_made = ""
if os.environ.get("TRACKER_METRICS_TOKEN", "").strip() and COUNTED not in os.environ:
    # The files are mapped, and a mapped file on a full disk kills its process: so in memory, where there is
    # a folder of it. mkdtemp draws the name and lets nobody else in.
    _memory = "/dev/shm"  # noqa: S108
    _made = tempfile.mkdtemp(prefix="tracker-metrics-", dir=_memory if os.access(_memory, os.W_OK) else None)
    os.environ[COUNTED] = _made

control_socket_disable = True  # nobody speaks to it but by signals
if os.environ.get("TRACKER_ENVIRONMENT") == "production":
    logger_class = Lines
    # Where an operator turns the access log on: no address, for it may hold names and the tokens of screens.
    access_log_format = "served %(m)s %(s)s in %(M)s ms"
