"""The limits: Flask with nothing on it, under the same server.

BARE_PAGES   a folder; /bytes/NAME answers with the file of that name, read once.
BARE_URL     a database; POST /insert writes one row and commits it; /orm reads one row by Flask-SQLAlchemy.
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

    if os.environ.get("BARE_ORM"):
        _with_orm(app, os.environ["BARE_ORM"])
    return app


def _with_orm(app: Flask, url: str) -> None:
    from flask_sqlalchemy import SQLAlchemy
    from sqlalchemy import Integer, String
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

    class Base(DeclarativeBase):
        pass

    orm = SQLAlchemy(model_class=Base)

    class Row(orm.Model):  # type: ignore[name-defined,misc]  # the extension makes its base at run time
        __tablename__ = "member"
        id: Mapped[int] = mapped_column(Integer, primary_key=True)
        name: Mapped[str] = mapped_column(String(200))

    app.config["SQLALCHEMY_DATABASE_URI"] = url
    orm.init_app(app)

    @app.get("/orm")
    def one() -> str:
        found = orm.session.scalars(orm.select(Row).order_by(Row.id).limit(1)).one()
        return f"<!doctype html><title>{found.name}</title>"


app = make_app()
