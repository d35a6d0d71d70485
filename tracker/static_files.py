"""Static files as browsers want them: an address that changes with the content, kept a year, compressed.

Pages themselves are not compressed: they hold a secret (the token of their forms) beside words that a reader
may choose (a search, a name). Over TLS the length of such an answer, compressed, gives the secret away letter
by letter (BREACH). Static files hold neither.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import mimetypes
from pathlib import Path
from time import monotonic
from typing import Any

from flask import Flask, Response, current_app, request, send_from_directory
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

from tracker.watching import is_for_programs

YEAR = 31536000  # seconds
COMPRESSED = {".css", ".js", ".svg", ".json", ".webmanifest", ".html", ".txt"}
TOO_SMALL = 500  # bytes: what fits into one packet anyhow


@functools.lru_cache(maxsize=256)
def _digest(path: Path, changed_ns: int, size: int) -> str:
    """Twelve digits that stand for a file's content; the other arguments let a change be noticed."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


@functools.lru_cache(maxsize=256)
def _zipped(path: Path, digest: str) -> bytes:
    return gzip.compress(path.read_bytes(), 6, mtime=0)


def digest_of(filename: str) -> str | None:
    """The version of a file below static/ by its content, twelve hexadecimal digits; None without a file."""
    joined = safe_join(str(current_app.static_folder), filename)
    if joined is None:
        return None
    path = Path(joined)
    try:
        found = path.stat()
        return _digest(path, found.st_mtime_ns, found.st_size)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return None


def add_version(endpoint: str, values: dict[str, Any]) -> None:
    """Give the address of a static file its version: ?v=0a1b2c3d4e5f."""
    if endpoint == "static" and "v" not in values and (digest := digest_of(values["filename"])):
        values["v"] = digest


@functools.lru_cache(maxsize=512)
def _address(root: str, filename: str, second: int) -> str:
    """What url_for gives. A page has a hundred icons of one file: that is looked at once a second."""
    digest = digest_of(filename)
    return f"{root}/{filename}" + (f"?v={digest}" if digest else "")


def address_of(filename: str) -> str:
    """The address of a file below static/, with its version: /static/seal.svg?v=0a1b2c3d4e5f. A file that
    changes has its new address within a second."""
    root = f"{request.script_root}{current_app.extensions['static_url_path']}"
    return _address(root, filename, int(monotonic()))


def serve(filename: str) -> Response:
    """A file below static/: kept for a year if its address names the version here, else asked for again."""
    folder, digest = str(current_app.static_folder), digest_of(filename)
    if digest is None:
        raise NotFound
    path = Path(str(safe_join(folder, filename)))
    varies = path.suffix in COMPRESSED and path.stat().st_size >= TOO_SMALL
    if varies and request.accept_encodings["gzip"] > 0 and "Range" not in request.headers:
        kind = mimetypes.guess_type(path.name)[0]
        response = Response(_zipped(path, digest), mimetype=kind, headers={"Content-Encoding": "gzip"})
        response.set_etag(f"{digest}-gzip")  # to a cache it is another thing than the plain file
        response.make_conditional(request)
    else:
        response = send_from_directory(folder, filename, etag=digest)
    kept = request.args.get("v") == digest
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if kept else "no-cache"
    if varies:
        response.vary.add("Accept-Encoding")
    return response


class Sessions(SecureCookieSessionInterface):
    """Sessions in a cookie, signed with HMAC-SHA-256 (Flask's own way is SHA-1), of which static files and
    what programs ask for know nothing.

    Flask-Login looks into the session after every request; an answer that depends on a cookie would be asked
    for again once that changes.
    """

    digest_method = staticmethod(hashlib.sha256)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if request.endpoint != "static" and not is_for_programs():
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    """Version the addresses of static files and serve them."""
    app.url_defaults(add_version)
    app.view_functions["static"] = serve
    # Flask works it out anew each time it is asked, and a page asks seventy times.
    app.extensions["static_url_path"] = app.static_url_path
    app.jinja_env.globals["static"] = address_of
    app.session_interface = Sessions()
