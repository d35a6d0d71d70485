"""The ledger: its rows, one record, and reversing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, may, requires
from tracker.clock import now
from tracker.db import db
from tracker.files.record_sheet import record_sheet
from tracker.forms.base import ActForm
from tracker.forms.records import ReversalForm, as_args, read_filter, read_id, unit_id_asked
from tracker.models import Campaign, Participation, Record, Status
from tracker.queries.access import own_units, participation_for, record_for, sees_bureau
from tracker.queries.record_filters import RecordFilter, hidden_kinds, is_section
from tracker.queries.record_lines import record_lines
from tracker.queries.record_totals import total_of
from tracker.queries.records import Ledger, ledger, ledger_page, types_used
from tracker.queries.units import branches_within, unit_within
from tracker.rules.campaigns import ROSTER_MEASURES, Figure, Measure
from tracker.rules.own_figures import is_own
from tracker.rules.refusal import Refused
from tracker.security_events import note_reading
from tracker.services import records as services
from tracker.services.audit import record_event
from tracker.views import record_words as words
from tracker.views.asof import AsOf, as_of
from tracker.views.record_page import record_page
from tracker.views.sentences import rule_joined, rule_said
from tracker.views.sheets import sheet_response

bp = Blueprint("records", __name__)
ID = "<int(max=9007199254740991):record_id>"
MOST_IN_SHEET = 100_000


def _key() -> str:
    return str(current_app.config["TRACKER"].secret_key)


def _args(chosen: RecordFilter) -> dict[str, Any]:
    """The choices for an address, with the campaign if another than the current one was asked for."""
    campaign = request.args.get("campaign")
    return {**as_args(chosen), **({"campaign": campaign} if campaign else {})}


def _asked(asof: AsOf) -> Ledger:
    """The list that the address asks for. A secretary who opens a figure sees the own branch's part of it."""
    unit_id = unit_id_asked(request.args)
    unit = unit_within(current_user, unit_id) if unit_id else None
    if unit_id and unit is None:
        abort(404)
    chosen = read_filter(request.args, asof.spec, asof.day, unit)
    if chosen.figure and is_own(chosen.figure) and not sees_bureau(current_user):
        abort(404)
    if chosen.figure and unit is None and not sees_bureau(current_user):
        own = next(iter(own_units(current_user)), None) or abort(404)
        chosen = read_filter(request.args, asof.spec, asof.day, unit_within(current_user, own))
    kind = words.kind_listed(chosen, asof.spec)
    if is_section(unit) and kind and kind.code in hidden_kinds(current_user, asof.spec):
        abort(404)  # few work in a section: their codes would be as good as their names
    return ledger(asof.campaign, chosen, current_user, _key())


def _roster_page(figure: Figure, asof: AsOf) -> Response:
    """Figures over the roster have no rows of the ledger behind them, but people or units."""
    day = asof.day.isoformat()
    if figure.measure is Measure.UNITS:
        return redirect(url_for("branches.index", as_of=day))
    if not may(Permission.ROSTER_SEE):
        abort(404)
    over = figure.over
    return redirect(
        url_for(
            "members.index",
            as_of=day,
            category=list(over.category) or None,
            standing=list(over.standing) or None,
            exempt="no" if over.eligible else None,
        )
    )


@bp.get("/records")
@requires(Permission.RECORD_SEE)
def index() -> Response | str:
    """The rows that were chosen; with ?figure= those behind a figure, and what they come to."""
    asof = as_of()
    if asof is None:
        return render_template("records/index.html", asof=None)
    figure = asof.spec.figure(request.args.get("figure", ""))
    if figure and figure.measure in ROSTER_MEASURES:
        return _roster_page(figure, asof)
    asked = _asked(asof)
    chosen = asked.chosen
    kind = words.kind_listed(chosen, asof.spec)

    def address(**changes: Any) -> str:
        return url_for("records.index", **{**_args(chosen), **changes})

    return render_template(
        "records/index.html",
        asof=asof if figure else None,
        spec=asof.spec,
        chosen=chosen,
        asked=asked,
        page=ledger_page(asked),
        total=total_of(asof.campaign, asked, current_user),
        rule=rule_said(chosen.figure, asof.spec) if chosen.figure else [],
        kind=kind,
        hides_names=bool(asked.hidden if kind is None else kind.code in asked.hidden),
        types=types_used(asof.campaign, kind.code if kind else None),
        branches=branches_within(current_user),
        sort_address=lambda sort: address(sort=sort),
        page_address=lambda page: address(page=page),
        sheet_address=url_for("records.sheet", **_args(chosen)),
        sheet_form=ActForm(formdata=None),
        most=MOST_IN_SHEET,
        words=words,
        statuses=list(Status),
    )


