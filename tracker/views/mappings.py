"""A platform's own headings: said once for a file, kept under a name, changed, taken away."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, requires
from tracker.clock import now
from tracker.db import db
from tracker.forms.batches import BatchActForm
from tracker.forms.mappings import MappingForm, mapping_form, start_of
from tracker.models import Batch, BatchSort, Campaign, Mapping
from tracker.queries.access import batch_for, mapping_for
from tracker.queries.campaigns import current_campaign, spec_of
from tracker.queries.mappings import saved_mappings
from tracker.rules.campaigns import CampaignSpec, Kind
from tracker.rules.headings import unit_of
from tracker.rules.ledger_columns import kind_of_sheet
from tracker.rules.mappings import UNITS, Head, MappingSpec, head_of, kind_of
from tracker.rules.refusal import Refused
from tracker.rules.sheets import RawSheet
from tracker.services import batches as imports
from tracker.services import mappings as services
from tracker.services.jobs import queue_job
from tracker.services.records import CHANGED
from tracker.worker import limits_of

bp = Blueprint("mappings", __name__)
ID = "<int(max=9007199254740991):mapping_id>"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is explained: one sheet of a file, as rows of one kind."""

    campaign: Campaign
    spec: CampaignSpec
    sheets: list[RawSheet]
    sheet: RawSheet
    kind: Kind
    head: Head


@bp.get("/imports/mappings")
@requires(Permission.BATCH_WRITE)
def index() -> str:
    """The saved mappings of the current campaign."""
    campaign = current_campaign()
    spec = spec_of(campaign) if campaign else None
    rows = [
        (mapping, said := MappingSpec.of(mapping.content), kind_of(said, spec), _act(mapping))
        for mapping in (saved_mappings(campaign.id) if campaign else [])
        if spec is not None
    ]
    return render_template("mappings/index.html", rows=rows)


def _act(mapping: Mapping) -> BatchActForm:
    form = BatchActForm(formdata=None)
    form.version.data = mapping.version
    return form


@bp.route("/imports/<int(max=9007199254740991):batch_id>/columns", methods=["GET", "POST"])
@requires(Permission.BATCH_WRITE)
def new(batch_id: int) -> Response | str | tuple[str, int]:
    """Say which column of the file is which; it is kept under a name, and the file checked by it."""
    batch = batch_for(current_user, batch_id) or abort(404)
    if batch.sort is not BatchSort.LEDGER or batch.state not in imports.UNWRITTEN:
        abort(404)
    try:
        asked = _asked(batch)
    except Refused as refusal:
        flash(gettext(refusal.msgid, **refusal.params), "warn")
        return redirect(url_for("batches.show", batch_id=batch.id), 303)
    form_class = mapping_form(asked.kind, asked.head.headings)
    if request.method == "POST":
        form = form_class()
        if form.validate() and _taken(form, asked, batch):
            return redirect(url_for("batches.show", batch_id=batch.id), 303)
    else:
        unit = unit_of(asked.head.presets.get("minutes", ""))
        form = form_class(
            formdata=None,
            data=start_of(
                asked.kind, asked.head.presets, {}, sheet=asked.sheet.name, version=batch.version,
                unit=unit if unit in UNITS else asked.kind.minutes_in,
            ),
        )  # fmt: skip
    page = render_template("mappings/new.html", batch=batch, asked=asked, form=form)
    return (page, 422) if request.method == "POST" else page


def _asked(batch: Batch) -> Asked:
    """What the address asks to explain: the first sheet, and the kind that it fits best, unless it says so.

    Raises Refused if the file cannot be read or holds nothing.
    """
    campaign = imports.campaign_of(batch)
    spec, config = spec_of(campaign), current_app.config["TRACKER"]
    workbook = imports.read_batch(batch.path, config.data_dir, limits_of(config))
    sheets = [sheet for sheet in workbook.sheets if sheet.rows and not sheet.is_hidden]
    if not sheets:
        raise Refused(imports.NOTHING, "file")
    named, code = request.values.get("sheet", ""), request.values.get("kind", "")
    sheet = next((one for one in sheets if one.name == named), sheets[0])
    fitting, several = kind_of_sheet(sheet, spec)
    kind = fitting or next(iter(several), None) or _best(sheet, spec)
    if code:
        kind = next((one for one in spec.kinds if one.code == code), None) or abort(404)
    return Asked(campaign, spec, sheets, sheet, kind, head_of(sheet, kind))


def _best(sheet: RawSheet, spec: CampaignSpec) -> Kind:
    """The kind that knows most of the headings, the first of the campaign's where several do."""
    return max(spec.kinds, key=lambda kind: len(head_of(sheet, kind).presets))


def _taken(form: MappingForm, asked: Asked, batch: Batch) -> bool:
    """Save what was said and have the file checked by it; whether it could be, else the form says why not."""
    if form.version.data != batch.version:
        abort(409)
    said = form.said(asked.kind, asked.head.headings)
    try:
        services.save_mapping(asked.campaign, said, by=current_user, at=now())
        imports.map_batch(batch, said, by=current_user, at=now())
        queue_job("check", batch, by=current_user, at=now())
    except Refused as refusal:
        _tell(form, asked.kind, refusal)
        return False
    return True


def _tell(form: MappingForm, kind: Kind, refusal: Refused) -> None:
    if refusal.msgid in (CHANGED, imports.CHANGED):
        abort(409)
    db.session.rollback()
    field, words = form.at_fault(kind, refusal.field), gettext(refusal.msgid, **refusal.params)
    if field is None:
        form.form_errors.append(words)
    else:
        field.errors = [*field.errors, words]


@bp.route(f"/imports/mappings/{ID}", methods=["GET", "POST"])
@requires(Permission.BATCH_WRITE)
def change(mapping_id: int) -> Response | str | tuple[str, int]:
    """Put a saved mapping right; what was brought in by it stays."""
    mapping, campaign, kind = _saved(mapping_id)
    said = MappingSpec.of(mapping.content)
    form_class = mapping_form(kind, said.headings)
    if request.method == "POST":
        form = form_class()
        if form.validate():
            try:
                services.change_mapping(
                    mapping, campaign, form.said(kind, said.headings), version=form.version.data or 0,
                    by=current_user, at=now(),
                )  # fmt: skip
                return redirect(url_for("mappings.index"), 303)
            except Refused as refusal:
                _tell(form, kind, refusal)
    else:
        data = start_of(
            kind, said.columns, said.fixed, name=said.name, unit=said.unit, version=mapping.version
        )
        form = form_class(formdata=None, data=data)
    page = render_template(
        "mappings/change.html", mapping=mapping, kind=kind, form=form, act_form=_act(mapping)
    )
    return (page, 422) if request.method == "POST" else page


def _saved(mapping_id: int) -> tuple[Mapping, Campaign, Kind]:
    mapping = mapping_for(current_user, mapping_id) or abort(404)
    campaign = db.session.get_one(Campaign, mapping.campaign_id)
    return mapping, campaign, kind_of(MappingSpec.of(mapping.content), spec_of(campaign)) or abort(404)


@bp.post(f"/imports/mappings/{ID}/delete")
@requires(Permission.BATCH_WRITE)
def delete(mapping_id: int) -> Response:
    """Take a saved mapping away."""
    mapping = mapping_for(current_user, mapping_id) or abort(404)
    try:
        services.delete_mapping(mapping, version=BatchActForm().version.data or 0, by=current_user, at=now())
    except Refused:
        abort(409)
    flash(gettext("Taken away. What was brought in by it stays."), "success")
    return redirect(url_for("mappings.index"), 303)
