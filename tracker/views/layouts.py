"""Ledgers in the office's own layout: chosen, looked at, taken away; and the layouts themselves."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, requires
from tracker.clock import now
from tracker.db import db
from tracker.files.layout_sheet import layout_sheet
from tracker.forms.base import ActForm
from tracker.forms.batches import BatchActForm
from tracker.forms.layouts import LayoutForm, data_of, layout_form
from tracker.forms.records import read_id
from tracker.models import Campaign, Layout, Unit
from tracker.queries.access import branches_of, is_office, sees_bureau
from tracker.queries.campaigns import spec_of
from tracker.queries.layouts import (
    layout_for,
    layout_lines,
    may_change,
    own_layout_for,
    saved_layouts,
)
from tracker.queries.units import branches_within
from tracker.rules.campaigns import Kind
from tracker.rules.layout_rows import RowWriter
from tracker.rules.layouts import (
    PLACES,
    SIGNERS,
    default_layout,
    fitted,
    gaps_of,
    layout_kind,
)
from tracker.rules.layouts import Layout as LayoutSpec
from tracker.rules.periods import periods
from tracker.rules.refusal import Refused
from tracker.services import layouts as services
from tracker.services.audit import record_event
from tracker.services.ledgers import load_register
from tracker.services.records import CHANGED
from tracker.views import layout_words as words
from tracker.views.asof import as_of
from tracker.views.layout_choice import chosen_of, parts_of, units_offered
from tracker.views.sheets import sheet_response

bp = Blueprint("layouts", __name__)
ID = "<int(max=9007199254740991):layout_id>"
SHOWN = 8


@bp.get("/layouts")
@requires(Permission.RECORD_SEE)
def index() -> str:
    """Choose kind, period, unit and layout; see the first rows; take the sheet away."""
    asof = as_of()
    if asof is None:
        return render_template("layouts/index.html", chosen=None)
    chosen = chosen_of(asof)
    writer = RowWriter(chosen.layout, chosen.kind, load_register())
    lines = layout_lines(chosen.asked, current_user, SHOWN + 1)
    rows = [
        [words.shown(cell, chosen.layout, n) for n, cell in enumerate(writer.cells(values, serial))]
        for serial, (_line, values) in enumerate(writer.rows(lines), start=1)
    ]
    gaps = gaps_of(chosen.layout, chosen.kind)
    return render_template(
        "layouts/index.html",
        chosen=chosen,
        spec=asof.spec,
        rows=rows[:SHOWN],
        has_more=len(rows) > SHOWN,
        gaps=words.gap_words(gaps.left_out, gaps.unknown),
        units=units_offered(),
        sees_all=sees_bureau(current_user),
        periods=[
            (one.code, words.period_words(one, one.starts_on, one.ends_on))
            for one in periods(asof.spec, asof.spec.phases, asof.day)
        ],
        saved=[(one, may_change(current_user, one)) for one in _saved(asof.campaign, chosen.kind)],
        form=ActForm(formdata=None),
        address=url_for("layouts.sheet", **chosen.args),
    )


def _saved(campaign: Campaign, kind: Kind) -> list[Layout]:
    return saved_layouts(campaign, kind.code, current_user)


@bp.post("/layouts.xlsx")
@requires(Permission.RECORD_SEE)
def sheet() -> Response:
    """The ledger as the layout wants it; who took it away is noted."""
    asof = as_of() or abort(404)
    db.session.rollback()  # nobody need wait for the lock while the rows are read and written out
    db.session.connection(execution_options={"read_only": True})
    chosen = chosen_of(asof)
    content, count = layout_sheet(chosen.layout, parts_of(chosen), words.chinese_day(asof.day))
    campaign_id, args, name = asof.campaign.id, chosen.args, chosen.kind.name
    db.session.rollback()
    campaign = db.session.get_one(Campaign, campaign_id)
    record_event(current_user, "record:export", campaign, now(), rows=count, chosen=args)
    return sheet_response(content, f"{name}-{asof.day.isoformat()}.xlsx")


# ---- the layouts themselves ----


def _owners() -> list[tuple[str, str]]:
    """(unit's id or "", name) of those for whom the reader may save layouts."""
    found = [("", gettext("The whole bureau"))] if is_office(current_user) else []
    kept = branches_of(current_user)
    return found + [(str(unit.id), unit.name) for unit in branches_within(current_user) if unit.id in kept]


@bp.route("/layouts/new", methods=["GET", "POST"])
@requires(Permission.LAYOUT_WRITE)
def new() -> Response | str | tuple[str, int]:
    """Save a new layout: from the campaign's columns, or from a copy of another one."""
    asof = as_of() or abort(404)
    kind = next((one for one in asof.spec.kinds if one.code == request.args.get("kind")), asof.spec.kinds[0])
    start = default_layout(kind)
    if copied := read_id(request.args.get("copy")):
        saved = layout_for(current_user, copied) or abort(404)
        kind = layout_kind(LayoutSpec.of(saved.content), asof.spec) or abort(404)
        start = fitted(LayoutSpec.of(saved.content), kind)
        start = replace(start, name=gettext("%(name)s (copy)", name=start.name))
    owners = _owners()
    form_class = layout_form(kind, owners)
    if request.method == "POST":
        form = form_class()
        if form.validate():
            asked = str(form["owner"].data) if "owner" in form else owners[0][0]
            unit = db.session.get_one(Unit, int(asked)) if asked else None
            try:
                layout = services.save_layout(
                    asof.campaign, form.said(kind), unit=unit, by=current_user, at=now()
                )
                return _kept(layout)
            except Refused as refusal:
                _tell(form, kind, refusal)
    else:
        form = form_class(formdata=None, data=data_of(start, kind))
    return _page(form, kind, None, request.method)


def _page(form: LayoutForm, kind: Kind, layout: Layout | None, method: str) -> str | tuple[str, int]:
    page = render_template(
        "layouts/change.html", form=form, kind=kind, layout=layout, signers=SIGNERS,
        places="、".join(f"{{{place}}}" for place in PLACES), act_form=_act(layout) if layout else None,
    )  # fmt: skip
    return (page, 422) if method == "POST" else page


def _act(layout: Layout) -> BatchActForm:
    form = BatchActForm(formdata=None)
    form.version.data = layout.version
    return form


def _kept(layout: Layout) -> Response:
    flash(gettext("Saved. The first rows stand below."), "success")
    return redirect(url_for("layouts.index", kind=layout.kind, layout=layout.id), 303)


def _tell(form: LayoutForm, kind: Kind, refusal: Refused) -> None:
    if refusal.msgid == CHANGED:
        abort(409)
    db.session.rollback()
    field, said = form.at_fault(kind, refusal.field), gettext(refusal.msgid, **refusal.params)
    if field is None:
        form.form_errors.append(said)
    else:
        field.errors = [*field.errors, said]


@bp.route(f"/layouts/{ID}", methods=["GET", "POST"])
@requires(Permission.LAYOUT_WRITE)
def change(layout_id: int) -> Response | str | tuple[str, int]:
    """Put a layout right, or give it another name."""
    layout = own_layout_for(current_user, layout_id) or abort(404)
    campaign = db.session.get_one(Campaign, layout.campaign_id)
    spec, said = spec_of(campaign), LayoutSpec.of(layout.content)
    kind = layout_kind(said, spec) or abort(404)
    form_class = layout_form(kind, [])
    if request.method == "POST":
        form = form_class()
        if form.validate():
            try:
                services.change_layout(
                    layout,
                    campaign,
                    form.said(kind),
                    version=form.version.data or 0,
                    by=current_user,
                    at=now(),
                )
                return _kept(layout)
            except Refused as refusal:
                _tell(form, kind, refusal)
    else:
        form = form_class(formdata=None, data=data_of(fitted(said, kind), kind, version=layout.version))
    return _page(form, kind, layout, request.method)


@bp.post(f"/layouts/{ID}/delete")
@requires(Permission.LAYOUT_WRITE)
def delete(layout_id: int) -> Response:
    """Take a layout away."""
    layout = own_layout_for(current_user, layout_id) or abort(404)
    try:
        services.delete_layout(layout, version=BatchActForm().version.data or 0, by=current_user, at=now())
    except Refused:
        abort(409)
    flash(gettext("Taken away. Sheets that were written by it stay what they are."), "success")
    return redirect(url_for("layouts.index", kind=layout.kind), 303)
