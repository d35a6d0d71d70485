"""Minutes of the leading group's meetings."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, requires
from tracker.clock import now, today
from tracker.db import db
from tracker.forms.meetings import MeetingForm, filled
from tracker.forms.plans import PlanActForm
from tracker.models import Campaign, Meeting
from tracker.queries import meetings as queries
from tracker.queries.access import record_for
from tracker.queries.assignment_access import meeting_for
from tracker.queries.assignments import open_assignments
from tracker.queries.resolutions import STANDS
from tracker.rules.refusal import Refused
from tracker.services import meetings as services
from tracker.services.records import CHANGED
from tracker.views import assignment_words as words
from tracker.views.asof import campaign_here
from tracker.views.assignments import OVERTAKEN
from tracker.views.entry_forms import say, tell

bp = Blueprint("meetings", __name__)
ID = "<int(max=9007199254740991):meeting_id>"


@bp.route("/meetings/new", methods=["GET", "POST"])
@requires(Permission.ASSIGNMENT_WRITE)
def new() -> Response | str | tuple[str, int]:
    """Note the minutes of a meeting."""
    campaign = campaign_here() or abort(404)
    form = MeetingForm()
    if not form.is_submitted():
        return _form_page(campaign, form, None)
    form.validate()
    try:
        meeting = services.note_meeting(campaign, form.said, by=current_user, at=now(), today=today())
    except Refused as refusal:
        db.session.rollback()
        tell(form, refusal.field, say(refusal))
        return _form_page(campaign, form, None), 422
    flash(gettext("The minutes are kept."), "success")
    return redirect(url_for("meetings.show", meeting_id=meeting.id), 303)


@bp.route(f"/meetings/{ID}/change", methods=["GET", "POST"])
@requires(Permission.ASSIGNMENT_WRITE)
def change(meeting_id: int) -> Response | str | tuple[str, int]:
    """Write minutes anew."""
    meeting = meeting_for(meeting_id) or abort(404)
    campaign = db.session.get_one(Campaign, meeting.campaign_id)
    form = MeetingForm(data=filled(meeting, queries.looked_at_ids(meeting)))
    if not form.is_submitted():
        return _form_page(campaign, form, meeting)
    form.validate()
    try:
        services.change_meeting(
            meeting, campaign, form.said, version=form.version.data or 0, by=current_user, at=now(),
            today=today(),
        )  # fmt: skip
    except Refused as refusal:
        db.session.rollback()
        meeting = meeting_for(meeting_id) or abort(409)
        campaign = db.session.get_one(Campaign, meeting.campaign_id)
        if refusal.msgid != CHANGED:
            tell(form, refusal.field, say(refusal))
            return _form_page(campaign, form, meeting), 422
        form.version.data, form.version.raw_data = meeting.version, None
        tell(form, None, gettext(OVERTAKEN))
        return _form_page(campaign, form, meeting), 409
    flash(gettext("Changed."), "success")
    return redirect(url_for("meetings.show", meeting_id=meeting_id), 303)


@bp.post(f"/meetings/{ID}/drop")
@requires(Permission.ASSIGNMENT_WRITE)
def drop(meeting_id: int) -> Response:
    """Take out minutes that were noted by mistake."""
    meeting = meeting_for(meeting_id) or abort(404)
    form = PlanActForm()
    form.validate()
    try:
        services.drop_meeting(meeting, version=form.version.data or 0, by=current_user, at=now())
    except Refused as refusal:
        if refusal.msgid == CHANGED:
            abort(409)
        db.session.rollback()
        flash(say(refusal), "warn")
        return redirect(url_for("meetings.show", meeting_id=meeting_id), 303)
    flash(gettext("Taken out."), "success")
    return redirect(url_for("assignments.index") + "#meetings", 303)


def _form_page(campaign: Campaign, form: MeetingForm, meeting: Meeting | None) -> str:
    offered = open_assignments(campaign)
    if meeting is not None:
        lines = queries.looked_at(meeting, current_user, today())
        ended = [line.assignment for line in lines if line.assignment is not None]
        offered = [*offered, *(row for row in ended if row not in offered)]
    form.offer(queries.sessions_offered(campaign, meeting, today()), offered)
    return render_template("meetings/edit.html", form=form, meeting=meeting)


@bp.get(f"/meetings/{ID}")
@requires(Permission.ASSIGNMENT_SEE)
def show(meeting_id: int) -> str:
    """The minutes of one meeting, what it decided and what it looked at."""
    meeting = meeting_for(meeting_id) or abort(404)
    record = meeting.record
    act = PlanActForm(formdata=None, version=meeting.version)
    return render_template(
        "meetings/show.html",
        meeting=meeting,
        studied=queries.studied_at(meeting),
        record=record,
        stands=record is not None and record.status in STANDS,
        opens=record is not None and record_for(current_user, record.id) is not None,
        decided=queries.decided_at(meeting, current_user, today()),
        looked_at=queries.looked_at(meeting, current_user, today()),
        act=act,
        words=words,
    )
