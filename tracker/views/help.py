"""Help inside the application, and what is kept about whom."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from flask_login import current_user

from tracker.access import PUBLIC, SIGNED_IN, requires
from tracker.files.personal_catalogue import catalogue
from tracker.queries.campaigns import spec_of
from tracker.rules.addresses import local_address
from tracker.views.asof import campaign_here
from tracker.views.audit_words import PAGES, ROLES
from tracker.views.help_sections import SECTIONS
from tracker.views.tours import own_roles, stop_address

bp = Blueprint("help", __name__)


@bp.get("/help")
@requires(PUBLIC)
def show() -> str:
    """The daily round for each role; how to read the figures, bring in files, undo and reverse."""
    campaign = campaign_here()
    roles = own_roles() if current_user.is_authenticated else []
    return render_template(
        "help/show.html",
        spec=spec_of(campaign) if campaign else None,
        tours=[(role, stop_address(role, 1)) for role in roles],
        ROLES=ROLES,
    )


@bp.get("/help/<room>")
@requires(PUBLIC)
def room(room: str) -> str:
    """What one page is for: what to do there, what counts, what can be undone. ?back= is that page."""
    section = SECTIONS.get(room) or abort(404)
    back = local_address(request.args.get("back"))
    return render_template("help/room.html", section=section, title=PAGES[room], back=back)


@bp.get("/help/data")
@requires(SIGNED_IN)
def data() -> str:
    """What is kept about people: why, for how long, and who sees it."""
    return render_template("help/data.html", catalogue=catalogue())