@bp.post("/records.xlsx")
@requires(Permission.RECORD_SEE)
def sheet() -> Response:
    """The chosen rows as a workbook; who took it away is noted."""
    asof = as_of() or abort(404)
    db.session.rollback()  # nobody need wait for the lock while the rows are read and written out
    db.session.connection(execution_options={"read_only": True})
    asked = _asked(asof)
    chosen, kind = asked.chosen, words.kind_listed(asked.chosen, asof.spec)
    total = total_of(asof.campaign, asked, current_user)
    notes = [(gettext("Campaign"), asof.spec.name), *words.choice_words(chosen, asof.spec)]
    if chosen.figure and total:
        notes += [(gettext("Rule"), rule_joined(chosen.figure, asof.spec))]
        notes += [(gettext("These rows come to"), words.total_words(total))]
    if asked.hidden and (kind is None or kind.code in asked.hidden):
        notes += [(gettext("Names"), gettext("Names of members are replaced by codes."))]
    with_adds = chosen.figure is not None
    content, count = record_sheet(
        gettext("Ledger"),
        words.headings(kind, with_adds),
        words.sheet_rows(record_lines(asked, MOST_IN_SHEET), kind, with_adds),
        gettext("About this list"),
        notes,
    )
    campaign_id, choices = asof.campaign.id, as_args(chosen)
    db.session.rollback()
    choices.pop("q", None)  # may hold a name
    campaign = db.session.get_one(Campaign, campaign_id)
    record_event(current_user, "record:export", campaign, now(), rows=count, chosen=choices)
    return sheet_response(content, gettext("Ledger") + f"-{asof.day.isoformat()}.xlsx")


@bp.get(f"/records/{ID}")
@requires(Permission.RECORD_OPEN)
def show(record_id: int) -> str:
    """One record: its fields, the people who may be seen, and all that became of it."""
    record = record_for(current_user, record_id) or abort(404)
    attendance = None
    if asked := read_id(request.args.get("attendance")):
        attendance = participation_for(current_user, asked)
        if attendance is None or attendance.record_id != record.id:
            abort(404)
    page = record_page(record, attendance=attendance)
    if record.member_id is not None and record.member_id != current_user.member_id:
        note_reading(current_user.id, "record", record.id)  # last of all: it ends the request's transaction
    return page


@bp.post(f"/records/{ID}/reverse")
@requires(Permission.RECORD_REVERSE)
def reverse(record_id: int) -> Response | tuple[str, int]:
    """Take a record out of every figure, with a reason."""
    record = record_for(current_user, record_id) or abort(404)
    form = ReversalForm()
    if not form.validate():
        return record_page(record, reversal=form), 422
    try:
        services.reverse_record(
            record, version=form.version.data or 0, why=form.why.data or "", by=current_user, at=now()
        )
    except Refused as refusal:
        return _refused(refusal, record, form)
    flash(gettext("Reversed. The record stays in the ledger and counts no more."), "success")
    return redirect(url_for("records.show", record_id=record.id), 303)


@bp.post("/attendances/<int(max=9007199254740991):participation_id>/reverse")
@requires(Permission.RECORD_REVERSE)
def reverse_participation(participation_id: int) -> Response | tuple[str, int]:
    """Take one attendance out of a record, with a reason."""
    participation = participation_for(current_user, participation_id) or abort(404)
    record, form = participation.record, ReversalForm()
    if not form.validate():
        return record_page(record, reversal=form, attendance=participation), 422
    try:
        services.reverse_participation(
            participation, version=form.version.data or 0, why=form.why.data or "", by=current_user, at=now()
        )
    except Refused as refusal:
        return _refused(refusal, record, form, participation)
    flash(gettext("The attendance is reversed; the rest of the record stays."), "success")
    return redirect(url_for("records.show", record_id=record.id), 303)


def _refused(
    refusal: Refused, record: Record, form: ReversalForm, participation: Participation | None = None
) -> tuple[str, int]:
    """A wrong field is shown again beside it, a row that somebody else changed is a 409, the rest a page."""
    if refusal.msgid == services.CHANGED:
        abort(409)
    if refusal.field != "why":
        raise refusal
    form.why.errors = [*form.why.errors, gettext(refusal.msgid, **refusal.params)]
    return record_page(record, reversal=form, attendance=participation), 422
