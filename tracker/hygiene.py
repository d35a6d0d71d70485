"""What no page of ours sends and no database can keep: refused before a view reads it."""

from __future__ import annotations

from itertools import chain

from flask import Flask, abort, request

NUL = "\x00"


def refuse_nul() -> None:
    """A NUL in an address, a field or a file name is a 400: nobody types one, PostgreSQL keeps none."""
    fields = chain(request.args.items(multi=True), request.form.items(multi=True))
    files = ((name, file.filename or "") for name, file in request.files.items(multi=True))
    if any(NUL in name or NUL in value for name, value in chain(fields, files)):
        abort(400)


def init_app(app: Flask) -> None:
    app.before_request(refuse_nul)
