"""Plans: made, changed, cancelled, restored, said to have been held; and planned against held."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, may, requires
from tracker.clock import now, today
from tracker.db import db
from tracker.filters import day_words
from tracker.forms.plans import (
    CancellationForm,
    PlanActForm,
    PlanShape,
    facts_of,
    filled_common,
    names_together,
    plan_form,
)
from tracker.forms.records import read_day, read_id, unit_id_asked
from tracker.forms.series import EVERY, WEEKDAYS
from tracker.models import Campaign, Plan, Record
from tracker.queries.access import reach_of, record_for
from tracker.queries.arrivals import arrived_ids, sheets_of, takes_arrivals, window
from tracker.queries.campaigns import spec_of
from tracker.queries.entries import members_to_enter_for, units_to_enter_for, words_used
from tracker.queries.holidays import holiday_on
from tracker.queries.plan_access import is_own, own_plan_for, plan_for, plans_within
from tracker.queries.plans import (
    branches_named,
    held_sum,
    line_of,
    may_be_this,
    of_unit,
    planned_kinds,
)
from tracker.queries.series import series_lines
from tracker.queries.units import branches_within, unit_within
from tracker.rules.campaigns import Kind
from tracker.rules.entries import typed_person
from tracker.rules.plans import PlanFacts, PlanState
from tracker.rules.reach import may_enter_kind
from tracker.rules.refusal import Refused
from tracker.services import plans as services
from tracker.services.plans import HELD_ALREADY, PLAN_CHANGED
from tracker.views import plan_words as words
from tracker.views.arrivals import minute_now
from tracker.views.asof import campaign_here
from tracker.views.calendar_files import ics_response
from tracker.views.entry_forms import say, tell

bp = Blueprint("plans", __name__)
PLAN = "<int(max=9007199254740991):plan_id>"


@bp.get("/plans")
@requires(Permission.RECORD_SEE)
def index() -> str:
    """Planned against held: what waits to be reported, what was cancelled and why."""
    campaign = campaign_here() or abort(404)
    unit_id = unit_id_asked(request.args)
    unit = (unit_within(current_user, unit_id) or abort(404)) if unit_id else None
    where = [plans_within(current_user, today()), *([of_unit(unit)] if unit else [])]
    return render_template(
        "plans/index.html",
        sum=held_sum(campaign, today(), *where),
        series=series_lines(campaign, today(), *where),
        every=EVERY,
        weekdays=WEEKDAYS,
        unit=unit,
        branches=branches_within(current_user),
        owns=lambda plan: is_own(plan, reach_of(current_user)),
        words=words,
    )


@bp.route("/plans/new", methods=["GET", "POST"])
@requires(Permission.PLAN_WRITE)
def new() -> Response | str | tuple[str, int]:
    """Plan one activity."""
    campaign = campaign_here() or abort(404)
    kinds = kinds_to_plan(campaign)
    if not kinds:
        return render_template("plans/new.html", form=None, kind=None, kinds=[])
    kind = next((one for one in kinds if one.code == request.args.get("kind")), kinds[0])
    shape = shape_of(campaign, kind)
    asked = read_day(request.args.get("day")) or today()
    form = plan_form(shape, happens_on=min(max(asked, shape.first), shape.last).isoformat())
    if not form.is_submitted():
        return _form_page(form, shape, kinds)
    row = next(one for one in campaign.kinds if one.code == kind.code)
    try:
        facts = _typed(form, shape)
        if _is_warned(form, facts.happens_on):
            plan = services.plan_activity(campaign, row, facts, by=current_user, at=now(), today=today())
            flash(gettext("Planned for %(day)s.", day=day_words(plan.happens_on)), "success")
            return redirect(url_for("plans.show", plan_id=plan.id), 303)
    except Refused as refusal:
        tell(form, refusal.field, say(refusal))
    return _form_page(form, shape, kinds), 422


def kinds_to_plan(campaign: Campaign) -> list[Kind]:
    """The kinds of which the reader may plan something for some unit."""
    reach = reach_of(current_user)
    return [kind for kind in planned_kinds(spec_of(campaign)) if may_enter_kind(kind, reach)]


def shape_of(campaign: Campaign, kind: Kind) -> PlanShape:
    """What a plan of the kind may say, made by the reader."""
    reach, spec = reach_of(current_user), spec_of(campaign)
    return PlanShape(
        kind,
        units_to_enter_for(reach, kind),
        members_to_enter_for(reach, today()),
        {"place": words_used(campaign, kind, "place", reach) if kind.column("place") else []},
        max(today(), spec.starts_on),
        spec.ends_on,
    )


def _typed(form: Any, shape: PlanShape) -> PlanFacts:
    """What the form says; Refused beside the field that says nothing that can be."""
    form.validate()
    return facts_of(form, shape, branches_named(names_together(form)))


def _is_warned(form: Any, day: dt.date) -> bool:
    """Whether the day is an ordinary one, or was said before to be a holiday; else the page says so now."""
    row = holiday_on(day)
    if row is None or form.warned.data == day.isoformat():
        return True
    form.warned.data = day.isoformat()
    sentence = gettext(
        "%(day)s is a holiday (%(name)s). Save again if it is meant.", day=day_words(day), name=row.name
    )
    tell(form, "happens_on", sentence)
    return False


def _form_page(form: Any, shape: PlanShape, kinds: list[Kind], plan: Plan | None = None) -> str:
    return render_template(
        "plans/new.html",
        form=form,
        kind=shape.kind,
        kinds=kinds,
        plan=plan,
        members=shape.members,
        places=shape.words["place"],
        branches=branches_within(current_user) if shape.can_be_joint else [],
    )


@bp.get(f"/plans/{PLAN}.ics")
@requires(Permission.PLAN_SEE)
def file(plan_id: int) -> Response:
    """The plan for somebody's own calendar."""
    plan = plan_for(current_user, plan_id, today()) or abort(404)
    return ics_response([line_of(plan, today())], plan.title)


