"""Every file that somebody sends goes by the operator's virus scanner, before a view sees it."""

from __future__ import annotations

from typing import BinaryIO, cast

from flask import Flask, Response, current_app, g, request
from flask_babel import gettext
from flask_login import current_user

from tracker.db import db
from tracker.errors import LATER, passing
from tracker.files.scanner import ScannerAway, is_infected
from tracker.limits import COUNTED, Sort
from tracker.rules.evidence import shown_name
from tracker.security_events import note_infected


def hold_to_scanner() -> Response | None:
    """Before a view that takes files: none of them is let through that the scanner did not call clean.

    Nothing is held meanwhile: the transaction is given back. One that is away lets nothing through either.
    """
    command = current_app.config["TRACKER"].scanner
    if not command or COUNTED.get(request.endpoint or "") is not Sort.UPLOAD:
        return None
    files = [file for _, file in request.files.items(multi=True) if file.filename]
    if files:
        db.session.rollback()
    for file in files:
        try:
            if is_infected(cast("BinaryIO", file.stream), command):
                return _infected(file.filename or "")
        except ScannerAway as away:
            return _away(away)
    return None


def _infected(filename: str) -> Response:
    g.refused = "scanner: found"
    note_infected(current_user.id, str(request.endpoint))
    return passing(
        422,
        None,
        gettext("The virus scanner found something"),
        gettext(
            "In “%(name)s” the virus scanner found something; no file of this form was kept. Do not open it, "
            "and tell the administrator from which computer it comes. What you typed is kept in this page.",
            name=shown_name(filename),
        ),
    )


def _away(away: ScannerAway) -> Response:
    g.refused = "scanner: away"
    current_app.logger.error("the virus scanner gave no answer: %s", away.why)
    return passing(
        503,
        LATER,
        gettext("The virus scanner does not answer"),
        gettext(
            "Files are not kept until the virus scanner has looked at them, so these were not. Tell the "
            "administrator. What you typed is kept in this page; send it again in a few minutes."
        ),
    )


def init_app(app: Flask) -> None:
    app.before_request(hold_to_scanner)
