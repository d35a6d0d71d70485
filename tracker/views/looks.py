"""How pages look on this device: size of type, and light or dark."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from tracker.access import PUBLIC, requires
from tracker.looks import CHOICES, PLAIN, keep_cookie
from tracker.rules.addresses import local_address
from tracker.rules.refusal import N_, Refused

bp = Blueprint("looks", __name__)


@bp.post("/looks")
@requires(PUBLIC)
def change() -> Response:
    """Keep in this browser, for a year, how pages are to look, and go back to the page."""
    chosen = {name: request.form[name] for name in CHOICES if name in request.form}
    if not chosen or any(value not in (*CHOICES[name], PLAIN[name]) for name, value in chosen.items()):
        raise Refused(
            N_("Pages cannot look like that. They stay as they are; choose with the buttons at the foot.")
        )
    response = redirect(local_address(request.form.get("next")) or url_for("bureau.show"), 303)
    for name, value in chosen.items():
        keep_cookie(response, name, None if value == PLAIN[name] else value)
    return response