@bp.get(f"/plans/{PLAN}")
@requires(Permission.PLAN_SEE)
def show(plan_id: int) -> str:
    """One plan: when, where, by whom; how it stands, and the one next step."""
    return _show(plan_for(current_user, plan_id, today()) or abort(404))


def _show(plan: Plan, cancellation: CancellationForm | None = None) -> str:
    line = line_of(plan, today())
    owns = may(Permission.PLAN_WRITE) and is_own(plan, reach_of(current_user))
    is_due = owns and plan.happens_on <= today() and line.state not in (PlanState.HELD, PlanState.CANCELLED)
    record = record_for(current_user, plan.record_id) if plan.record_id else None
    return render_template(
        "plans/show.html",
        line=line,
        plan=plan,
        owns=owns,
        is_due=is_due,
        may_change=owns and plan.happens_on >= today() and line.state is PlanState.AHEAD,
        record=record if line.state is PlanState.HELD else None,
        found=may_be_this(plan, current_user) if is_due else [],
        holiday=holiday_on(plan.happens_on),
        cancellation=cancellation or CancellationForm(formdata=None, version=plan.version),
        act=PlanActForm(formdata=None, version=plan.version),
        sheets=sheets_of(plan) if owns else [],
        ticked=len(arrived_ids(plan)) if owns else 0,
        may_code=owns and takes_arrivals(plan, today(), minute_now()),
        window=window(plan),
        words=words,
    )


