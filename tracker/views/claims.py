"""The claim check: a draft beside the ledger. Nothing of it is stored, and nothing leaves the request."""

from __future__ import annotations

import datetime as dt
from typing import cast

from flask import Blueprint, current_app, render_template, url_for
from flask_babel import gettext
from werkzeug.datastructures import FileStorage

from tracker.access import Permission, requires
from tracker.db import db
from tracker.files.docx_text import Limits, read_docx
from tracker.forms.claims import ClaimForm
from tracker.queries.claims import claim_ledger
from tracker.rules.claim_checks import Checked, check_draft
from tracker.rules.claim_days import as_of_in
from tracker.rules.claims import Finding
from tracker.rules.refusal import Refused
from tracker.views import claim_words as words
from tracker.views.asof import AsOf, as_of
from tracker.views.staging import tell

bp = Blueprint("claims", __name__)


@bp.get("/claims")
@requires(Permission.BUREAU_SEE)
def index() -> str:
    """Paste a draft, or choose a document."""
    return _page(ClaimForm(formdata=None), as_of())


@bp.post("/claims")
@requires(Permission.BUREAU_SEE)
def check() -> str | tuple[str, int]:
    """The draft with every number marked, and the list of them."""
    asof = as_of()
    form = ClaimForm()
    if asof is None or not form.validate():
        return _page(form, asof), 422
    try:
        text, pictures = _draft(form)
        db.session.connection(execution_options={"read_only": True})
        day = _clipped(form.day.data or as_of_in(text, asof.day) or asof.day, asof)
        ledger = claim_ledger(asof.campaign, day)
        db.session.rollback()  # nobody need wait for the lock while the draft is read
        checked = check_draft(text, ledger)
    except Refused as refusal:
        db.session.rollback()
        tell(form, refusal)
        return _page(form, as_of()), 422
    form.text.data = text
    return _page(form, as_of(), checked, day, pictures)


def _draft(form: ClaimForm) -> tuple[str, int]:
    """The text, and how many pictures it has whose numbers nobody reads. Raises Refused."""
    db.session.rollback()
    sent = cast("FileStorage | None", form.file.data)
    if sent and sent.filename:
        limits = Limits(file=current_app.config["TRACKER"].upload_bytes)
        document = read_docx(sent.stream, sent.filename, limits)  # type: ignore[arg-type]  # it reads as a file does
        return document.text, document.pictures
    return (form.text.data or "").replace("\r\n", "\n"), 0


def _clipped(day: dt.date, asof: AsOf) -> dt.date:
    """The nearest day that can be looked at."""
    return min(max(day, asof.campaign.starts_on), asof.latest)


def _page(
    form: ClaimForm,
    asof: AsOf | None,
    checked: Checked | None = None,
    day: dt.date | None = None,
    pictures: int = 0,
) -> str:
    return render_template(
        "claims/index.html",
        asof=asof,
        form=form,
        checked=checked,
        day=day,
        pictures=pictures,
        pieces=words.pieces(checked) if checked else [],
        words=words,
        rows_of=lambda finding: _rows_of(finding, day),
        plain=words.as_text(checked, day) if checked and day else "",
        heading=gettext("Claim check"),
    )


def _rows_of(finding: Finding, day: dt.date | None) -> str:
    """Where the rows behind the ledger's value are; "" where it has none of its own."""
    known = finding.known
    if known is None or day is None:
        return ""
    if known.quoted:
        return url_for("quoted.index", q=known.quoted.code)
    if known.figure is None:
        return ""
    return url_for("figures.show", figure_id=known.figure.id, as_of=day.isoformat(), unit=known.place_id)
