"""Imports: a file is sent, checked, brought in, undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug import Response as Answer
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types

from tracker.access import Permission, may, requires
from tracker.clock import now
from tracker.files import store
from tracker.files.ledger_template import blank_ledger
from tracker.files.problem_list import ProblemRow, marked_workbook, problem_list
from tracker.filters import translate
from tracker.forms.batches import (
    FILTERS,
    KNOWN_COLUMNS,
    NEW_COLUMNS,
    TOLD,
    BatchActForm,
    UploadForm,
    read_filter,
)
from tracker.forms.records import read_page
from tracker.hygiene import takes_workbooks
from tracker.models import Batch, BatchSort
from tracker.queries.access import batch_for, mapping_for
from tracker.queries.batches import (
    UNFINISHED,
    BatchFilter,
    acts_on,
    batches_page,
    count_together,
    latest_job,
    records_of,
    senders,
)
from tracker.queries.campaigns import spec_of
from tracker.queries.mappings import saved_mappings
from tracker.queries.paging import Page, page_within
from tracker.queries.units import names_by_level
from tracker.rules.import_reports import MOST_FILES
from tracker.rules.mappings import MappingSpec
from tracker.rules.refusal import Refused
from tracker.services.batches import CHANGED, discard_batch, map_batch
from tracker.services.jobs import queue_job
from tracker.services.uploads import Sent, store_uploads
from tracker.views import batch_words as words
from tracker.views.asof import campaign_here
from tracker.views.late_batches import late_form
from tracker.views.sheets import sheet_response
from tracker.worker import limits_of

bp = Blueprint("batches", __name__)
ID = "<int(max=9007199254740991):batch_id>"


@bp.get("/imports")
@requires(Permission.BATCH_SEE)
def index() -> str:
    """Send files; what was sent before. ?sort=roster presets what they hold."""
    sort = request.args.get("sort")
    return _index(_form(formdata=None, sort=sort if sort in set(BatchSort) else TOLD))


def _form(**fields: Any) -> UploadForm:
    """The form, with the saved mappings of the campaign to choose from."""
    form, campaign = UploadForm(**fields), campaign_here()
    for mapping in saved_mappings(campaign.id) if campaign else []:
        form.columns.choices.append(SelectChoice(str(mapping.id), mapping.name))  # type: ignore[union-attr]
    return form


def _index(form: UploadForm) -> str:
    chosen = read_filter(request.args)
    asked: dict[str, Any] = {name: value for name, value in request.args.items() if name in FILTERS and value}
    return render_template(
        "batches/index.html",
        form=form,
        page=batches_page(read_page(request.args.get("page")), chosen),
        page_address=lambda number: url_for("batches.index", page=number, **asked),
        chosen=chosen,
        is_filtered=chosen != BatchFilter(),
        senders=senders(),
        campaign=campaign_here(),
        most_bytes=current_app.config["TRACKER"].upload_bytes,
        most_rows=current_app.config["TRACKER"].import_rows,
        most_files=MOST_FILES,
        words=words,
    )


@bp.post("/imports")
@requires(Permission.BATCH_WRITE)
@takes_workbooks
def upload() -> Answer | tuple[str, int]:
    """Keep files and have each checked; nothing of them is brought in yet."""
    form, campaign = _form(), campaign_here()
    if not form.validate():
        return _index(form), 422
    sort, config = form.sort_said, current_app.config["TRACKER"]
    chosen = form.columns.data if sort is not BatchSort.ROSTER and campaign else KNOWN_COLUMNS
    if chosen == NEW_COLUMNS and len(form.file.data) > 1:
        form.columns.errors = [*form.columns.errors, gettext("Choose the columns of one file at a time.")]
        return _index(form), 422
    batches, refused = store_uploads(
        [Sent(file.stream, file.filename or "") for file in form.file.data],
        BatchSort.LEDGER if chosen == NEW_COLUMNS else sort,
        campaign,
        as_verified=bool(form.as_verified.data),
        data_dir=config.data_dir,
        most=config.upload_bytes,
        by=current_user,
        at=now(),
    )
    said = [f"{one.filename}：{gettext(one.refusal.msgid, **one.refusal.params)}" for one in refused]
    if not batches:
        form.file.errors = [*form.file.errors, *said]
        return _index(form), 422
    if chosen == NEW_COLUMNS:
        return redirect(url_for("mappings.new", batch_id=batches[0].id), 303)
    for sentence in said:
        flash(sentence, "warning")
    for batch in batches:
        if chosen != KNOWN_COLUMNS:
            mapping = mapping_for(current_user, int(chosen)) or abort(404)
            map_batch(batch, [MappingSpec.of(mapping.content)], by=current_user, at=now())
        queue_job("check", batch, by=current_user, at=now())
    page = "batches.show" if len(batches) == 1 and not said else "studio.together"
    return redirect(url_for(page, batch_id=batches[0].id), 303)


@bp.get("/imports/template.xlsx")
@requires(Permission.BATCH_SEE)
def template() -> Response:
    """A blank ledger workbook of the current campaign, with this bureau's units to choose from."""
    campaign = campaign_here() or abort(404)
    names = names_by_level()
    content = blank_ledger(spec_of(campaign), names["branch"], names["section"], names["group"])
    return sheet_response(content, gettext("Blank ledger") + f"-{campaign.code}.xlsx")