@bp.route(f"/plans/{PLAN}/change", methods=["GET", "POST"])
@requires(Permission.PLAN_WRITE)
def change(plan_id: int) -> Response | str | tuple[str, int]:
    """Say something else of a plan that is still ahead."""
    plan = _own(plan_id)
    campaign = db.session.get_one(Campaign, plan.campaign_id)
    shape = shape_of(campaign, spec_of(campaign).kind(plan.kind.code))
    lead = typed_person(plan.lead.name, plan.lead.number) if plan.lead else ""
    form = plan_form(
        shape, **filled_common(plan), happens_on=plan.happens_on.isoformat(), lead=lead, version=plan.version
    )
    if not form.is_submitted():
        if line_of(plan, today()).state is not PlanState.AHEAD:
            return redirect(url_for("plans.show", plan_id=plan.id))
        return _form_page(form, shape, [], plan)
    try:
        facts = _typed(form, shape)
        if _is_warned(form, facts.happens_on):
            services.change_plan(
                plan, facts, version=form.version.data or 0, by=current_user, at=now(), today=today()
            )
            flash(gettext("The plan was changed."), "success")
            return redirect(url_for("plans.show", plan_id=plan.id), 303)
    except Refused as refusal:
        if refusal.msgid == PLAN_CHANGED:
            return _overtaken(form, plan_id, campaign.id), 409
        tell(form, refusal.field, say(refusal))
    return _form_page(form, shape, [], plan), 422


def _overtaken(form: Any, plan_id: int, campaign_id: int) -> str:
    """The form with everything that was typed, after somebody else changed the plan meanwhile."""
    db.session.rollback()
    plan, campaign = db.session.get_one(Plan, plan_id), db.session.get_one(Campaign, campaign_id)
    form.version.data, form.version.raw_data = plan.version, None
    tell(form, None, gettext(PLAN_CHANGED))
    return _form_page(form, shape_of(campaign, spec_of(campaign).kind(plan.kind.code)), [], plan)


def _own(plan_id: int) -> Plan:
    return own_plan_for(current_user, reach_of(current_user), plan_id, today()) or abort(404)


@bp.post(f"/plans/{PLAN}/cancel")
@requires(Permission.PLAN_WRITE)
def cancel(plan_id: int) -> Response | tuple[str, int]:
    """Say that it does not take place, and why."""
    plan, form = _own(plan_id), CancellationForm()
    if not form.validate():
        return _show(plan, form), 422
    try:
        services.cancel_plan(
            plan, form.why.data or "", version=form.version.data or 0, by=current_user, at=now()
        )
    except Refused as refusal:
        if refusal.msgid == PLAN_CHANGED:
            abort(409)
        tell(form, refusal.field, say(refusal))
        return _show(plan, form), 422
    flash(gettext("Cancelled. It stays in the calendar with the reason."), "success")
    return redirect(url_for("plans.show", plan_id=plan.id), 303)


@bp.post(f"/plans/{PLAN}/restore")
@requires(Permission.PLAN_WRITE)
def restore(plan_id: int) -> Response:
    """Take a cancellation back."""
    plan, form = _own(plan_id), PlanActForm()
    try:
        services.restore_plan(plan, version=form.version.data or 0, by=current_user, at=now())
    except Refused:
        abort(409)
    flash(gettext("The plan stands again."), "success")
    return redirect(url_for("plans.show", plan_id=plan.id), 303)


@bp.post(f"/plans/{PLAN}/held")
@requires(Permission.PLAN_WRITE)
def hold(plan_id: int) -> Response:
    """Say which record of the ledger tells that it was held: what is entered already is not entered again."""
    plan, form = _own(plan_id), PlanActForm()
    record_id = read_id(form.record.data)
    record: Record = (record_for(current_user, record_id) if record_id else None) or abort(404)
    if record not in may_be_this(plan, current_user):
        abort(409)
    try:
        services.hold_plan(plan, record, by=current_user, at=now())
    except Refused as refusal:
        abort(409 if refusal.msgid == HELD_ALREADY else 422)
    flash(gettext("Noted: this record tells that it was held."), "success")
    return redirect(url_for("plans.show", plan_id=plan.id), 303)
