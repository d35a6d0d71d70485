"""The campaigns: which to work in, which is the current one, which are in the archive."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, requires
from tracker.clock import now, today
from tracker.forms.base import ActForm
from tracker.forms.campaigns import ArchiveForm
from tracker.models import Campaign, CampaignArchive
from tracker.queries import campaigns as queries
from tracker.rules.refusal import Refused
from tracker.services import archives
from tracker.services.campaign_choice import choose_campaign
from tracker.services.campaigns import open_campaign
from tracker.views import campaign_shown
from tracker.views.asof import campaign_here
from tracker.views.frame import home

bp = Blueprint("campaigns", __name__)
campaign_shown.init_blueprint(bp)
CAMPAIGN = "<string(maxlength=64):campaign_code>"


@bp.get("/campaigns")
@requires(Permission.CAMPAIGN_SEE)
def index() -> str:
    """All campaigns of the bureau, the newest first."""
    return _page()


def _page(refused: Campaign | None = None, form: ArchiveForm | None = None) -> str:
    """The list; with the form of one campaign as it was sent."""
    found = queries.campaigns()
    stays = {campaign.id: queries.stays_in_archive(campaign.id) for campaign in found}
    return render_template(
        "campaigns/index.html",
        campaigns=found,
        stays=stays,
        here=campaign_here(),
        current=queries.current_campaign(),
        today=today(),
        form_of=lambda campaign: form if form and campaign is refused else _archive_form(stays[campaign.id]),
        form=ActForm(formdata=None),
    )


def _archive_form(stays: list[CampaignArchive]) -> ArchiveForm:
    form = ArchiveForm(formdata=None)
    form.seen.data = stays[0].id if stays else 0
    return form


def _named(code: str) -> Campaign:
    return queries.campaign_by_code(code) or abort(404)


@bp.post(f"/campaigns/{CAMPAIGN}/choose")
@requires(Permission.CAMPAIGN_SEE)
def choose(campaign_code: str) -> Response:
    """Work in this campaign from now on, in this browser."""
    campaign = _named(campaign_code)
    choose_campaign(current_user, campaign, queries.current_campaign())
    flash(gettext("You work in “%(campaign)s” now.", campaign=campaign.name), "success")
    return redirect(home(), 303)


@bp.post(f"/campaigns/{CAMPAIGN}/open")
@requires(Permission.CAMPAIGN_WRITE)
def make_current(campaign_code: str) -> Response:
    """Make it the campaign in which everybody works who has not chosen another."""
    campaign = _named(campaign_code)
    open_campaign(campaign, by=current_user, at=now())
    flash(gettext("“%(campaign)s” is the current campaign now.", campaign=campaign.name), "success")
    return redirect(url_for("campaigns.index"), 303)


@bp.post(f"/campaigns/{CAMPAIGN}/archive")
@requires(Permission.CAMPAIGN_WRITE)
def archive(campaign_code: str) -> Response | tuple[str, int]:
    """Put a campaign that is over into the archive: it is only read from now on."""
    campaign, form = _named(campaign_code), ArchiveForm()
    if not form.validate():
        return _page(campaign, form), 422
    try:
        archives.archive_campaign(campaign, why=form.why.data or "", by=current_user, at=now(), today=today())
    except Refused as refusal:
        return _refused(refusal, campaign, form)
    flash(gettext("“%(campaign)s” is in the archive now.", campaign=campaign.name), "success")
    return redirect(url_for("campaigns.index"), 303)


@bp.post(f"/campaigns/{CAMPAIGN}/reopen")
@requires(Permission.CAMPAIGN_WRITE)
def reopen(campaign_code: str) -> Response | tuple[str, int]:
    """Take it out of the archive: it is written into again."""
    campaign, form = _named(campaign_code), ArchiveForm()
    if not form.validate():
        return _page(campaign, form), 422
    try:
        archives.reopen_campaign(
            campaign, archive_id=form.seen.data or 0, why=form.why.data or "", by=current_user, at=now()
        )
    except Refused as refusal:
        return _refused(refusal, campaign, form)
    flash(gettext("“%(campaign)s” is out of the archive.", campaign=campaign.name), "success")
    return redirect(url_for("campaigns.index"), 303)


def _refused(refusal: Refused, campaign: Campaign, form: ArchiveForm) -> tuple[str, int]:
    form.why.errors = [gettext(refusal.msgid, **refusal.params)]
    return _page(campaign, form), 409 if refusal.msgid == archives.CHANGED else 422
