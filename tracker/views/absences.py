"""Who was not at a session: saying why, and who made it up."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, requires
from tracker.clock import now, today
from tracker.db import db
from tracker.forms.absences import AbsencesForm, read_absences
from tracker.models import Campaign, Record
from tracker.queries.absences import Attendance, attendance_of
from tracker.queries.access import record_for
from tracker.queries.campaigns import spec_of
from tracker.rules.absences import TypedAbsence, check_absence
from tracker.rules.campaigns import Kind
from tracker.rules.refusal import N_, Refused
from tracker.services import absences as services
from tracker.services.records import CHANGED
from tracker.views.entry_forms import say

bp = Blueprint("absences", __name__)
OVERTAKEN = N_(
    "Somebody noted something here meanwhile. What you chose is still here: look at it again, then save it."
)


@bp.route("/records/<int(max=9007199254740991):session_record_id>/absences", methods=["GET", "POST"])
@requires(Permission.RECORD_VERIFY)
def note(session_record_id: int) -> Response | str | tuple[str, int]:
    """Why members of the organisers were not there; for those who keep the branch, and the office."""
    record = record_for(current_user, session_record_id) or abort(404)
    kind = spec_of(db.session.get_one(Campaign, record.campaign_id)).kind(record.kind.code)
    there = attendance_of(record, kind, current_user)
    if there is None or not there.may_note or record.status not in services.NOTED_AT:
        abort(404)
    form = AbsencesForm()
    if not form.is_submitted():
        typed = {line.id: _typed(line.word) for line in there.absent}
        form.seen.data = there.seen
        return _page(record, kind, there, form, typed, {})
    typed = read_absences(request.form, [line.id for line in there.absent])
    errors = _errors(record, kind, typed)
    if not form.validate() or errors:
        return _page(record, kind, there, form, typed, errors), 422
    try:
        services.keep_absences(
            record, kind, typed, seen=form.seen.data or "", by=current_user, at=now(), last=today()
        )
    except Refused as refusal:
        if refusal.msgid != CHANGED:
            raise
        db.session.rollback()
        there = attendance_of(record, kind, current_user) or abort(404)
        form.seen.data = there.seen
        form.form_errors = [gettext(OVERTAKEN)]
        return _page(record, kind, there, form, typed, {}), 409
    flash(gettext("Noted."), "success")
    return redirect(url_for("records.show", record_id=record.id), 303)


def _typed(word: object) -> TypedAbsence:
    """What is kept, as the form holds it."""
    if not isinstance(word, tuple):
        return TypedAbsence()
    return TypedAbsence(*(str(part) if part is not None else "" for part in word))


def _errors(record: Record, kind: Kind, typed: dict[int, TypedAbsence]) -> dict[int, tuple[str | None, str]]:
    """member id → (field, sentence) for what will not do."""
    found = {}
    for id_, one in typed.items():
        try:
            check_absence(kind, one, since=record.happened_on, last=today())
        except Refused as refusal:
            found[id_] = (refusal.field, say(refusal))
    return found


def _page(
    record: Record,
    kind: Kind,
    there: Attendance,
    form: AbsencesForm,
    typed: dict[int, TypedAbsence],
    errors: dict[int, tuple[str | None, str]],
) -> str:
    return render_template(
        "absences/note.html",
        record=record, kind=kind, there=there, form=form, typed=typed, errors=errors, last=today(),
    )  # fmt: skip
