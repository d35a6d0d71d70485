"""How large a request may be, and what no page of ours sends: refused before a view reads it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request

from tracker.db import db
from tracker.rules.evidence import MOST_AT_ONCE
from tracker.rules.import_reports import MOST_FILES

NUL = "\x00"
View = TypeVar("View", bound=Callable[..., Any])


def takes_files(view: View) -> View:
    """Mark a view whose form may carry files of evidence: its requests may be larger than others."""
    view.takes_files = True  # type: ignore[attr-defined]  # a function carries it as an attribute
    return view


def takes_workbooks(view: View) -> View:
    """Mark a view whose form may carry several workbooks, likewise."""
    view.takes_workbooks = True  # type: ignore[attr-defined]  # a function carries it as an attribute
    return view


def widen_for_files() -> None:
    """Let a form with files be as large as the most of them; before anybody reads it."""
    view, config = current_app.view_functions.get(request.endpoint or ""), current_app.config["TRACKER"]
    most = current_app.config["MAX_CONTENT_LENGTH"]
    if getattr(view, "takes_files", False):
        most = MOST_AT_ONCE * config.evidence_bytes + 2**20
    if getattr(view, "takes_workbooks", False):
        most = MOST_FILES * config.upload_bytes + 2**20
    request.max_content_length = max(most, current_app.config["MAX_CONTENT_LENGTH"])


def take_files_in() -> None:
    """Read a form with files while nothing is held: on SQLite a slow upload would stop all who write."""
    if request.mimetype == "multipart/form-data":
        db.session.rollback()
        request.files  # noqa: B018  (the first look at them reads the whole request)


def refuse_nul() -> None:
    """A NUL in an address, a field or a file name is a 400: nobody types one, PostgreSQL keeps none."""
    fields = chain(request.args.items(multi=True), request.form.items(multi=True))
    files = ((name, file.filename or "") for name, file in request.files.items(multi=True))
    if any(NUL in name or NUL in value for name, value in chain(fields, files)):
        abort(400)


def init_app(app: Flask) -> None:
    app.before_request(refuse_nul)
