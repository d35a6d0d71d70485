"""A session's agenda, what it resolved, and when that was done."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, requires
from tracker.clock import now, today
from tracker.db import db
from tracker.forms.resolutions import AgendaForm, MarkForm, ResolutionForm
from tracker.models import Campaign, Record
from tracker.queries import resolutions as queries
from tracker.queries.access import record_for
from tracker.queries.access_sessions import keeps_session, resolution_for
from tracker.queries.campaigns import spec_of
from tracker.rules.addresses import local_address
from tracker.rules.refusal import N_, Refused
from tracker.rules.resolutions import digest_of
from tracker.rules.stories import typed_story
from tracker.services import resolutions as services
from tracker.services.records import CHANGED
from tracker.views.entry_forms import say, tell

bp = Blueprint("resolutions", __name__)
RECORD = "<int(max=9007199254740991):session_record_id>"
OVERTAKEN = N_(
    "Somebody changed the agenda meanwhile. What you typed is still here: look at it, then save it again."
)


def _session(record_id: int) -> Record:
    """A record with an agenda that is the reader's to keep; 404 otherwise."""
    record = record_for(current_user, record_id) or abort(404)
    kind = spec_of(db.session.get_one(Campaign, record.campaign_id)).kind(record.kind.code)
    if not kind.has_agenda or record.status not in queries.STANDS or not keeps_session(current_user, record):
        abort(404)
    return record


@bp.route(f"/records/{RECORD}/agenda", methods=["GET", "POST"])
@requires(Permission.RECORD_VERIFY)
def agenda(session_record_id: int) -> Response | str | tuple[str, int]:
    """What was on the agenda and who spoke, for those who keep the session; and what it resolved."""
    record = _session(session_record_id)
    form = AgendaForm()
    if not form.is_submitted():
        points = queries.agenda_of(record)
        form.text.data = "\n".join(typed_story(point.text, point.speaker or "") for point in points)
        form.seen.data = digest_of(points)
        return _page(record, form)
    form.validate()
    try:
        services.set_agenda(
            record, form.text.data or "", seen=form.seen.data or "", by=current_user, at=now()
        )
    except Refused as refusal:
        return _refused(session_record_id, form, refusal)
    flash(gettext("Noted."), "success")
    return redirect(url_for("records.show", record_id=record.id), 303)


def _refused(record_id: int, form: AgendaForm, refusal: Refused) -> tuple[str, int]:
    """The page again with what was typed; after somebody else was faster it may be saved over theirs."""
    db.session.rollback()
    record = _session(record_id)
    if refusal.msgid != CHANGED:
        tell(form, "text", say(refusal))
        return _page(record, form), 422
    form.seen.data = digest_of(queries.agenda_of(record))
    tell(form, None, gettext(OVERTAKEN))
    return _page(record, form), 409


@bp.post(f"/records/{RECORD}/resolutions")
@requires(Permission.RECORD_VERIFY)
def add(session_record_id: int) -> Response | tuple[str, int]:
    """Note something that the session resolved."""
    record = _session(session_record_id)
    form = ResolutionForm()
    form.validate()
    try:
        services.add_resolution(
            record, text=form.text.data or "", owner=form.owner.data or "", due_on=form.due_on.data or "",
            by=current_user, at=now(), today=today(),
        )  # fmt: skip
    except Refused as refusal:
        if refusal.msgid == CHANGED:
            abort(409)
        tell(form, refusal.field, say(refusal))
        return _page(record, None, form), 422
    flash(gettext("Noted. It stays on the branch's page until it is done."), "success")
    return redirect(url_for("resolutions.agenda", session_record_id=record.id), 303)


@bp.post("/resolutions/<int(max=9007199254740991):resolution_id>")
@requires(Permission.RECORD_VERIFY)
def mark(resolution_id: int) -> Response:
    """Say that a resolution is done, or is not, or was noted by mistake."""
    resolution = resolution_for(current_user, resolution_id) or abort(404)
    form, record_id = MarkForm(), resolution.record_id
    try:
        match form.act.data:
            case "done":
                services.finish_resolution(resolution, on=today(), by=current_user, at=now())
                said = gettext("Done.")
            case "reopen":
                services.reopen_resolution(resolution, by=current_user, at=now())
                said = gettext("Open again.")
            case "drop":
                services.drop_resolution(resolution, by=current_user, at=now())
                said = gettext("Taken out.")
            case _:
                abort(400)
    except Refused as refusal:
        if refusal.msgid != CHANGED:
            raise
        abort(409)
    flash(said, "success")
    return redirect(local_address(form.next.data) or url_for("records.show", record_id=record_id), 303)


def _page(record: Record, form: AgendaForm | None, resolution: ResolutionForm | None = None) -> str:
    """The page with both forms; one that came back holds what was typed."""
    if form is None:
        points = queries.agenda_of(record)
        typed = "\n".join(typed_story(point.text, point.speaker or "") for point in points)
        form = AgendaForm(formdata=None, text=typed, seen=digest_of(points))
    resolution = resolution or ResolutionForm(formdata=None)
    resolution.offer(queries.owners_offered(record, current_user, today()))
    return render_template(
        "resolutions/agenda.html",
        record=record,
        form=form,
        resolution=resolution,
        lines=queries.resolutions_of(record, current_user, today()),
        mark_form=MarkForm(formdata=None),
    )