@bp.get(f"/imports/{ID}")
@requires(Permission.BATCH_SEE)
def show(batch_id: int) -> str:
    """One import: what was understood, what is wrong, what would change, what can be done."""
    batch = batch_for(current_user, batch_id) or abort(404)
    job = latest_job(batch)
    problems = batch.report.get("problems", [])
    number = page_within(read_page(request.args.get("page")), len(problems))
    campaign = campaign_here()
    page = Page(problems[(number - 1) * 50 : number * 50], number, len(problems))
    form = BatchActForm(formdata=None)
    form.version.data = batch.version
    return render_template(
        "batches/show.html",
        batch=batch,
        report=batch.report,
        job=job,
        is_working=job is not None and job.state in UNFINISHED,
        page=page,
        page_address=lambda number: url_for("batches.show", batch_id=batch.id, page=number) + "#problems",
        same=batch_for(current_user, batch.report["same_as"]) if batch.report.get("same_as") else None,
        standing=records_of(batch),
        acts=acts_on(batch),
        together=count_together(batch),
        form=form,
        late=late_form(batch) if may(Permission.BATCH_WRITE) else None,
        expected=words.columns_expected(batch, spec_of(campaign).kinds if campaign else ()),
        words=words,
    )


@bp.get(f"/imports/{ID}/progress")
@requires(Permission.BATCH_SEE)
def progress(batch_id: int) -> Response:
    """How far the work is, to be swapped into the page; when it is over, the page is asked for anew."""
    batch = batch_for(current_user, batch_id) or abort(404)
    job = latest_job(batch)
    answer = Response(render_template("batches/_progress.html", batch=batch, job=job, words=words))
    if job is None or job.state not in UNFINISHED:
        answer.headers["HX-Refresh"] = "true"
    return answer


def _act(batch_id: int, act: Callable[[Batch], object]) -> Answer:
    """Do something with the import that was seen. Raises 409 if it is another by now."""
    batch = batch_for(current_user, batch_id) or abort(404)
    if BatchActForm().version.data != batch.version:
        abort(409)
    try:
        act(batch)
    except Refused as refusal:
        if refusal.msgid == CHANGED:
            abort(409)
        raise
    return redirect(url_for("batches.show", batch_id=batch.id), 303)


@bp.post(f"/imports/{ID}/commit")
@requires(Permission.BATCH_WRITE)
def commit(batch_id: int) -> Answer:
    """Have it brought in."""
    return _act(batch_id, lambda batch: queue_job("commit", batch, by=current_user, at=now()))


@bp.post(f"/imports/{ID}/undo")
@requires(Permission.BATCH_WRITE)
def undo(batch_id: int) -> Answer:
    """Have everything that it brought in taken out again."""
    return _act(batch_id, lambda batch: queue_job("undo", batch, by=current_user, at=now()))


@bp.post(f"/imports/{ID}/discard")
@requires(Permission.BATCH_WRITE)
def discard(batch_id: int) -> Answer:
    """Throw the file away; nothing of it had been brought in."""
    data_dir = current_app.config["TRACKER"].data_dir
    answer = _act(batch_id, lambda batch: discard_batch(batch, data_dir=data_dir, by=current_user, at=now()))
    flash(gettext("Thrown away. Nothing of the file had been brought in."), "success")
    return answer


@bp.get(f"/imports/{ID}/problems.xlsx")
@requires(Permission.BATCH_SEE)
def problems(batch_id: int) -> Response:
    """The problems as a workbook: for the office its own file with the cells marked, else a list.

    The file holds whatever the file held, so it goes only to those who may send files.
    """
    batch = batch_for(current_user, batch_id) or abort(404)
    rows = [
        ProblemRow(one["sheet"], one["row"], one["column"], one["cell"], translate(one))
        for one in batch.report.get("problems", [])
    ]
    headings = [
        gettext("Sheet"),
        gettext("Row"),
        gettext("Column"),
        gettext("Cell"),
        gettext("What is wrong"),
    ]
    title = gettext("Problems")
    content = _marked(batch, rows, headings) if may(Permission.BATCH_WRITE) else None
    return sheet_response(content or problem_list(rows, headings, title), f"{title}-{batch.filename}")


def _marked(batch: Batch, rows: list[ProblemRow], headings: list[str]) -> bytes | None:
    """The workbook with its marks; None if it is gone, cannot be read, or takes too much."""
    config = current_app.config["TRACKER"]
    if (path := store.found(batch.path, config.data_dir)) is None:
        return None
    note = gettext(
        "Mend the cells marked in red in their sheets and send this workbook again. This list is not read."
    )
    tops = {one["sheet"]: one["top"] for one in batch.report.get("sheets", []) if one.get("top")}
    try:
        return marked_workbook(path, limits_of(config), rows, headings, tops=tops, note=note)
    except Refused:
        return None
