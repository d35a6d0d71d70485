"""Saying why the rows of an import come late, where they belong to closed periods."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, requires
from tracker.clock import now
from tracker.forms.closes import LateBatchForm
from tracker.models import Batch
from tracker.queries.access import batch_for
from tracker.rules.closes import LATE
from tracker.rules.refusal import Refused
from tracker.services.batches import CHANGED
from tracker.services.jobs import queue_job
from tracker.services.late_batches import give_late_reason
from tracker.views.entry_forms import say

bp = Blueprint("late_batches", __name__)


def late_form(batch: Batch) -> LateBatchForm | None:
    """The form of an import whose rows were refused because they belong to closed periods; None of others."""
    problems = batch.report.get("problems", [])
    if not any(one["msgid"] == LATE for one in problems):
        return None
    return LateBatchForm(formdata=None, version=batch.version, why=batch.late_why or "")


@bp.post("/imports/<int(max=9007199254740991):batch_id>/late")
@requires(Permission.BATCH_WRITE)
def give(batch_id: int) -> Response:
    """Say why its rows of closed periods come late, and have the file checked again."""
    batch = batch_for(current_user, batch_id) or abort(404)
    form = LateBatchForm()
    if form.version.data != batch.version:
        abort(409)
    try:
        give_late_reason(batch, form.why.data or "", by=current_user, at=now())
        queue_job("check", batch, by=current_user, at=now())
        flash(gettext("Noted. The file is checked once more."), "success")
    except Refused as refusal:
        if refusal.msgid == CHANGED:
            abort(409)
        flash(say(refusal), "warn")
    return redirect(url_for("batches.show", batch_id=batch.id), 303)
