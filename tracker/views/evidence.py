"""Files of evidence: added to a record, given out after the same look as the record itself, removed."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, flash, redirect, send_file, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, requires
from tracker.clock import now
from tracker.db import db
from tracker.forms.evidence import EvidenceForm, RemovalForm
from tracker.hygiene import takes_files
from tracker.models import Campaign, Evidence, Record
from tracker.queries.access import evidence_for, record_for
from tracker.queries.campaigns import spec_of
from tracker.queries.record_filters import hidden_kinds
from tracker.rules.refusal import N_, Refused
from tracker.security_events import note_reading
from tracker.services import evidence as services
from tracker.services.records import CHANGED
from tracker.views.evidence_card import evidence_limits, shown_name
from tracker.views.record_page import record_page
from tracker.views.uploads import read_uploads

bp = Blueprint("evidence", __name__)
ID = "<int(max=9007199254740991):evidence_id>"
bp.add_app_template_global(evidence_limits)
LOST = N_("This file is not on the disk any more. Tell the administrator: the last backup has it.")


@bp.post("/records/<int(max=9007199254740991):record_id>/evidence")
@requires(Permission.RECORD_WRITE)
@takes_files
def add(record_id: int) -> Response | tuple[str, int]:
    """Add files to a record: all of them, or none and the reasons."""
    record = record_for(current_user, record_id) or abort(404)
    if not services.may_add(record, current_user):
        abort(404)
    form = EvidenceForm()
    form.validate()
    uploads = read_uploads()
    record = record_for(current_user, record_id) or abort(404)  # looking into files took a while
    if not uploads.files and not uploads.errors:
        uploads.errors.append(gettext("Choose a file."))
    if not uploads.tell(form):
        return record_page(record, adding=form), 422
    try:
        rows = uploads.keep(record)
    except Refused as refusal:
        db.session.rollback()
        form.files.errors = [gettext(refusal.msgid, **refusal.params)]
        return record_page(db.session.get_one(Record, record_id), adding=form), 422
    flash(gettext("Files added: %(count)s.", count=len(rows)), "success")
    return redirect(url_for("records.show", record_id=record.id) + "#evidence", 303)


@bp.get(f"/evidence/{ID}")
@requires(Permission.RECORD_OPEN)
def download(evidence_id: int) -> Response:
    """One file, to be saved: never shown by the browser as a page of ours."""
    evidence = evidence_for(current_user, evidence_id) or abort(404)
    record = evidence.record
    spec = spec_of(db.session.get_one(Campaign, record.campaign_id))
    hides = record.kind.code in hidden_kinds(current_user, spec)
    answer = sent(evidence, shown_name(evidence, evidence.id, hides))
    if record.member_id is not None and record.member_id != current_user.member_id:
        note_reading(current_user.id, "evidence", evidence.id)  # last: it ends the request's transaction
    return answer


def sent(evidence: Evidence, name: str) -> Response:
    """The answer that gives the file out. Raises Refused if it is not on the disk."""
    path = services.path_of(evidence.stored_as, current_app.config["TRACKER"].data_dir)
    if not path.is_file():
        current_app.logger.error("the file of evidence %s is missing", evidence.id)
        raise Refused(LOST)
    return send_file(path, evidence.media_type, as_attachment=True, download_name=name, conditional=False,
                     etag=False)  # fmt: skip


@bp.post(f"/evidence/{ID}/remove")
@requires(Permission.RECORD_WRITE)
def remove(evidence_id: int) -> Response | tuple[str, int]:
    """Take a file away, with a reason."""
    evidence = evidence_for(current_user, evidence_id) or abort(404)
    record = evidence.record
    form = RemovalForm()
    if not form.validate():
        return record_page(record, removing=(evidence.id, form)), 422
    data_dir = current_app.config["TRACKER"].data_dir
    try:
        services.remove_evidence(
            evidence, why=form.why.data or "", data_dir=data_dir, by=current_user, at=now()
        )
    except Refused as refusal:
        if refusal.msgid == CHANGED:
            abort(409)
        if refusal.field != "why":
            raise
        form.why.errors = [*form.why.errors, gettext(refusal.msgid, **refusal.params)]
        return record_page(record, removing=(evidence.id, form)), 422
    flash(gettext("Removed. The file is deleted; that it was there, and why it went, is kept."), "success")
    return redirect(url_for("records.show", record_id=record.id) + "#evidence", 303)
