"""The community's word on what was done, noted on the record's page."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, requires
from tracker.clock import now, today
from tracker.db import db
from tracker.forms.confirmations import EndConfirmationForm, confirmation_form
from tracker.models import Campaign, Record
from tracker.queries.access import reach_of, record_for
from tracker.queries.campaigns import spec_of
from tracker.rules.reach import may_enter
from tracker.rules.refusal import Refused
from tracker.services import confirmations as services
from tracker.views.record_page import course_came_back

bp = Blueprint("confirmations", __name__)
AT = "/records/<int(max=9007199254740991):record_id>/confirmation"


def _theirs(record_id: int) -> Record:
    """The record, if the reader may see it and enter it; else 404."""
    record = record_for(current_user, record_id) or abort(404)
    return record if may_enter(record, reach_of(current_user)) else abort(404)


@bp.post(AT)
@requires(Permission.RECORD_WRITE)
def add(record_id: int) -> Response | tuple[str, int]:
    """Note who of the community confirmed a verified record, when and how."""
    record = _theirs(record_id)
    campaign = db.session.get_one(Campaign, record.campaign_id)
    form = confirmation_form(spec_of(campaign).kind(record.kind.code), posted=True)
    is_valid, has_gaps = form.validate(), form.note_gaps()
    word = form.word()
    if not is_valid or has_gaps or word is None:
        return course_came_back(record, confirming=form)
    try:
        services.confirm(record, word, by=current_user, at=now(), last=today())
    except Refused as refusal:
        return course_came_back(record, refusal, confirming=form)
    flash(gettext("The community's word is noted."), "success")
    return redirect(url_for("records.show", record_id=record_id) + "#stages", 303)


@bp.post(f"{AT}/end")
@requires(Permission.RECORD_WRITE)
def end(record_id: int) -> Response | tuple[str, int]:
    """Let a word that was noted wrongly count no more. It stays beside the record, with the reason."""
    record = _theirs(record_id)
    form = EndConfirmationForm()
    if not form.validate():
        return course_came_back(record, ending=form)
    try:
        services.end_confirmation(record, why=form.why.data or "", by=current_user, at=now())
    except Refused as refusal:
        return course_came_back(record, refusal, ending=form)
    flash(gettext("It counts as not confirmed now."), "success")
    return redirect(url_for("records.show", record_id=record_id) + "#stages", 303)
