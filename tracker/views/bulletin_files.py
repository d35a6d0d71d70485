"""A bulletin to take away: as DOCX, as PDF, as a page for print."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, abort, current_app, flash, redirect, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as Redirect

from tracker.access import Permission, requires
from tracker.clock import today
from tracker.db import db
from tracker.files.chart_picture import with_pictures
from tracker.filters import said_in_chinese
from tracker.models import Bulletin
from tracker.queries.bulletin_access import bulletin_for
from tracker.queries.bulletins import document_of, preview_of
from tracker.queries.campaigns import spec_of
from tracker.rules.bulletins import Document
from tracker.rules.refusal import Refused
from tracker.views.bulletin_paper import STYLE, paper_html, paper_pdf
from tracker.views.bulletin_words import ID, bp, rows_url

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
NOT_IN_A_NAME = str.maketrans(dict.fromkeys('\\/:*?"<>|\r\n\t', "-"))
DRAFT = "草稿"  # bulletins are Chinese whatever the language of the pages


def file_name(document: Document, ending: str) -> str:
    """The name under which it is saved: 党史学习教育简报第12期.docx."""
    of = document.number or f"{document.as_of.isoformat()}{DRAFT}"
    return f"{document.head}{of}.{ending}".translate(NOT_IN_A_NAME)


def _found(bulletin_id: int) -> tuple[Bulletin, Document]:
    bulletin = bulletin_for(current_user, bulletin_id) or abort(404)
    if bulletin.is_issued:
        return bulletin, document_of(bulletin)
    return bulletin, preview_of(bulletin, said_in_chinese, today=today()).document


def _drawn(document: Document) -> Document:
    """The bulletin with pictures of its charts, where this machine draws any; the print page has tables."""
    db.session.rollback()  # a reader's lock would keep writers waiting while Chromium draws
    return with_pictures(document, current_app.config["TRACKER"].chromium)


def _sent(content: bytes, sort: str, name: str) -> Response:
    response = Response(content, mimetype=sort)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


@bp.get(f"/bulletins/{ID}.docx")
@requires(Permission.BULLETIN_SEE)
def docx(bulletin_id: int) -> Response:
    """The bulletin as a file for WPS and Word."""
    _bulletin, document = _found(bulletin_id)
    from tracker.files.bulletin_docx import docx_of  # python-docx: a third of a second of every start

    return _sent(docx_of(_drawn(document)), DOCX, file_name(document, "docx"))


@bp.get(f"/bulletins/{ID}.pdf")
@requires(Permission.BULLETIN_SEE)
def pdf(bulletin_id: int) -> Response | Redirect:
    """The bulletin as a PDF; a machine that cannot set pages says so."""
    bulletin, document = _found(bulletin_id)
    try:
        content = paper_pdf(_drawn(document))
    except Refused as refusal:
        flash(gettext(refusal.msgid), "warning")
        return redirect(url_for("bulletins.show", bulletin_id=bulletin.id))
    return _sent(content, "application/pdf", file_name(document, "pdf"))


@bp.get(f"/bulletins/{ID}/paper")
@requires(Permission.BULLETIN_SEE)
def paper(bulletin_id: int) -> str:
    """The bulletin as a page for the browser's own print; its figures lead to their rows."""
    bulletin, document = _found(bulletin_id)
    spec, code = spec_of(bulletin.campaign), bulletin.campaign.code
    hrefs = {line.ref: rows_url(line.ref, document, spec, code) for line in document.sources}
    style = url_for("static", filename=STYLE)
    return paper_html(document, {ref: url for ref, url in hrefs.items() if url}, style)
