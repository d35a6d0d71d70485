"""flask worker: works off the queue of long work in a process of its own (TRACKER_JOBS=worker)."""

from __future__ import annotations

from typing import cast

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from werkzeug.local import LocalProxy

from tracker.worker import work


@click.command("worker")
@click.option("--once", is_flag=True, help="Stop when the queue is empty.")
@with_appcontext
def command(once: bool) -> None:
    """Work off the queue: checks, imports, undoing."""
    app = cast("LocalProxy[Flask]", current_app)._get_current_object()
    work(app, once=once)
