"""Help inside the application."""

from __future__ import annotations

from flask import Blueprint, render_template

from tracker.access import PUBLIC, requires
from tracker.queries.campaigns import current_campaign, spec_of

bp = Blueprint("help", __name__)


@bp.get("/help")
@requires(PUBLIC)
def show() -> str:
    """How to read the figures, bring in files, undo and reverse."""
    campaign = current_campaign()
    return render_template("help/show.html", spec=spec_of(campaign) if campaign else None)
