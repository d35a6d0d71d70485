"""The leading group's plan on one page, its items, and what is said of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, may, requires
from tracker.clock import now, today
from tracker.db import db
from tracker.files.own_record import Part, own_record
from tracker.forms.assignments import AssignmentForm, SayForm, as_args, filled, read_choice
from tracker.forms.base import ActForm
from tracker.forms.records import read_page
from tracker.forms.resolutions import MarkForm
from tracker.models import Assignment, Campaign
from tracker.models.assignment import OPEN_STATES
from tracker.queries import assignments as queries
from tracker.queries import meetings as meeting_queries
from tracker.queries.assignment_access import assignment_for, may_report, reads_steps
from tracker.queries.assignment_sums import plan_sums
from tracker.rules.assignments import AssignmentAct, acts_on
from tracker.rules.refusal import N_, Refused
from tracker.services import assignments as services
from tracker.services.audit import record_event
from tracker.services.records import CHANGED
from tracker.views import assignment_words as words
from tracker.views.asof import campaign_here
from tracker.views.entry_forms import say as said_in_words
from tracker.views.entry_forms import tell
from tracker.views.sheets import sheet_response

bp = Blueprint("assignments", __name__)
MOST_IN_SHEET = 10_000
ID = "<int(max=9007199254740991):assignment_id>"
OVERTAKEN = N_("Somebody changed it meanwhile. What you typed is still here: look at it, then send it again.")


@bp.get("/assignments")
@requires(Permission.ASSIGNMENT_SEE)
def index() -> str:
    """What is overdue, what is next, what is done; the meetings; and what that comes to."""
    campaign = campaign_here()
    if campaign is None:
        return render_template("assignments/index.html", campaign=None)
    units = queries.units_shown(current_user, campaign)
    chosen = read_choice(request.args, units)
    meetings_at = read_page(request.args.get("meetings"))

    def address(**changes: Any) -> str:
        return url_for("assignments.index", **{**as_args(chosen), **changes})

    return render_template(
        "assignments/index.html",
        campaign=campaign,
        today=today(),
        sums=plan_sums(campaign, current_user, today()),
        held=meeting_queries.regularity_of(campaign, today()),
        chosen=chosen,
        units=units,
        page=queries.plan_page(campaign, current_user, chosen, today()),
        meetings=meeting_queries.meetings_page(campaign, current_user, meetings_at),
        address=address,
        sort_address=lambda sort: address(sort=sort),
        page_address=lambda page: address(page=page),
        meetings_address=lambda page: address(meetings=page) + "#meetings",
        mark_form=MarkForm(formdata=None),
        sheet_address=url_for("assignments.sheet", **as_args(chosen)),
        sheet_form=ActForm(formdata=None),
        words=words,
    )


@bp.post("/assignments.xlsx")
@requires(Permission.ASSIGNMENT_SEE)
def sheet() -> Response:
    """What is listed as a workbook; that it was taken is kept."""
    campaign = campaign_here() or abort(404)
    ActForm().validate()
    chosen = replace(read_choice(request.args, queries.units_shown(current_user, campaign)), page=1)
    page = queries.plan_page(campaign, current_user, chosen, today(), MOST_IN_SHEET)
    part = Part(
        gettext("Items of the plan"),
        (
            gettext("What is to be done"), gettext("In charge"), gettext("To be done by"), gettext("State"),
            gettext("Finished on"), gettext("Decided at"),
        ),
        tuple(words.row_of(line) for line in page.items),
    )  # fmt: skip
    record_event(current_user, "assignment:export", campaign, now(), rows=len(page.items))
    return sheet_response(own_record([part]), f"{gettext('Progress of the plan')}-{today().isoformat()}.xlsx")


@bp.route("/assignments/new", methods=["GET", "POST"])
@requires(Permission.ASSIGNMENT_WRITE)
def new() -> Response | str | tuple[str, int]:
    """Put an item into the plan."""
    campaign = campaign_here() or abort(404)
    form = AssignmentForm(data={"meeting": request.args.get("meeting", "")})
    if not form.is_submitted():
        return _form_page(campaign, form, None)
    form.validate()
    try:
        row = services.set_assignment(campaign, form.said, by=current_user, at=now())
    except Refused as refusal:
        tell(form, _field(refusal), said_in_words(refusal))
        return _form_page(campaign, form, None), 422
    flash(gettext("It stands in the plan."), "success")
    return redirect(url_for("assignments.show", assignment_id=row.id), 303)


@bp.route(f"/assignments/{ID}/change", methods=["GET", "POST"])
@requires(Permission.ASSIGNMENT_WRITE)
def change(assignment_id: int) -> Response | str | tuple[str, int]:
    """Say an item of the plan anew. Another day needs a reason."""
    row = assignment_for(current_user, assignment_id) or abort(404)
    campaign = db.session.get_one(Campaign, row.campaign_id)
    form = AssignmentForm(data=filled(row))
    if not form.is_submitted():
        return _form_page(campaign, form, row)
    form.validate()
    try:
        services.change_assignment(
            row, campaign, form.said, why=form.why.data or "", version=form.version.data or 0,
            by=current_user, at=now(),
        )  # fmt: skip
    except Refused as refusal:
        return _refused(assignment_id, form, refusal)
    flash(gettext("Changed."), "success")
    return redirect(url_for("assignments.show", assignment_id=assignment_id), 303)


def _refused(assignment_id: int, form: AssignmentForm, refusal: Refused) -> tuple[str, int]:
    """The form again with what was typed; after somebody else was faster it may be sent over theirs."""
    db.session.rollback()
    row = db.session.get_one(Assignment, assignment_id)
    page = db.session.get_one(Campaign, row.campaign_id), form, row
    if refusal.msgid != CHANGED:
        tell(form, _field(refusal), said_in_words(refusal))
        return _form_page(*page), 422
    form.version.data = row.version
    form.version.raw_data = None
    tell(form, None, gettext(OVERTAKEN) if row.state in OPEN_STATES else gettext("It is finished by now."))
    return _form_page(*page), 409


def _field(refusal: Refused) -> str | None:
    return "unit" if refusal.field == "owner" else refusal.field


def _form_page(campaign: Campaign, form: AssignmentForm, row: Assignment | None) -> str:
    form.offer(queries.units_in_charge(), meeting_queries.meetings_offered(campaign))
    return render_template("assignments/edit.html", form=form, row=row)


@bp.get(f"/assignments/{ID}")
@requires(Permission.ASSIGNMENT_SEE)
def show(assignment_id: int) -> str:
    """One item, and what was said of it."""
    row = assignment_for(current_user, assignment_id) or abort(404)
    return _page(row, SayForm(formdata=None, version=row.version))


@bp.post(f"/assignments/{ID}/say")
@requires(Permission.ASSIGNMENT_REPORT)
def say(assignment_id: int) -> Response | tuple[str, int]:
    """Say how far it is, that it is done, or what the office thinks of that."""
    row = assignment_for(current_user, assignment_id) or abort(404)
    if not may_report(current_user, row):
        abort(404)
    form = SayForm()
    form.validate()
    if form.act.data not in set(AssignmentAct):
        abort(400)
    act = AssignmentAct(form.act.data)
    try:
        services.say_of_assignment(
            row, act, form.text.data or "", version=form.version.data or 0, by=current_user, at=now(),
            today=today(),
        )  # fmt: skip
    except Refused as refusal:
        if refusal.msgid == CHANGED:
            abort(409)
        db.session.rollback()
        tell(form, refusal.field, said_in_words(refusal))
        return _page(db.session.get_one(Assignment, assignment_id), form), 422
    flash(gettext(words.ACTS[act][2]), "success")
    return redirect(url_for("assignments.show", assignment_id=assignment_id), 303)


def _page(row: Assignment, form: SayForm) -> str:
    reads = reads_steps(current_user, row)
    is_own = may_report(current_user, row)
    office = may(Permission.ASSIGNMENT_WRITE)
    return render_template(
        "assignments/show.html",
        row=row,
        line=queries.assigned_line(row, today()),
        steps=queries.steps_of(row) if reads else None,
        meetings=meeting_queries.meetings_about(row),
        acts=acts_on(row.state, office=office) if is_own else [],
        may_change=office and row.state in OPEN_STATES,
        form=form,
        words=words,
    )
