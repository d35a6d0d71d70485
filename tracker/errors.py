"""Error pages: what happened, what was kept, what to do. Never a traceback."""

from __future__ import annotations

from flask import Flask, Response, g, make_response, render_template, request
from flask.globals import request_ctx
from flask_babel import gettext
from flask_login import AnonymousUserMixin, current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from werkzeug.exceptions import HTTPException

from tracker.db import db
from tracker.rules.refusal import Refused


def _forget_unreadable_reader() -> None:
    """Let the page be for nobody if the account cannot be read: every template asks who is signed in."""
    try:
        bool(current_user.is_authenticated)
    except SQLAlchemyError:
        db.session.rollback()
        g._login_user = AnonymousUserMixin()  # where Flask-Login keeps it for this request


def error_page(status: int, heading: str, advice: str) -> Response:
    """A page for one error, in the frame of the others."""
    # With an impossible Host no address of ours can be written into a page. And nobody looks at the page of a
    # missing static file, which would wait for SQLite's write lock.
    if request_ctx.url_adapter is None or request.endpoint == "static":
        return Response(f"{status} {heading}\n", status, mimetype="text/plain")
    _forget_unreadable_reader()
    return make_response(render_template("error.html", status=status, heading=heading, advice=advice), status)


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
    db.session.rollback()
    return error_page(
        500,
        gettext("Something went wrong on our side"),
        gettext("Nothing was written. Try again; if it happens again, tell the administrator the time."),
    )


def _form_expired(error: CSRFError) -> Response:
    return error_page(
        400,
        gettext("This form is no longer valid"),
        gettext("You were signed out or in meanwhile. Go back, reload the page and send the form again."),
    )


def _integrity(error: IntegrityError) -> Response:
    db.session.rollback()
    return conflict()


def _database(error: OperationalError) -> Response:
    db.session.rollback()
    response = error_page(
        503,
        gettext("The database does not answer"),
        gettext("Nothing was written. Try again in a few seconds."),
    )
    response.headers["Retry-After"] = "5"
    return response


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _form_expired)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(IntegrityError, _integrity)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(500, _unexpected)
