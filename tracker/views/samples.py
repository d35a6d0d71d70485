"""Samples: drawn from verified records, checked one by one, and what they say of the rest."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as Redirect

from tracker.access import Permission, may, requires
from tracker.clock import now, today
from tracker.files.record_sheet import record_sheet
from tracker.forms.base import ActForm, TrackerForm
from tracker.forms.records import read_id, read_page, read_text
from tracker.forms.samples import ALL, CompleteForm, DrawForm, ReopenForm, VerdictForm
from tracker.models import Campaign, Fault, Kind, Sample, SampleRow, UnitLevel, Verdict
from tracker.queries import samples as queries
from tracker.queries.accounts import units_by_level
from tracker.queries.campaigns import spec_of
from tracker.queries.paging import PER_PAGE, Page, page_within
from tracker.queries.record_filters import hidden_kinds
from tracker.rules.campaigns import CampaignSpec
from tracker.rules.periods import Period, period_by_code, periods
from tracker.rules.refusal import N_, Refused
from tracker.rules.samples import check_plan, frame_text
from tracker.services import samples as services
from tracker.services.audit import record_event
from tracker.services.records import CHANGED
from tracker.views import record_words, sample_words
from tracker.views.asof import campaign_here
from tracker.views.sheets import sheet_response
from tracker.views.staging import tell

bp = Blueprint("samples", __name__)
LEVELS = (UnitLevel.BRANCH, UnitLevel.SECTION, UnitLevel.COMMITTEE)  # whose records a sample can be of
ID = "<int(max=9007199254740991):sample_id>"


def _key() -> str:
    return str(current_app.config["TRACKER"].secret_key)


@bp.get("/samples")
@requires(Permission.SAMPLE_SEE)
def index() -> str:
    """The samples of the campaign by period, each with its own result."""
    campaign = campaign_here()
    if campaign is None:
        return render_template("samples/index.html", campaign=None)
    spec = spec_of(campaign)
    period = read_text(request.args.get("period")) or None
    return render_template(
        "samples/index.html",
        campaign=campaign,
        spec=spec,
        page=queries.samples_page(campaign, current_user, period, read_page(request.args.get("page"))),
        periods=periods(spec, spec.phases, until=today()),
        period=period,
        words=sample_words,
        page_address=lambda number: url_for("samples.index", period=period, page=number),
    )


@bp.route("/samples/new", methods=["GET", "POST"])
@requires(Permission.SAMPLE_WRITE)
def new() -> Redirect | str | tuple[str, int]:
    """Say what is to be drawn, look at how many that makes, and draw."""
    campaign = campaign_here() or abort(404)
    spec = spec_of(campaign)
    form = DrawForm()
    found = periods(spec, spec.phases, until=today())
    units = [unit for level in LEVELS for unit in units_by_level().get(level, ())]
    form.offer(
        [(one.code, sample_words.period_words(one)) for one in reversed(found)],
        [(kind.code, kind.name) for kind in spec.kinds],
        [(str(unit.id), unit.name) for unit in units],
    )
    if not form.is_submitted():
        return render_template("samples/new.html", form=form, looked=None)
    form.validate()
    try:
        kind, period, unit_id = _chosen(form, campaign, spec)
        check_plan(form.plan)
        if request.form.get("act") == "look":
            frames = queries.frames_of(campaign, kind, period.starts_on, period.ends_on, unit_id)
            looked = [(one, form.plan.size_of(len(one.ids))) for one in frames]
            return render_template("samples/new.html", form=form, looked=looked)
        made = services.draw_samples(
            campaign, kind, period, form.plan, unit_id=unit_id, seed=form.seed.data or "",
            by=current_user, at=now(),
        )  # fmt: skip
    except Refused as refusal:
        tell(form, refusal)
        return render_template("samples/new.html", form=form, looked=None), 422
    records = sum(one.size for one in made)
    flash(gettext("Drawn: %(samples)s samples, %(records)s records.", samples=len(made), records=records))
    if len(made) == 1:
        return redirect(url_for("samples.show", sample_id=made[0].id), 303)
    return redirect(url_for("samples.index", period=period.code), 303)


def _chosen(form: DrawForm, campaign: Campaign, spec: CampaignSpec) -> tuple[Kind, Period, int | None]:
    """What was chosen. Raises Refused, at the field at fault, for what is none of those offered."""
    period = period_by_code(form.period.data or "", spec, spec.phases)
    if period is None or period.starts_on > today():
        raise Refused(N_("Choose one of those offered."), "period")
    kind = next((one for one in campaign.kinds if one.code == form.kind.data), None)
    if kind is None:
        raise Refused(N_("Choose one of those offered."), "kind")
    unit_id = read_id(form.unit.data)
    if form.unit.data != ALL and unit_id is None:
        raise Refused(N_("Choose one of those offered."), "unit")
    return kind, period, unit_id


@bp.get(f"/samples/{ID}")
@requires(Permission.SAMPLE_SEE)
def show(sample_id: int) -> str:
    """One sample: its result, its records with their verdicts, and how it is drawn again."""
    return _page(queries.sample_for(current_user, sample_id) or abort(404))


def _page(
    sample: Sample, wrong: tuple[int, VerdictForm] | None = None, reopening: ReopenForm | None = None
) -> str:
    """wrong: the row whose form came back with an error; `reopening` likewise."""
    spec = spec_of(sample.campaign)
    page = page_within(read_page(request.args.get("page")), sample.size)
    if wrong:
        page = (wrong[0] - 1) // PER_PAGE + 1
    found = queries.sampled_records(sample, current_user, _key(), (page - 1) * PER_PAGE, PER_PAGE)
    may_write = may(Permission.SAMPLE_WRITE)
    return render_template(
        "samples/show.html",
        sample=sample,
        spec=spec,
        line=queries.line_of(sample),
        page=Page(found, page, sample.size),
        page_address=lambda number: url_for("samples.show", sample_id=sample.id, page=number),
        hides_names=sample.kind.code in hidden_kinds(current_user, spec),
        reopenings=queries.reopenings_of(sample),
        may_write=may_write,
        wrong=wrong,
        verdict_forms={one.row.id: _verdict_form(one.row, wrong) for one in found} if may_write else {},
        complete_form=CompleteForm(formdata=None, version=sample.version),
        reopening=reopening or ReopenForm(formdata=None, version=sample.version),
        sheet_form=ActForm(formdata=None),
        words=sample_words,
        record_words=record_words,
    )


def _verdict_form(row: SampleRow, wrong: tuple[int, VerdictForm] | None) -> VerdictForm:
    form = wrong[1] if wrong and wrong[0] == row.ordinal else VerdictForm(formdata=None)
    form.stand_at(row)
    form.version.data = row.version
    return form


@bp.post("/sample-rows/<int(max=9007199254740991):sample_row_id>")
@requires(Permission.SAMPLE_WRITE)
def check(sample_row_id: int) -> Redirect | tuple[str, int]:
    """Say what was found of one record."""
    row = queries.sample_row_for(current_user, sample_row_id) or abort(404)
    form = VerdictForm()
    form.stand_at(row)
    form.validate()
    if form.verdict.data not in set(Verdict):
        abort(400)
    fault = form.fault.data or ""
    try:
        services.give_verdict(
            row, Verdict(form.verdict.data), fault=Fault(fault) if fault in set(Fault) else None,
            note=form.note.data or "", version=form.version.data or 0, by=current_user, at=now(),
        )  # fmt: skip
    except Refused as refusal:
        return _refused(refusal, row.sample, form, row)
    page = (row.ordinal - 1) // PER_PAGE + 1
    address = url_for("samples.show", sample_id=row.sample_id, page=page if page > 1 else None)
    return redirect(f"{address}#r{row.id}", 303)


@bp.post(f"/samples/{ID}/complete")
@requires(Permission.SAMPLE_WRITE)
def complete(sample_id: int) -> Redirect | tuple[str, int]:
    """Freeze the verdicts and what follows from them."""
    sample = queries.sample_for(current_user, sample_id) or abort(404)
    form = CompleteForm()
    form.validate()
    try:
        services.complete_sample(sample, version=form.version.data or 0, by=current_user, at=now())
    except Refused as refusal:
        return _refused(refusal, sample, form)
    flash(gettext("The sample is completed. Its verdicts and its result stay as they are."), "success")
    return redirect(url_for("samples.show", sample_id=sample.id), 303)


@bp.post(f"/samples/{ID}/reopen")
@requires(Permission.SAMPLE_WRITE)
def reopen(sample_id: int) -> Redirect | tuple[str, int]:
    """Let verdicts of a completed sample be changed again, with a reason."""
    sample = queries.sample_for(current_user, sample_id) or abort(404)
    form = ReopenForm()
    if not form.validate():
        return _page(sample, reopening=form), 422
    try:
        services.reopen_sample(
            sample, why=form.why.data or "", version=form.version.data or 0, by=current_user, at=now()
        )
    except Refused as refusal:
        return _refused(refusal, sample, form)
    flash(gettext("The sample is open again. What it had come to is kept below."), "success")
    return redirect(url_for("samples.show", sample_id=sample.id), 303)


def _refused(
    refusal: Refused, sample: Sample, form: TrackerForm, row: SampleRow | None = None
) -> tuple[str, int]:
    """Whoever was too late gets a 409; what is missing is said beside its field, the rest as a page."""
    if refusal.msgid in (CHANGED, services.FROZEN):
        abort(409)
    if refusal.field is None:
        raise refusal
    tell(form, refusal)
    if isinstance(form, VerdictForm) and row is not None:
        return _page(sample, wrong=(row.ordinal, form)), 422
    return _page(sample, reopening=form if isinstance(form, ReopenForm) else None), 422


@bp.get(f"/samples/{ID}/sheet")
@requires(Permission.SAMPLE_SEE)
def sheet(sample_id: int) -> str:
    """The sample as a sheet for paper: what is to be looked at, with room for what was found."""
    sample = queries.sample_for(current_user, sample_id) or abort(404)
    return render_template(
        "samples/sheet.html",
        sample=sample,
        spec=spec_of(sample.campaign),
        found=queries.sampled_records(sample, current_user, _key()),
        words=sample_words,
        record_words=record_words,
    )


@bp.get(f"/samples/{ID}/frame.txt")
@requires(Permission.SAMPLE_SEE)
def frame(sample_id: int) -> Response:
    """The numbers of all records of the frame, one a line: with them anybody draws the sample again."""
    sample = queries.sample_for(current_user, sample_id) or abort(404)
    response = Response(frame_text(sample.frame), mimetype="text/plain")
    response.headers["Content-Disposition"] = f"attachment; filename=frame-{sample.id}.txt"
    return response


@bp.post(f"/samples/{ID}.xlsx")
@requires(Permission.SAMPLE_SEE)
def workbook(sample_id: int) -> Response:
    """The sample as a workbook; who took it away is noted."""
    sample = queries.sample_for(current_user, sample_id) or abort(404)
    notes = sample_words.about(queries.line_of(sample), spec_of(sample.campaign))
    if sample.kind.code in hidden_kinds(current_user, spec_of(sample.campaign)):
        notes.append((gettext("Names"), gettext("Names of members are replaced by codes.")))
    content, count = record_sheet(
        gettext("Sample"),
        sample_words.headings(),
        sample_words.sheet_rows(queries.sampled_records(sample, current_user, _key())),
        gettext("About this sample"),
        notes,
    )
    record_event(current_user, "sample:export", sample, now(), rows=count)
    return sheet_response(content, f"{gettext('Sample')}-{sample.unit.name}-{sample.period}.xlsx")
