"""A pairing: notes on its record's page, and the person behind the code on a page apart."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, may, requires
from tracker.clock import now, today
from tracker.db import db
from tracker.filters import day_words
from tracker.forms.base import TrackerForm
from tracker.forms.pairings import DELETED_WHY, OPENED_WHY, DeletionForm, NoteForm, OpenForm, SealForm
from tracker.models import Campaign, Record, SealedOpening
from tracker.queries.access import is_office, pairing_for, reach_of
from tracker.queries.campaigns import spec_of
from tracker.queries.pairings import kind_of, last_deleted_of, note_of, openings_of, sealed_of
from tracker.queries.record_filters import hidden_kinds
from tracker.rules.campaigns import Kind
from tracker.rules.pairings import last_delete_on, may_open
from tracker.rules.refusal import Refused
from tracker.security_events import note_opening
from tracker.services import pairings as services
from tracker.services import sealed_people
from tracker.services.records import CHANGED
from tracker.views.pairing_card import may_see_sealed
from tracker.views.record_page import record_page

bp = Blueprint("pairings", __name__)
ID = "<int(max=9007199254740991):pairing_id>"


def _refused(form: TrackerForm, refusal: Refused) -> int:
    """Put what is wrong beside its field, or on top; the status of the answer."""
    params = dict(refusal.params)
    for name in ("day", "since", "last"):
        if isinstance(value := params.get(name), str):
            params[name] = day_words(dt.date.fromisoformat(value))
    sentence = gettext(refusal.msgid, **params)
    if refusal.field in form._fields:
        form[refusal.field].errors = [*form[refusal.field].errors, sentence]
    else:
        form.form_errors = [*form.form_errors, sentence]
    return 409 if refusal.msgid == CHANGED else 422


@bp.post(f"/pairings/{ID}/notes")
@requires(Permission.RECORD_WRITE)
def note(pairing_id: int) -> Response | tuple[str, int]:
    """Note a visit, a need or a measure."""
    record = pairing_for(current_user, pairing_id) or abort(404)
    if not services.may_note(record, current_user):
        abort(404)
    form = NoteForm()
    if not form.validate():
        return record_page(record, note=form), 422
    try:
        services.add_note(
            record, form.chosen, form.day, form.text.data or "", by=current_user, at=now(), today=today()
        )
    except Refused as refusal:
        status = _refused(form, refusal)
        return record_page(record, note=form), status
    flash(gettext("Noted."), "success")
    return redirect(url_for("records.show", record_id=record.id) + "#pairing", 303)


@bp.post(f"/pairings/{ID}/notes/<int(max=9007199254740991):note_id>/remove")
@requires(Permission.RECORD_WRITE)
def remove_note(pairing_id: int, note_id: int) -> Response:
    """Take out a note that was wrong."""
    record = pairing_for(current_user, pairing_id) or abort(404)
    found = note_of(record, note_id) or abort(404)
    if not services.may_note(record, current_user):
        abort(404)
    services.remove_note(record, found, by=current_user, at=now())
    flash(gettext("The note was taken out."), "success")
    return redirect(url_for("records.show", record_id=record.id) + "#pairing", 303)


def _asked(pairing_id: int, *, to_open: bool = False) -> tuple[Record, Kind]:
    """The record and its kind; 404 unless what is sealed has a page for the reader, or is theirs to open."""
    record = pairing_for(current_user, pairing_id) or abort(404)
    kind = kind_of(record)
    allowed = may_open(record, kind, reach_of(current_user)) if to_open else may_see_sealed(record, kind)
    return (record, kind) if allowed else abort(404)


@bp.get(f"/pairings/{ID}/sealed")
@requires(Permission.SEALED_SEE)
def sealed(pairing_id: int) -> str:
    """Whether the person behind a code is sealed, until when, who opened it; and the forms for it."""
    return _page(*_asked(pairing_id))


def _page(
    record: Record,
    kind: Kind,
    *,
    seal_form: SealForm | None = None,
    open_form: OpenForm | None = None,
    deletion_form: DeletionForm | None = None,
) -> str:
    """The page, with the forms that the reader may send. Those given came back with an error."""
    spec = spec_of(db.session.get_one(Campaign, record.campaign_id))
    row, day = sealed_of(record), today()
    last = last_delete_on(spec, kind)
    may_write = may(Permission.SEALED_OPEN) and may_open(record, kind, reach_of(current_user))
    if may_write and seal_form is None:
        wanted = row.delete_on if row and row.delete_on > day else last
        seal_form = SealForm(formdata=None, delete_on=wanted.isoformat())
        seal_form.version.data = row.version if row else 0
    if row and deletion_form is None and (may_write or is_office(current_user)):
        deletion_form = DeletionForm(formdata=None)
        deletion_form.version.data = row.version
    if row and may_write and open_form is None:
        open_form = OpenForm(formdata=None)
    return render_template(
        "pairings/sealed.html",
        record=record,
        kind=kind,
        row=row,
        gone=None if row else last_deleted_of(record),
        openings=openings_of(record),
        who=lambda opening: _who(opening, record, kind.code in hidden_kinds(current_user, spec)),
        opened_why=OPENED_WHY,
        deleted_why=DELETED_WHY,
        last=last,
        is_late=last <= day,
        seal_form=seal_form,
        open_form=open_form,
        deletion_form=deletion_form,
    )


def _who(opening: SealedOpening, record: Record, hides_member: bool) -> str:
    is_member = opening.by.member_id is not None and opening.by.member_id == record.member_id
    return gettext("the member") if is_member and hides_member else opening.by.name


@bp.post(f"/pairings/{ID}/sealed")
@requires(Permission.SEALED_OPEN)
def seal(pairing_id: int) -> Response | tuple[str, int]:
    """Seal the person behind a code, in place of what was sealed."""
    record, kind = _asked(pairing_id, to_open=True)
    form, config = SealForm(), current_app.config["TRACKER"]
    if not form.validate():
        return _page(record, kind, seal_form=form), 422
    try:
        sealed_people.seal_person(
            record, form.words, delete_on=form.day, version=form.version.data or 0, by=current_user, at=now(),
            keys_file=config.seal_keys_path, suite=config.seal_suite, today=today(),
        )  # fmt: skip
    except Refused as refusal:
        db.session.rollback()
        status = _refused(form, refusal)
        return _page(*_asked(pairing_id, to_open=True), seal_form=form), status
    flash(gettext("Sealed. Only an opening with a reason shows it again."), "success")
    return redirect(url_for("pairings.sealed", pairing_id=record.id), 303)


@bp.post(f"/pairings/{ID}/sealed/open")
@requires(Permission.SEALED_OPEN)
def open_sealed(pairing_id: int) -> str | tuple[str, int]:
    """Show what is sealed, once. That it was asked for is kept before, whatever becomes of this request."""
    record, kind = _asked(pairing_id, to_open=True)
    row = sealed_of(record) or abort(404)
    form = OpenForm()
    if not form.validate() or (why := form.chosen) is None:
        if not form.errors:
            form.why.errors = [gettext("Choose a reason.")]
        return _page(record, kind, open_form=form), 422
    opening_id = note_opening(current_user.id, row.id, record.id, why)
    record, kind = _asked(pairing_id, to_open=True)  # read anew: the transaction is another one
    try:
        words = sealed_people.open_person(opening_id, keys_file=current_app.config["TRACKER"].seal_keys_path)
    except Refused as refusal:
        status = _refused(form, refusal)
        return _page(record, kind, open_form=form), status
    g.lands_on = url_for("pairings.sealed", pairing_id=record.id)
    return render_template("pairings/opened.html", record=record, kind=kind, words=words)


@bp.post(f"/pairings/{ID}/sealed/delete")
@requires(Permission.SEALED_DELETE)
def delete_sealed(pairing_id: int) -> Response | tuple[str, int]:
    """Delete what is sealed, with a reason."""
    record, kind = _asked(pairing_id, to_open=not is_office(current_user))
    row = sealed_of(record) or abort(404)
    form = DeletionForm()
    if not form.validate() or (why := form.chosen) is None:
        if not form.errors:
            form.why.errors = [gettext("Choose a reason.")]
        return _page(record, kind, deletion_form=form), 422
    try:
        sealed_people.delete_person(row, why, version=form.version.data or 0, by=current_user, at=now())
    except Refused as refusal:
        db.session.rollback()
        status = _refused(form, refusal)
        return _page(*_asked(pairing_id, to_open=not is_office(current_user)), deletion_form=form), status
    flash(gettext("Deleted. The log of openings stays."), "success")
    return redirect(url_for("pairings.sealed", pairing_id=record.id), 303)
