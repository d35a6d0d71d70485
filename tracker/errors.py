"""Error pages: what happened, what was kept, what to do. Never a traceback."""

from __future__ import annotations

import errno

from flask import Flask, Response, g, make_response, render_template, request
from flask.globals import request_ctx
from flask_babel import gettext
from flask_login import AnonymousUserMixin, current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, InternalServerError

from tracker.db import db
from tracker.rules.refusal import Refused

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
DISK_FULL = "53100"  # PostgreSQL's name for it
SOON, LATER = 5, 60  # seconds after which it is worth trying again
# Fields that are never written into a page: somebody else may look at it.
SECRETS = {"password", "current", "again", "code", "sealed"}
LONGEST_KEPT = 200_000  # characters that a page, or a sign-in, carries to be sent again


def _forget_unreadable_reader() -> None:
    """Let the page be for nobody if the account cannot be read: every template asks who is signed in."""
    try:
        bool(current_user.is_authenticated)
    except SQLAlchemyError:
        db.session.rollback()
        g._login_user = AnonymousUserMixin()  # where Flask-Login keeps it for this request


def error_page(status: int, heading: str, advice: str, sent: list[tuple[str, str]] | None = None) -> Response:
    """A page for one error, in the frame of the others.

    sent: the fields of a form that came with the request, to be sent again from the page; names and texts.
    """
    # With an impossible Host no address of ours can be written into a page. And nobody looks at the page of a
    # missing static file, which would wait for SQLite's write lock.
    if request_ctx.url_adapter is None or request.endpoint == "static" or not _reads_pages():
        return Response(f"{status} {heading}\n{advice}\n", status, mimetype="text/plain")
    _forget_unreadable_reader()
    files = sorted({name for name, file in request.files.items(multi=True) if file.filename}) if sent else []
    page = render_template(
        "error.html", status=status, heading=heading, advice=advice, sent=sent, files=files
    )
    return make_response(page, status)


def _reads_pages() -> bool:
    """Whether whoever asks takes a page: a program that says what it takes, and not HTML, gets the words."""
    taken = request.accept_mimetypes
    return not taken or taken.accept_html


def conflict() -> Response:
    """Somebody was faster."""
    return error_page(
        409,
        gettext("Somebody else was faster"),
        gettext("This has changed since you opened the page. Reload it and try again; nothing was written."),
    )


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    match status:
        case 400:
            words = (
                gettext("This request cannot be understood"),
                gettext("Go back, reload the page and send the form again. Nothing was written."),
            )
        case 404:
            words = (
                gettext("There is no such page here"),
                gettext(
                    "It does not exist, or you may not see it. Check the address, or go to the start page."
                ),
            )
        case 405:
            words = (
                gettext("This page cannot be opened like that"),
                gettext("Use the buttons of the page itself."),
            )
        case 409:
            return conflict()
        case 413:
            words = (
                gettext("The file is too large"),
                gettext(
                    "Send a smaller one, or fewer at once: a workbook can be split, a picture made smaller. "
                    "Nothing was written."
                ),
            )
        case _:
            words = gettext("Something went wrong"), gettext("Try again in a moment. Nothing was written.")
    return error_page(status, *words)


def _refused(error: Refused) -> Response:
    db.session.rollback()
    return error_page(422, gettext("This cannot be done"), gettext(error.msgid, **error.params))


def _unexpected(error: Exception) -> Response:
    """Anything else. What breaks at the commit, after the view, comes by here too."""
    cause = error.original_exception if isinstance(error, InternalServerError) else error
    if isinstance(cause, (OSError, SQLAlchemyError)) and (answer := _known(cause)):
        return answer
    db.session.rollback()
    return error_page(
        500,
        gettext("Something went wrong on our side"),
        gettext(
            "Nothing was written. Try again; if it happens again, tell the administrator this number: "
            "%(number)s.",
            number=g.get("number"),
        ),
    )


def _form_expired(error: CSRFError) -> Response:
    g.refused = "token of the form"
    return error_page(
        400,
        gettext("This form is no longer valid"),
        gettext("You were signed out or in meanwhile. Go back, reload the page and send the form again."),
    )


def _integrity(error: IntegrityError) -> Response:
    db.session.rollback()
    return conflict()


def _known(error: Exception) -> Response | None:
    """The page for a database that is away or a disk that is full; None for other errors."""
    if _is_full(error):
        return _unread(
            507,
            LATER,
            gettext("There is no room left"),
            gettext(
                "The system's disk is full, so this was not kept. Reading goes on. Tell the administrator; "
                "once there is room, send it again."
            ),
        )
    is_away = isinstance(error, (OperationalError, InterfaceError, PoolTimeout))
    if not is_away and not (isinstance(error, DBAPIError) and error.connection_invalidated):
        return None
    if request.method in ("GET", "HEAD"):
        advice = gettext("Try again in a few seconds. Nothing is lost.")
    else:
        advice = gettext(
            "It is not known whether this was still written. Send it again in a few seconds: it is written "
            "once only, and nothing that you typed is lost."
        )
    return _unread(503, SOON, gettext("The database does not answer"), advice)


def _is_full(error: Exception) -> bool:
    """Whether there is no room: for a file, for SQLite, or for PostgreSQL."""
    if isinstance(error, OSError):
        return error.errno in FULL
    cause = getattr(error, "orig", None)
    return getattr(cause, "sqlstate", None) == DISK_FULL or "disk is full" in str(cause)


def _unread(status: int, seconds: int, heading: str, advice: str) -> Response:
    """The same for nobody in particular: who is signed in is not asked of a database that may be away."""
    db.session.rollback()
    g._login_user = AnonymousUserMixin()
    return passing(status, seconds, heading, advice)


def passing(status: int, seconds: int | None, heading: str, advice: str) -> Response:
    """A page for what passes by itself; what was typed goes along, to be sent again from it.

    seconds: after which it is worth trying again, for `Retry-After`; None: it passes by no waiting.
    """
    db.session.rollback()
    _read_only()
    response = error_page(status, heading, advice, _sent())
    if seconds is not None:
        response.headers["Retry-After"] = str(seconds)
    return response


def _read_only() -> None:
    """Let the page's frame read beside whoever has SQLite's lock: to ask for it would be to wait again."""
    try:
        db.session.connection(execution_options={"read_only": True})
    except SQLAlchemyError:  # it cannot be read at all, and the frame does without
        db.session.rollback()


def _sent() -> list[tuple[str, str]] | None:
    """The fields of the form that came with the request; None where there is none, or none to be shown."""
    if request.method != "POST":
        return None
    try:
        fields = list(request.form.items(multi=True))
    except OSError:  # the disk was full while the form was read
        return None
    is_short = sum(len(name) + len(value) for name, value in fields) <= LONGEST_KEPT
    is_secret = any(name in SECRETS and value for name, value in fields)
    return fields if fields and is_short and not is_secret else None


def _passes(error: OSError | SQLAlchemyError) -> Response:
    """Raised in a view; what is no such matter is unexpected, and logged as that."""
    if answer := _known(error):
        return answer
    raise error


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _form_expired)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(IntegrityError, _integrity)
    for sort in (OperationalError, InterfaceError, PoolTimeout, OSError):
        app.register_error_handler(sort, _passes)
    app.register_error_handler(500, _unexpected)
