"""Certificates of hours: one's own, the register of all, and the page on which anybody checks one."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import segno
from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import force_locale, gettext
from flask_login import current_user
from werkzeug.wrappers import Response as Redirect

from tracker.access import PUBLIC, Permission, may, requires
from tracker.clock import now, today
from tracker.db import db
from tracker.files.pdf import pdf_of
from tracker.forms.certificates import LONGEST, CertificateForm, RevocationForm
from tracker.forms.records import read_page, read_text
from tracker.models import Campaign, Certificate
from tracker.queries import certificates as queries
from tracker.queries.campaigns import spec_of
from tracker.rules.certificates import certifying_kinds, masked, number_text
from tracker.rules.refusal import Refused
from tracker.security_events import CHECKS, take_try
from tracker.services import certificates as services
from tracker.services.records import CHANGED
from tracker.views.asof import campaign_here
from tracker.views.staging import tell

bp = Blueprint("certificates", __name__)
ID = "<int(max=9007199254740991):certificate_id>"
STYLE = "css/certificate.css"


def gives_certificates(campaign: Campaign | None) -> bool:
    """Whether the campaign has hours that are certified."""
    return campaign is not None and bool(certifying_kinds(spec_of(campaign)))


def _number(certificate: Certificate) -> str:
    return number_text(certificate.campaign.code, certificate.number)


@bp.get("/me/certificates")
@requires(Permission.SELF)
def index() -> str:
    """The reader's own certificates, and the form for another."""
    campaign = campaign_here()
    form = CertificateForm(formdata=None)
    if campaign is not None:
        last = min(today(), campaign.ends_on)
        form.starts_on.data, form.ends_on.data = campaign.starts_on.isoformat(), last.isoformat()
    return _own(form)


def _own(form: CertificateForm) -> str:
    campaign, member = campaign_here(), current_user.member
    found = queries.certificates_of(member) if member else []
    gone = queries.reversed_since(found)
    return render_template(
        "certificates/index.html",
        form=form,
        campaign=campaign,
        kinds=certifying_kinds(spec_of(campaign)) if campaign else (),
        may_issue=member is not None and gives_certificates(campaign),
        certificates=[(one, _number(one), gone[one.id]) for one in found],
    )


@bp.post("/me/certificates")
@requires(Permission.SELF)
def issue() -> Redirect | tuple[str, int]:
    """Issue a certificate of the reader's own verified hours. The same rows are certified once."""
    campaign, member = campaign_here(), current_user.member
    if campaign is None or member is None or not gives_certificates(campaign):
        abort(404)
    form = CertificateForm()
    if not form.validate():
        return _own(form), 422
    try:
        made = services.issue_certificate(
            campaign, member, *form.period, by=current_user, at=now(), today=today()
        )
    except Refused as refusal:
        db.session.rollback()
        tell(form, refusal)
        return _own(form), 422
    flash(gettext("The certificate %(number)s is ready.", number=_number(made)), "success")
    return redirect(url_for("certificates.index") + f"#c{made.id}", 303)


@bp.get(f"/me/certificates/{ID}.pdf")
@requires(Permission.SELF)
def paper(certificate_id: int) -> Response | Redirect:
    """The certificate as a PDF, as it was issued. One that holds no more is not printed again."""
    found = queries.own_certificate_for(current_user, certificate_id) or abort(404)
    if found.revoked_at or queries.reversed_since([found])[found.id]:
        flash(gettext("This certificate holds no more, so it is not printed again."), "warning")
        return redirect(url_for("certificates.index"))
    number = _number(found)
    address = url_for("certificates.check", number=number, code=found.code, _external=True)
    with force_locale("zh_Hans"):  # a document of the campaign, whatever its reader's language
        page = render_template(
            "certificates/paper.html", certificate=found, number=number, campaign=found.campaign,
            check_address=url_for("certificates.check", _external=True),
            code_picture=segno.make(address, error="m").svg_data_uri(scale=4, border=0),
        )  # fmt: skip
        filename = gettext("Certificate of volunteer service %(number)s", number=number) + ".pdf"
    css = (Path(str(current_app.static_folder)) / STYLE).read_text(encoding="utf-8")
    try:
        content = pdf_of(page, css)
    except Refused as refusal:
        flash(gettext(refusal.msgid), "warning")
        return redirect(url_for("certificates.index"))
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(filename)}"
    return response


@bp.get("/certificates/check")
@requires(PUBLIC)
def check() -> str | tuple[str, int]:
    """Whether a certificate holds, for whoever has its number and its code; else nothing is said."""
    number = request.args.get("number", "")[:LONGEST].strip()
    code = request.args.get("code", "")[:LONGEST].strip()
    if not number and not code:
        return _checked("")
    found = queries.certificate_called(number, code) if number and code else None
    if found is None:
        is_counted = take_try([CHECKS])
        return _checked("unknown" if is_counted else "rest", number), 404 if is_counted else 429
    gone = queries.reversed_since([found])[found.id]
    state = "revoked" if found.revoked_at else "changed" if gone else "holds"
    return _checked(state, _number(found), certificate=found, gone=gone, name=masked(found.name))


def _checked(state: str, number: str = "", **more: Any) -> str:
    return render_template("certificates/check.html", state=state, number=number, **more)


@bp.get("/certificates")
@requires(Permission.CERTIFICATE_SEE)
def register() -> str:
    """All certificates of the campaign by number: whose, over which days, whether they hold. No hours."""
    return _register()


def _register(wrong: tuple[int, RevocationForm] | None = None) -> str:
    campaign = campaign_here()
    text = read_text(request.args.get("q"))
    page = queries.register_page(campaign, text, read_page(request.args.get("page"))) if campaign else None
    found = page.items if page else []
    gone = queries.reversed_since(found)
    return render_template(
        "certificates/register.html",
        page=page,
        text=text,
        rows=[(one, _number(one), gone[one.id]) for one in found],
        form=RevocationForm(formdata=None),
        wrong=wrong,
        may_revoke=may(Permission.CERTIFICATE_REVOKE),
        page_address=lambda number: url_for("certificates.register", q=text or None, page=number),
    )


@bp.post(f"/certificates/{ID}/revoke")
@requires(Permission.CERTIFICATE_REVOKE)
def revoke(certificate_id: int) -> Redirect | tuple[str, int]:
    """Let a certificate hold no more, with a reason."""
    found = queries.certificate_for(current_user, certificate_id) or abort(404)
    form = RevocationForm()
    if not form.validate():
        return _register((certificate_id, form)), 422
    try:
        services.revoke_certificate(found, why=form.why.data or "", by=current_user, at=now())
    except Refused as refusal:
        db.session.rollback()
        tell(form, refusal)
        return _register((certificate_id, form)), 409 if refusal.msgid == CHANGED else 422
    flash(gettext("The certificate %(number)s holds no more.", number=_number(found)), "success")
    return redirect(url_for("certificates.register"), 303)
