"""The register of quoted figures: what others have said, which bulletins may quote."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, requires
from tracker.clock import local, now, today
from tracker.db import db
from tracker.files.record_sheet import Cell, record_sheet
from tracker.forms.quoted import QuotedForm, WithdrawalForm
from tracker.forms.records import read_id, read_page, read_text
from tracker.models import Campaign, Quoted
from tracker.queries import quoted as queries
from tracker.rules.bulletins import QUOTED
from tracker.rules.quoted import value_of
from tracker.rules.refusal import Refused
from tracker.services import quoted as services
from tracker.services.records import CHANGED
from tracker.views.asof import campaign_here
from tracker.views.sheets import sheet_response
from tracker.views.staging import tell

bp = Blueprint("quoted", __name__)
ID = "<int(max=9007199254740991):quoted_id>"


def placeholder(code: str) -> str:
    """What stands in the text of a bulletin for the figure."""
    return f"{{{QUOTED}{code}}}"


@bp.get("/quoted")
@requires(Permission.QUOTED_SEE)
def index() -> str:
    """Every quoted figure with its last value, where it comes from, and what it was before."""
    return _index()


def _index(wrong: tuple[int, WithdrawalForm] | None = None) -> str:
    campaign = campaign_here()
    text = read_text(request.args.get("q"))
    page = queries.history_page(campaign, text, read_page(request.args.get("page"))) if campaign else None
    return render_template(
        "quoted/index.html",
        campaign=campaign,
        page=page,
        text=text,
        wrong=wrong,
        form=WithdrawalForm(formdata=None),
        placeholder=placeholder,
        value_of=value_of,
        page_address=lambda number: url_for("quoted.index", q=text or None, page=number),
    )


@bp.get("/quoted.xlsx")
@requires(Permission.QUOTED_SEE)
def sheet() -> Response:
    """What the list shows, with every earlier value, as a workbook."""
    campaign = campaign_here() or abort(404)
    found = queries.histories(campaign, read_text(request.args.get("q")))
    headings = [
        gettext("Code"), gettext("What the figure is called"), gettext("Value"), gettext("Counted in"),
        gettext("As of"), gettext("Source"), gettext("Remark"), gettext("State"), gettext("Entered"),
        gettext("In a bulletin"),
    ]  # fmt: skip
    notes = [
        (gettext("Quoted figures"), campaign.name),
        (gettext("Mind"), gettext("These figures come from outside. They are not counted from the ledger.")),
    ]
    content, _count = record_sheet(
        gettext("Quoted figures"), headings, _lines(found), gettext("About this list"), notes
    )
    return sheet_response(content, f"{gettext('Quoted figures')}-{today().isoformat()}.xlsx")


def _lines(found: Iterable[queries.History]) -> Iterable[list[Cell]]:
    for one in found:
        for row in one.rows:
            exact = value_of(row.value)
            yield [
                row.code, row.title, exact.numerator if exact.denominator == 1 else float(exact), row.unit,
                row.as_of, row.source, row.note, _state(one, row), local(row.entered_at).date(),
                placeholder(row.code),
            ]  # fmt: skip


def _state(one: queries.History, row: Quoted) -> str:
    if row.withdrawn_at is not None:
        return gettext("withdrawn")
    return gettext("the last value") if row is one.latest else gettext("an earlier value")


@bp.route("/quoted/new", methods=["GET", "POST"])
@requires(Permission.QUOTED_WRITE)
def new() -> Response | str | tuple[str, int]:
    """Put a figure from outside into the register; with ?of=, another day's value of one that is there."""
    campaign = campaign_here() or abort(404)
    of = request.args.get("of")
    earlier = _latest(campaign, of) if of else None
    if request.method != "POST":
        form = QuotedForm.of(earlier, newer=True) if earlier else QuotedForm(formdata=None)
        return _form(form, earlier, None)
    form = QuotedForm()
    who, at, day = current_user, now(), today()
    try:
        if earlier:
            made = services.renew_quoted(earlier, form.quote, by=who, at=at, today=day)
        else:
            outside = bool(form.is_outside.data)
            made = services.enter_quoted(campaign, form.quote, is_outside=outside, by=who, at=at, today=day)
    except Refused as refusal:
        return _refused(form, refusal, earlier, None)
    return _kept(
        made, gettext("Entered. Bulletins of %(day)s and later quote it.", day=made.as_of.isoformat())
    )


def _latest(campaign: Campaign, of: str) -> Quoted:
    found = queries.quoted_for(current_user, read_id(of) or 0) or abort(404)
    if found.campaign_id != campaign.id:
        abort(404)
    return queries.latest_of(found)


@bp.route(f"/quoted/{ID}/correct", methods=["GET", "POST"])
@requires(Permission.QUOTED_WRITE)
def correct(quoted_id: int) -> Response | str | tuple[str, int]:
    """Put a value right that was entered wrongly. The wrong one stays in its history."""
    row = queries.quoted_for(current_user, quoted_id) or abort(404)
    if request.method != "POST":
        return _form(QuotedForm.of(row), None, row)
    form = QuotedForm()
    try:
        made = services.correct_quoted(
            row, form.quote, version=form.version.data or 0, why=form.why.data or "",
            is_outside=bool(form.is_outside.data), by=current_user, at=now(), today=today(),
        )  # fmt: skip
    except Refused as refusal:
        return _refused(form, refusal, None, row)
    return _kept(made, gettext("Put right. Bulletins that were issued keep what they say."))


@bp.post(f"/quoted/{ID}/withdraw")
@requires(Permission.QUOTED_WRITE)
def withdraw(quoted_id: int) -> Response | tuple[str, int]:
    """Let a value hold no more."""
    row = queries.quoted_for(current_user, quoted_id) or abort(404)
    form = WithdrawalForm()
    try:
        services.withdraw_quoted(
            row, version=form.version.data or 0, why=form.why.data or "", by=current_user, at=now()
        )
    except Refused as refusal:
        if refusal.msgid == CHANGED:
            abort(409)
        db.session.rollback()
        tell(form, refusal)
        return _index((quoted_id, form)), 422
    return _kept(row, gettext("Withdrawn. Bulletins that were issued keep what they say."))


def _kept(row: Quoted, said: str) -> Response:
    flash(said, "success")
    return redirect(url_for("quoted.index") + f"#{row.code}", 303)


def _refused(
    form: QuotedForm, refusal: Refused, earlier: Quoted | None, row: Quoted | None
) -> tuple[str, int]:
    if refusal.msgid == CHANGED:
        abort(409)
    db.session.rollback()
    tell(form, refusal)
    return _form(form, earlier, row), 422


def _form(form: QuotedForm, earlier: Quoted | None, row: Quoted | None) -> str:
    """earlier: its next value is entered; row: it is corrected; neither: a new figure is."""
    asks_outside = bool(form.is_outside.errors or form.is_outside.data)
    return render_template(
        "quoted/change.html",
        form=form,
        earlier=earlier,
        row=row,
        asks_outside=asks_outside,
        latest_day=today().isoformat(),
        value_of=value_of,
    )
