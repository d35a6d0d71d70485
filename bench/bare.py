"""The limits: Flask with nothing on it, under the same server.

BARE_PAGES   a folder; /bytes/NAME answers with the file of that name, read once.
BARE_URL     a database; POST /insert writes one row and commits it.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

own = threading.local()


def open_sqlite(path: str) -> Any:
    """A connection set as the tracker's are (tracker/db.py): every commit waits for the disk."""
    from tracker.db import BUSY_TIMEOUT, WAL_SAFE_FROM, sqlite_module

    module = sqlite_module()
    line = module.connect(path, check_same_thread=False, isolation_level=None)
    mode = "WAL" if module.sqlite_version_info >= WAL_SAFE_FROM else "DELETE"
    for pragma in (f"busy_timeout={BUSY_TIMEOUT}", f"journal_mode={mode}", "synchronous=FULL"):
        line.execute(f"PRAGMA {pragma}")
    return line


def connect(url: str) -> Any:
    """A connection of this thread's own, kept."""
    if not hasattr(own, "line"):
        own.line = connect_anew(url)
    return own.line


def connect_anew(url: str) -> Any:
    """A connection of the driver itself; each statement commits by itself unless BEGIN is said."""
    if url.startswith("sqlite:///"):
        return open_sqlite(url.removeprefix("sqlite:///"))
    import psycopg

    return psycopg.connect(url, autocommit=True)


def make_app() -> Flask:
    """All of them in one application: a route that is not asked for costs nothing."""
    app = Flask("bare", static_folder=None)
    folder, url = os.environ.get("BARE_PAGES"), os.environ.get("BARE_URL", "")
    pages = {one.name: one.read_bytes() for one in Path(folder).iterdir()} if folder else {}
    mark = "?" if url.startswith("sqlite") else "%s"
    row = f"INSERT INTO bare_row (who, day, minutes, title) VALUES ({mark}, {mark}, {mark}, {mark})"  # noqa: S608

    @app.get("/static/css/base.css")
    def ready() -> str:
        """What tests.proof.server waits for."""
        return "ready"

    @app.get("/bytes/<name>")
    def page(name: str) -> Response:
        return Response(pages[name], mimetype="text/html")

    @app.post("/insert")
    def insert() -> Response:
        form = request.form
        values = (1, form["happened_on"], form["minutes"], form["title"])
        connect(url).execute(row, values)  # commits by itself
        return Response(status=303, headers={"Location": "/"})

    return app


app = make_app()
