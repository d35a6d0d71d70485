"""How far records have come: taking one on to its next stage, and the board of a kind."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, may, requires
from tracker.clock import now, today
from tracker.db import db
from tracker.forms.records import unit_id_asked
from tracker.forms.stages import read_due, stage_form
from tracker.models import Campaign, Record
from tracker.queries import stages as queries
from tracker.queries.access import reach_of, record_for
from tracker.queries.campaigns import spec_of
from tracker.queries.deadlines import due_counts
from tracker.queries.record_filters import hidden_kinds
from tracker.queries.records import LedgerRow
from tracker.queries.units import branches_within, unit_within
from tracker.rules.campaigns import Kind
from tracker.rules.pseudonyms import member_code
from tracker.rules.reach import may_enter
from tracker.rules.refusal import Refused
from tracker.services import stages as services
from tracker.views import record_words as words
from tracker.views.asof import campaign_here
from tracker.views.record_page import course_came_back
from tracker.views.staging import offered

bp = Blueprint("stages", __name__)


@bp.post("/records/<int(max=9007199254740991):record_id>/stages")
@requires(Permission.RECORD_WRITE)
def carry_on(record_id: int) -> Response | tuple[str, int]:
    """Say that a record has come to its next stage. It waits to be verified, and counts from then on."""
    record = record_for(current_user, record_id) or abort(404)
    campaign = db.session.get_one(Campaign, record.campaign_id)
    kind = spec_of(campaign).kind(record.kind.code)
    reach = reach_of(current_user)
    if not may_enter(record, reach):
        abort(404)
    form = stage_form(kind, offered(kind, record), record.version, today(), posted=True)
    is_valid = form.validate()
    has_gaps = "said_by" in form and form.is_begun and form.note_gaps()
    if not is_valid or has_gaps:
        return course_came_back(record, staging=form)
    try:
        following = services.carry_on(
            record, to=form.to.data, on=form.day, note=form.note.data or "", said=form.answers(),
            by=current_user, at=now(), version=form.version.data or 0, last=min(today(), campaign.ends_on),
        )  # fmt: skip
    except Refused as refusal:
        return course_came_back(record, refusal, staging=form)
    flash(gettext("Noted: %(stage)s. It counts as soon as somebody else has verified it.",
                  stage=following.stage))  # fmt: skip
    return redirect(url_for("records.show", record_id=following.id), 303)


@bp.get("/stages")
@requires(Permission.RECORD_SEE)
def index() -> Response | str:
    """The board of the kind with the longest way; a sentence if no kind has stages."""
    campaign = campaign_here()
    kinds = kinds_with_stages(campaign)
    if not kinds:
        return render_template("stages/board.html", kinds=[], kind=None, columns=[])
    return redirect(url_for("stages.board", kind_code=max(kinds, key=lambda kind: len(kind.stages)).code))


def kinds_with_stages(campaign: Campaign | None) -> list[Kind]:
    """The kinds of a campaign whose records go from stage to stage."""
    return [kind for kind in spec_of(campaign).kinds if len(kind.stages) > 1] if campaign else []


@bp.get("/stages/<string(maxlength=40):kind_code>")
@requires(Permission.RECORD_SEE)
def board(kind_code: str) -> str:
    """Everything of one kind by stage: what stands where, and for how long."""
    campaign = campaign_here() or abort(404)
    kinds = kinds_with_stages(campaign)
    kind = next((one for one in spec_of(campaign).kinds if one.code == kind_code), None) or abort(404)
    unit_id = unit_id_asked(request.args)
    unit = (unit_within(current_user, unit_id) or abort(404)) if unit_id else None
    due = read_due(request.args)
    hides = kind.code in hidden_kinds(current_user, spec_of(campaign))
    key = str(current_app.config["TRACKER"].secret_key)

    def owner(record: Record) -> str:
        code = member_code(key, record.member_id) if hides and record.member_id else None
        return words.owner_words(LedgerRow(record, code, None, len(record.co_organisers)))

    return render_template(
        "stages/board.html",
        kinds=kinds,
        kind=kind,
        columns=queries.board(campaign, kind, current_user, today(), unit, due),
        due=due,
        counts=due_counts(campaign, kind, current_user, today(), unit) if kind.column("due_on") else {},
        owner=owner,
        unit=unit,
        branches=branches_within(current_user),
        next_of=lambda record: (
            [stage.name for stage in offered(kind, record)]
            if may(Permission.RECORD_WRITE) and may_enter(record, reach_of(current_user))
            else []
        ),
        most=queries.ON_THE_BOARD,
    )
