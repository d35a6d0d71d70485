"""Which campaign a page is about: its forms carry it, and write into no other one."""

from __future__ import annotations

from flask import Blueprint, g, request
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from tracker.access import Permission, may
from tracker.db import db
from tracker.errors import error_page
from tracker.models import Campaign
from tracker.queries.campaigns import campaign_by_code, current_campaign, spec_of
from tracker.views.asof import archive_here, campaign_here
from tracker.views.jot_kinds import own_kinds

FIELD = "campaign_shown"
# Where it does not matter which campaign the page showed.
ANYWHERE = frozenset(
    ("campaigns.choose", "drafts.save", "looks.change", "sessions.language", "sessions.sign_in",
     "sessions.sign_out")
)  # fmt: skip
# Rooms whose buttons write into the campaign. In others (roster, accounts, holidays) it does not matter.
WRITE_INTO_CAMPAIGN = frozenset(
    ("absences", "arrivals", "bulletins", "calendar", "comments", "confirmations", "deadlines", "drafts",
     "entries", "evidence", "jots", "kept_notes", "mappings", "me", "own_figures", "pairings", "papers",
     "plans", "quoted", "records", "resolutions", "results", "series", "shares", "stages", "statements",
     "ticks", "twins", "verifications")
)  # fmt: skip
# What is offered nowhere while the campaign is in the archive.
WRITES = frozenset(
    (Permission.BULLETIN_WRITE, Permission.COMMENT_WRITE, Permission.FIGURE_WRITE, Permission.PLAN_WRITE,
     Permission.QUOTED_WRITE, Permission.RECORD_ENTER, Permission.RECORD_REVERSE, Permission.RECORD_WRITE,
     Permission.STATEMENT_WRITE)
)  # fmt: skip


def campaign_shown() -> str:
    """The code of the campaign that the page is about, for its forms; "" if there is none, or if it cannot be
    read: error pages do without."""
    if FIELD not in g:
        try:
            campaign = campaign_here()
        except SQLAlchemyError:
            db.session.rollback()
            campaign = None
        g.campaign_shown = campaign.code if campaign else ""
    code: str = g.campaign_shown
    return code


def may_here(permission: Permission) -> bool:
    """Whether a template offers this: the reader may, and the campaign takes it."""
    return may(permission) and not (permission in WRITES and archive_here() is not None)


def takes_own_entries() -> bool:
    """Whether members note anything of their own in the campaign: it has a kind for that, and is open."""
    campaign = campaign_here()
    if campaign is None:
        return True  # the page says that there is none yet
    return archive_here() is None and bool(own_kinds(spec_of(campaign)))


def other_campaign() -> Campaign | None:
    """The current campaign, where the reader works in another one."""
    if not current_user.is_authenticated or not current_user.works_in:
        return None
    current = current_campaign()
    return current if current and current.id != current_user.works_in else None


def check_shown() -> Response | None:
    """Before a form is taken: the campaign that its page showed is still the one in which the reader works.

    Somebody who changes it in one tab has forms of the other campaign open in another; they are told so, and
    nothing is written.
    """
    shown = request.form.get(FIELD)
    if shown is None or request.endpoint in ANYWHERE or not current_user.is_authenticated:
        return None
    here = campaign_here()
    if here is None or here.code == shown:
        return None
    was = campaign_by_code(shown)
    return error_page(
        409,
        gettext("You work in another campaign now"),
        gettext(
            "This page showed “%(was)s”; meanwhile you went over to “%(now)s” in another tab, or signed "
            "in anew. Nothing was written. Go back, keep what you typed, choose “%(was)s” again, send it.",
            was=was.name if was else shown, now=here.name,
        ),
    )  # fmt: skip


def init_blueprint(bp: Blueprint) -> None:
    """Hold every form to its campaign, and give templates what they ask."""
    bp.before_app_request(check_shown)
    bp.add_app_template_global(may_here, "may")
    bp.add_app_template_global(campaign_shown)
