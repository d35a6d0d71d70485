"""Suggestions on how to lift a burden."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import SIGNED_IN, Permission, may, requires
from tracker.clock import now
from tracker.forms.records import read_page
from tracker.forms.suggestions import SuggestionForm
from tracker.queries.suggestions import suggestions_page
from tracker.rules.addresses import local_address
from tracker.rules.refusal import Refused
from tracker.services.suggestions import add_suggestion

bp = Blueprint("suggestions", __name__)


def _came_from() -> str:
    """The path of the page before, without its query: that may hold a name."""
    try:
        before = urlsplit(request.referrer or "")
    except ValueError:  # what a browser never sends
        return ""
    return before.path[:200] if before.netloc == request.host and local_address(before.path) else ""


@bp.route("/suggestions/new", methods=["GET", "POST"])
@requires(SIGNED_IN)
def new() -> Response | str | tuple[str, int]:
    """Ask for a suggestion, and keep it."""
    form = SuggestionForm()
    if form.validate_on_submit():
        try:
            add_suggestion(
                form.text.data or "", local_address(form.page.data) or "", by=current_user, at=now()
            )
        except Refused as refusal:
            form.text.errors = [*form.text.errors, gettext(refusal.msgid, **refusal.params)]
        else:
            flash(gettext("Thank you. The party office reads every suggestion."), "success")
            seen_by_me = may(Permission.SUGGESTION_SEE)
            return redirect(url_for("suggestions.index" if seen_by_me else "suggestions.new"), 303)
    if not form.is_submitted():
        form.page.data = _came_from()
    page = render_template("suggestions/new.html", form=form)
    return (page, 422) if form.is_submitted() else page


@bp.get("/suggestions")
@requires(Permission.SUGGESTION_SEE)
def index() -> str:
    """All suggestions, newest first."""
    page = suggestions_page(read_page(request.args.get("page")))
    return render_template(
        "suggestions/index.html",
        page=page,
        page_address=lambda number: url_for("suggestions.index", page=number),
    )
