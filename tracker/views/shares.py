"""What was shared: sharing a work, the place where it is read, ending it. Nobody notes who reads."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, requires
from tracker.clock import now, today
from tracker.db import db
from tracker.forms.base import ActForm
from tracker.forms.records import read_page, read_text
from tracker.forms.shares import share_form
from tracker.models import Campaign, Record
from tracker.queries.access import record_for, share_for
from tracker.queries.campaigns import spec_of
from tracker.queries.evidence import evidence_of
from tracker.queries.shares import BEGINNING, audiences_of, open_share_of, shares_page
from tracker.rules.refusal import Refused
from tracker.services import shares as services
from tracker.services.records import CHANGED
from tracker.views.evidence import sent
from tracker.views.record_page import record_page

bp = Blueprint("shares", __name__)
ID = "<int(max=9007199254740991):share_id>"


@bp.get("/shared")
@requires(Permission.RECORD_OPEN)
def index() -> str:
    """Everything that was shared with the reader, the latest first."""
    text = read_text(request.args.get("q"))
    return render_template(
        "shares/index.html",
        page=shares_page(current_user, today(), text, read_page(request.args.get("page"))),
        text=text,
        beginning=BEGINNING,
        page_address=lambda number: url_for("shares.index", q=text or None, page=number),
    )


@bp.get(f"/shared/{ID}")
@requires(Permission.RECORD_OPEN)
def show(share_id: int) -> str:
    """One work to read."""
    share = share_for(current_user, share_id, today()) or abort(404)
    kind = spec_of(db.session.get_one(Campaign, share.record.campaign_id)).kind(share.record.kind.code)
    return render_template(
        "shares/show.html",
        share=share,
        record=share.record,
        stage=kind.stage(share.record.stage),
        files=evidence_of(share.record),
        sees_record=record_for(current_user, share.record_id) is not None,
        may_end=services.may_share(share.record, current_user),
        form=ActForm(formdata=None),
    )


@bp.get(f"/shared/{ID}/files/<int(max=9007199254740991):evidence_id>")
@requires(Permission.RECORD_OPEN)
def file(share_id: int, evidence_id: int) -> Response:
    """A file of a work that is shared with the reader."""
    share = share_for(current_user, share_id, today()) or abort(404)
    evidence = next((one for one in evidence_of(share.record) if one.id == evidence_id), None) or abort(404)
    return sent(evidence, evidence.name)


@bp.post("/records/<int(max=9007199254740991):record_id>/share")
@requires(Permission.RECORD_WRITE)
def share(record_id: int) -> Response | tuple[str, int]:
    """Let a group or branch read a work."""
    record = record_for(current_user, record_id) or abort(404)
    if not services.may_share(record, current_user):
        abort(404)
    kind = spec_of(db.session.get_one(Campaign, record.campaign_id)).kind(record.kind.code)
    form = share_form(audiences_of(record), None, posted=True)
    form.validate()
    try:
        shared = services.share_record(record, kind, unit_id=form.unit_id, by=current_user, at=now())
    except Refused as refusal:
        if refusal.msgid == CHANGED:
            abort(409)
        if refusal.field != "unit":
            raise
        form.unit.errors = [gettext(refusal.msgid, **refusal.params)]
        db.session.rollback()
        return record_page(db.session.get_one(Record, record_id), sharing=form), 422
    flash(gettext("Shared with %(unit)s.", unit=shared.unit.name), "success")
    return redirect(url_for("records.show", record_id=record.id) + "#sharing", 303)


@bp.post("/records/<int(max=9007199254740991):record_id>/share/end")
@requires(Permission.RECORD_WRITE)
def end(record_id: int) -> Response:
    """Let nobody read it any more."""
    record = record_for(current_user, record_id) or abort(404)
    if not services.may_share(record, current_user):
        abort(404)
    shared = open_share_of(record)
    if shared is not None:
        services.end_share(shared, by=current_user, at=now())
    flash(gettext("Shared no more."), "success")
    return redirect(url_for("records.show", record_id=record.id) + "#sharing", 303)
