"""Series of plans: shown before they are saved, changed from a day on, ended."""

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
from tracker.forms import series as forms
from tracker.forms.plans import PlanShape, common_facts, day_typed, filled_common, names_together
from tracker.models import Campaign, DaySort, Plan, Series
from tracker.queries.access import reach_of
from tracker.queries.campaigns import spec_of
from tracker.queries.entries import members_in_order
from tracker.queries.holidays import holidays_between, years_without
from tracker.queries.plan_access import is_own_series, plans_within, series_for
from tracker.queries.plans import branches_named, held_sum, plans_of
from tracker.queries.units import branches_within
from tracker.rules.campaigns import Kind
from tracker.rules.entries import typed_person
from tracker.rules.plans import PlanFacts, PlanState, check_facts, people_named
from tracker.rules.refusal import Refused
from tracker.rules.series import SeriesDays, days_of_series, in_turn
from tracker.services import series as services
from tracker.services.plans import PLAN_CHANGED
from tracker.views import plan_words as words
from tracker.views.asof import campaign_here
from tracker.views.entry_forms import say, tell
from tracker.views.plans import kinds_to_plan, shape_of

bp = Blueprint("series", __name__)
SERIES = "<int(max=9007199254740991):series_id>"
FRIDAY = 4


@bp.route("/series/new", methods=["GET", "POST"])
@requires(Permission.PLAN_WRITE)
def new() -> Response | str | tuple[str, int]:
    """A new series: first its days are shown, the second tap saves it."""
    campaign = campaign_here() or abort(404)
    kinds = kinds_to_plan(campaign)
    if not kinds:
        return render_template("series/new.html", form=None, kind=None, kinds=[], days=None)
    kind = next((one for one in kinds if one.code == request.args.get("kind")), kinds[0])
    shape = shape_of(campaign, kind)
    start = min(shape.first, shape.last).isoformat()
    form = forms.series_form(shape, begins_on=start, until=shape.last.isoformat(), weekday=str(FRIDAY))
    if not form.is_submitted():
        return _form_page(form, shape, kinds)
    form.validate()
    try:
        typed = forms.read_series(form, shape, branches_named(names_together(form)))
        days = _days(typed)
        first = replace(typed.facts, happens_on=days.kept[0])
        check_facts(kind, spec_of(campaign), first, today())
        seen = forms.digest_of_days(typed, days.kept)
        if form.seen.data != seen:
            form.seen.data = seen
            return _form_page(form, shape, kinds, typed, days)
        row = next(one for one in campaign.kinds if one.code == kind.code)
        series = services.plan_series(
            campaign,
            row,
            first,
            typed.rhythm,
            days.kept,
            typed.lead_ids,
            by=current_user,
            at=now(),
            today=today(),
        )
    except Refused as refusal:
        tell(form, _place(form, refusal), say(refusal))
        return _form_page(form, shape, kinds), 422
    flash(gettext("%(count)s days were planned.", count=len(days.kept)), "success")
    return redirect(url_for("series.show", series_id=series.id), 303)


def _place(form: Any, refusal: Refused) -> str | None:
    """The field beside which a refusal of a single plan stands in the form of a series."""
    name = "begins_on" if refusal.field == "happens_on" else refusal.field
    return name if name in form._fields else None


def _days(typed: forms.Typed) -> SeriesDays:
    rhythm = typed.rhythm
    table = holidays_between(rhythm.starts_on, rhythm.ends_on)
    off = {day for day, row in table.items() if row.sort is DaySort.HOLIDAY}
    return days_of_series(rhythm.every, rhythm.weekday, rhythm.starts_on, rhythm.ends_on, off)


def _form_page(
    form: Any,
    shape: PlanShape,
    kinds: list[Kind],
    typed: forms.Typed | None = None,
    days: SeriesDays | None = None,
) -> str:
    preview, skipped, without = [], [], []
    if typed is not None and days is not None:
        leads = {one.id: one.name for one in shape.members}
        turn = in_turn(typed.lead_ids, len(days.kept))
        preview = [(day, leads.get(lead or 0, "")) for day, lead in zip(days.kept, turn, strict=True)]
        table = holidays_between(typed.rhythm.starts_on, typed.rhythm.ends_on)
        skipped = [table[day] for day in days.skipped]
        years = range(typed.rhythm.starts_on.year, typed.rhythm.ends_on.year + 1)
        without = years_without(years)
    return render_template(
        "series/new.html",
        form=form,
        kind=shape.kind,
        kinds=kinds,
        days=days,
        preview=preview,
        skipped=skipped,
        without=without,
        members=shape.members,
        places=shape.words["place"],
        branches=branches_within(current_user) if shape.can_be_joint else [],
    )


