"""A platform's own headings: said once for a file, kept under a name, changed, taken away."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, requires
from tracker.clock import now
from tracker.db import db
from tracker.forms.batches import BatchActForm
from tracker.forms.mappings import LEFT_OUT, MappingForm, mapping_form, start_of
from tracker.models import Batch, BatchSort, Campaign, Mapping
from tracker.queries.access import batch_for, mapping_for
from tracker.queries.campaigns import spec_of
from tracker.queries.mappings import saved_mappings
from tracker.rules.campaigns import CampaignSpec, Kind
from tracker.rules.headings import unit_of
from tracker.rules.ledger_columns import kind_of_sheet
from tracker.rules.mappings import (
    UNITS,
    Head,
    MappingSpec,
    check_mapping,
    head_of,
    is_own,
    kept_mappings,
    kind_of,
)
from tracker.rules.mappings import mapping_for as mapping_for_sheet
from tracker.rules.refusal import Refused
from tracker.rules.sheets import RawSheet
from tracker.services import batches as imports
from tracker.services import mappings as services
from tracker.services.jobs import queue_job
from tracker.services.records import CHANGED
from tracker.views.asof import campaign_here
from tracker.worker import limits_of

bp = Blueprint("mappings", __name__)
ID = "<int(max=9007199254740991):mapping_id>"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is explained: one sheet of a file, as rows of one kind; kind None: it is left out.

    others: how the other sheets of the file are read. now: how this one is, if somebody explained it.
    """

    campaign: Campaign
    spec: CampaignSpec
    sheets: list[RawSheet]
    sheet: RawSheet
    kind: Kind | None
    head: Head
    others: list[MappingSpec]
    now: MappingSpec | None

    @property
    def name(self) -> str | None:
        """The sheet's name, if what is said shall hold for sheets of this name alone."""
        return self.sheet.name if self.kind is None or is_own(self.sheet.name, self.spec) else None


@bp.get("/imports/mappings")
@requires(Permission.BATCH_WRITE)
def index() -> str:
    """The saved mappings of the current campaign."""
    campaign = campaign_here()
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
        form = form_class(formdata=None, data=_start(asked, batch))
    page = render_template("mappings/new.html", batch=batch, asked=asked, form=form, left_out=LEFT_OUT)
    return (page, 422) if request.method == "POST" else page


def _start(asked: Asked, batch: Batch) -> dict[str, object]:
    """What the form shows at first: what somebody said of this sheet, else what is understood anyway."""
    more: dict[str, object] = {"sheet": asked.sheet.name, "version": batch.version}
    if asked.now and asked.kind and asked.now.kind == asked.kind.code:
        more |= {"name": asked.now.name, "unit": asked.now.unit}
        return start_of(asked.kind, asked.now.columns, asked.now.fixed, **more)
    unit = unit_of(asked.head.presets.get("minutes", ""))
    if asked.kind:
        more["unit"] = unit if unit in UNITS else asked.kind.minutes_in
    return start_of(asked.kind, asked.head.presets, {}, **more)


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
    kept = kept_mappings(batch.mapping)
    used = {one.name: mapping_for_sheet(one, kept, spec) for one in sheets}
    now = used[sheet.name]
    best = _best(sheet, spec)
    kind: Kind | None = (kind_of(now, spec) if now else None) or best
    if code == LEFT_OUT or (now and not now.kind and not code):
        kind = None
    elif code:
        kind = next((one for one in spec.kinds if one.code == code), None) or abort(404)
    others = [one for name, one in used.items() if one is not None and name != sheet.name]
    others = [one for n, one in enumerate(others) if one not in others[:n]]
    return Asked(campaign, spec, sheets, sheet, kind, head_of(sheet, kind or best), others, now)


def _best(sheet: RawSheet, spec: CampaignSpec) -> Kind:
    """The kind that the sheet fits, else the one that knows most of its headings."""
    fitting, several = kind_of_sheet(sheet, spec)
    best = max(spec.kinds, key=lambda kind: len(head_of(sheet, kind).presets))
    return fitting or next(iter(several), best)


def _taken(form: MappingForm, asked: Asked, batch: Batch) -> bool:
    """Save what was said and have the file checked by it; whether it could be, else the form says why not.

    Without a name it holds for this file alone.
    """
    if form.version.data != batch.version:
        abort(409)
    said = form.said(asked.kind, asked.head.headings, asked.name)
    try:
        _keep(said, asked)
        if not said.name:
            if asked.kind:
                check_mapping(said, asked.kind)
            said = replace(said, name=asked.sheet.name)
        imports.map_batch(batch, [said, *asked.others], by=current_user, at=now())
        queue_job("check", batch, by=current_user, at=now())
    except Refused as refusal:
        _tell(form, asked.kind, refusal)
        return False
    return True


def _keep(said: MappingSpec, asked: Asked) -> None:
    """Save it for next time under its name; the one by which the sheet was read so far is said anew."""
    if not said.name:
        return
    saved = {mapping.name: mapping for mapping in saved_mappings(asked.campaign.id)}
    if asked.now and asked.now.name == said.name and (mapping := saved.get(said.name)):
        version = mapping.version
        services.change_mapping(mapping, asked.campaign, said, version=version, by=current_user, at=now())
    else:
        services.save_mapping(asked.campaign, said, by=current_user, at=now())


def _tell(form: MappingForm, kind: Kind | None, refusal: Refused) -> None:
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
                    mapping, campaign, form.said(kind, said.headings, said.sheet),
                    version=form.version.data or 0, by=current_user, at=now(),
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
