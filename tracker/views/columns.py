"""Which columns of a list this device shows."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from tracker.access import SIGNED_IN, requires
from tracker.columns import COOKIE, LISTS, hidden_columns, kept_as
from tracker.looks import keep_cookie
from tracker.rules.addresses import local_address
from tracker.rules.refusal import N_, Refused

bp = Blueprint("columns", __name__)


@bp.post("/columns")
@requires(SIGNED_IN)
def change() -> Response:
    """Keep in this browser, for a year, which columns of a list are shown, and go back to the list."""
    page, shown = request.form.get("page", ""), set(request.form.getlist("shown"))
    if page not in LISTS or shown - LISTS[page].keys():
        raise Refused(N_("This list has no such column. Go back to the list and choose again."))
    kept = kept_as({**hidden_columns(), page: frozenset(LISTS[page].keys() - shown)})
    response = redirect(local_address(request.form.get("next")) or url_for("bureau.show"), 303)
    keep_cookie(response, COOKIE, kept or None)
    return response
