"""Loading a campaign file by page, and copying one for another year."""

from __future__ import annotations

import hashlib

from flask import Blueprint, abort, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, requires
from tracker.clock import now, today
from tracker.db import db
from tracker.files.shipped_campaigns import shipped_campaign, text_from
from tracker.forms.campaigns import LONGEST_FILE, CopyForm, LoadForm
from tracker.forms.records import read_day
from tracker.models import Campaign
from tracker.queries.campaigns import campaign_by_code
from tracker.rules.campaign_copies import Copy, copy_text
from tracker.rules.campaign_tables import CampaignFileError
from tracker.rules.lint import findings_in
from tracker.rules.refusal import Refused
from tracker.services.audit import record_event
from tracker.services.campaigns import Loaded, load_campaign
from tracker.views.start_shown import start_stage

bp = Blueprint("campaign_files", __name__)


@bp.route("/campaigns/load", methods=["GET", "POST"])
@requires(Permission.CAMPAIGN_WRITE)
def load() -> Response | str | tuple[str, int]:
    """Show what a campaign file would change and each figure before and after; then write just that."""
    form = LoadForm()
    if not form.is_submitted():
        return _load_page(form)
    if not form.validate() or not (text := _text(form)):
        return _load_page(form), 422
    try:
        loaded = load_campaign(text, by=current_user, at=now(), as_of=today())
    except CampaignFileError as error:
        db.session.rollback()
        return _load_page(form, faults=[str(fault) for fault in error.faults]), 422
    except Refused as refusal:
        db.session.rollback()
        form.text.errors = [gettext(refusal.msgid, **refusal.params)]
        return _load_page(form), 422
    digest = _digest(text, loaded)
    if loaded.changes and form.seen.data == digest:
        flash(gettext("“%(campaign)s” is loaded.", campaign=loaded.campaign.name), "success")
        return redirect(url_for("start.show" if start_stage() else "campaigns.index"), 303)
    was_other = bool(form.seen.data)
    form.seen.data = digest if loaded.changes else ""
    page = _load_page(form, loaded=loaded, was_other=was_other)
    db.session.rollback()  # a dry run
    return page, 409 if was_other else 422 if not loaded.changes else 200


def _text(form: LoadForm) -> str:
    """The file that was sent, one that comes with the tracker, else the text in the box.

    "" with the error beside its field.
    """
    upload = form.file.data
    if chosen := shipped_campaign(form.shipped.data or ""):
        asked = (form.starts_on.data or "").strip()
        if asked and read_day(asked) is None:
            form.starts_on.errors = [gettext("This is not a day.")]
            return ""
        try:
            form.text.data = text_from(chosen, read_day(asked))
        except Refused as refusal:
            form.starts_on.errors = [gettext(refusal.msgid, **refusal.params)]
            return ""
        form.shipped.data, form.seen.data = "", ""  # from here on it is the text in the box
    if upload and upload.filename:
        try:
            form.text.data = upload.stream.read(4 * LONGEST_FILE).decode("utf-8-sig")
        except UnicodeDecodeError:
            form.file.errors = [gettext("%(file)s is not UTF-8 text.", file=upload.filename)]
            return ""
        form.seen.data = ""
    text = (form.text.data or "").replace("\r\n", "\n")
    if not text.strip():
        form.file.errors = [gettext("Choose a file.")]
    elif len(text) > LONGEST_FILE:
        form.file.errors = [gettext("The file is too large")]
        return ""
    return text.strip() and text


def _digest(text: str, loaded: Loaded) -> str:
    said = repr((text, loaded.changes, loaded.effects))
    return hashlib.sha256(said.encode()).hexdigest()


def _load_page(
    form: LoadForm, *, loaded: Loaded | None = None, faults: list[str] | None = None, was_other: bool = False
) -> str:
    return render_template(
        "campaigns/load.html",
        form=form,
        loaded=loaded,
        faults=faults or [],
        findings=findings_in((form.text.data or "").replace("\r\n", "\n")) if loaded or faults else [],
        was_other=was_other,
        shown=_shown,
    )


def _shown(value: object) -> str:
    """A figure's value as `figures_json` gives it."""
    if isinstance(value, dict):
        return "、".join(f"{name} {_shown(one)}" for name, one in value.items())
    return "—" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)


@bp.route("/campaigns/<string(maxlength=64):campaign_code>/copy", methods=["GET", "POST"])
@requires(Permission.CAMPAIGN_WRITE)
def copy(campaign_code: str) -> Response | str | tuple[str, int]:
    """The campaign's file for another year: each day that moves is shown, and the text can be loaded."""
    campaign = campaign_by_code(campaign_code) or abort(404)
    form, found = CopyForm(), None
    if form.is_submitted():
        starts_on, is_valid = read_day((form.starts_on.data or "").strip()), form.validate()
        if starts_on is None:
            form.starts_on.errors = [gettext("This is not a day.")]
        if not is_valid or starts_on is None:
            return _copy_page(campaign, form, None), 422
        try:
            found = copy_text(
                campaign.definition["text"], code=(form.code.data or "").strip(),
                name=form.name.data or "", starts_on=starts_on,
            )  # fmt: skip
        except Refused as refusal:
            field = form[refusal.field] if refusal.field else form.starts_on
            field.errors = [gettext(refusal.msgid, **refusal.params)]
            return _copy_page(campaign, form, None), 422
    return _copy_page(campaign, form, found)


def _copy_page(campaign: Campaign, form: CopyForm, found: Copy | None) -> str:
    load_form = LoadForm(formdata=None)
    if found:
        load_form.text.data = found.text
    return render_template(
        "campaigns/copy.html", campaign=campaign, form=form, found=found, load_form=load_form
    )


@bp.post("/campaigns/<string(maxlength=64):campaign_code>/copy.toml")
@requires(Permission.CAMPAIGN_WRITE)
def file(campaign_code: str) -> Response:
    """The text of a copy as a file."""
    campaign = campaign_by_code(campaign_code) or abort(404)
    form = LoadForm()
    if not form.validate() or not form.text.data:
        abort(400)
    record_event(current_user, "campaign:copy", campaign, now())
    db.session.flush()
    response = make_response(form.text.data.replace("\r\n", "\n"))
    response.headers["Content-Type"] = "application/toml; charset=utf-8"
    response.headers["Content-Disposition"] = "attachment; filename=campaign.toml"
    return response