@bp.get(f"/series/{SERIES}")
@requires(Permission.PLAN_SEE)
def show(series_id: int) -> str:
    """One series: planned against held, its plans, changing and ending it."""
    return _page(_seen(series_id))


def _seen(series_id: int) -> Series:
    return series_for(current_user, series_id, today()) or abort(404)


def _own(series_id: int) -> Series:
    series = _seen(series_id)
    return series if is_own_series(series, reach_of(current_user)) else abort(404)


def _shape(series: Series) -> PlanShape:
    campaign = db.session.get_one(Campaign, series.campaign_id)
    return shape_of(campaign, spec_of(campaign).kind(series.kind.code))


def _page(series: Series, change: Any = None, end: Any = None) -> str:
    lines = plans_of(series.id, today())
    ahead = [line.plan for line in lines if line.state is PlanState.AHEAD]
    owns = may(Permission.PLAN_WRITE) and is_own_series(series, reach_of(current_user))
    shape = _shape(series) if owns and ahead else None
    campaign = db.session.get_one(Campaign, series.campaign_id)
    if shape is not None and change is None:
        change = forms.change_form(
            shape, **filled_common(ahead[0]), from_on=ahead[0].happens_on.isoformat(),
            leads=_turn_words(series), version=series.version,
        )  # fmt: skip
    return render_template(
        "series/show.html",
        series=series,
        lines=lines,
        sum=held_sum(campaign, today(), Plan.series_id == series.id, plans_within(current_user, today())),
        owns=owns,
        shape=shape,
        change=change,
        end=end or forms.EndForm(formdata=None, end_on=today().isoformat(), version=series.version),
        leads="、".join(one.name for one in members_in_order(series.lead_ids)),
        every=forms.EVERY,
        weekdays=forms.WEEKDAYS,
        words=words,
    )


def _turn_words(series: Series) -> str:
    return "、".join(typed_person(one.name, one.number) for one in members_in_order(series.lead_ids))


@bp.post(f"/series/{SERIES}/change")
@requires(Permission.PLAN_WRITE)
def change(series_id: int) -> Response | tuple[str, int]:
    """Say something else of all its plans from a day on."""
    series = _own(series_id)
    shape = _shape(series)
    form = forms.change_form(shape)
    form.validate()
    try:
        facts = PlanFacts(
            happens_on=day_typed(form, "from_on"), unit_ids=(series.unit_id,), **common_facts(form)
        )
        count = services.change_series(
            series, facts, people_named(form.leads.data, shape.members, "leads"),
            version=form.version.data or 0, by=current_user, at=now(), today=today(),
        )  # fmt: skip
    except Refused as refusal:
        if refusal.msgid == PLAN_CHANGED:
            abort(409)
        tell(form, "from_on" if refusal.field == "happens_on" else refusal.field, say(refusal))
        db.session.rollback()
        return _page(_own(series_id), change=form), 422
    flash(gettext("%(count)s days were changed.", count=count), "success")
    return redirect(url_for("series.show", series_id=series_id), 303)


@bp.post(f"/series/{SERIES}/end")
@requires(Permission.PLAN_WRITE)
def end(series_id: int) -> Response | tuple[str, int]:
    """Cancel all its plans from a day on."""
    series, form = _own(series_id), forms.EndForm()
    if not form.validate():
        return _page(series, end=form), 422
    try:
        count = services.end_series(
            series, day_typed(form, "end_on"), form.why.data or "",
            version=form.version.data or 0, by=current_user, at=now(), today=today(),
        )  # fmt: skip
    except Refused as refusal:
        if refusal.msgid == PLAN_CHANGED:
            abort(409)
        tell(form, "end-why" if refusal.field == "why" else refusal.field, say(refusal))
        db.session.rollback()
        return _page(_own(series_id), end=form), 422
    flash(gettext("The series has ended; %(count)s days were cancelled.", count=count), "success")
    return redirect(url_for("series.show", series_id=series_id), 303)
