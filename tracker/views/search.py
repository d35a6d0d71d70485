"""Search over everything that is the reader's to see. What was asked is kept nowhere."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from tracker.access import SIGNED_IN, requires
from tracker.forms.records import read_text
from tracker.views.asof import campaign_here
from tracker.views.search_words import groups_found

bp = Blueprint("search", __name__)
ON_PAGE, AS_TYPED, OF_ONE = (
    8,
    4,
    50,
)  # hits of a sort: on the page, in the suggestions, where one is asked for


@bp.get("/search")
@requires(SIGNED_IN)
def show() -> str:
    """Everything that answers to ?q=, by sort; more of one sort with ?only=."""
    text, only = read_text(request.args.get("q")), request.args.get("only")
    groups = groups_found(campaign_here(), text, OF_ONE if only else ON_PAGE, only) if text else []
    return render_template("search/show.html", text=text, groups=groups, only=only)


@bp.get("/search/suggestions")
@requires(SIGNED_IN)
def suggestions() -> str:
    """The same, a few of each sort, as the list under the box."""
    text = read_text(request.args.get("q"))
    groups = groups_found(campaign_here(), text, AS_TYPED) if text else []
    return render_template("search/_suggestions.html", text=text, groups=groups)
