"""From an empty installation to a running campaign: five steps, as they truly stand."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import Field

from tracker.access import SIGNED_IN, Permission, may, requires
from tracker.clock import now
from tracker.files.shipped_campaigns import shipped_campaigns
from tracker.forms.campaigns import LoadForm
from tracker.forms.start import BureauForm, OfficeForm
from tracker.queries.figures import bureau_name
from tracker.queries.start import branches_with_keeper, start_facts
from tracker.rules.refusal import Refused
from tracker.rules.start import Step, next_stage, stages_of
from tracker.services import start as services
from tracker.services.accounts import draw
from tracker.services.records import CHANGED
from tracker.views.accounts import slips_page
from tracker.views.asof import campaign_here
from tracker.views.audit_words import ROLES
from tracker.views.start_shown import NEEDS_CAMPAIGN, STEPS

bp = Blueprint("start", __name__)


@bp.before_app_request
def wait_for_campaign() -> str | None:
    """In place of a page that is about a campaign, where there is none: what comes first, and who does it."""
    is_page = request.method == "GET" and request.endpoint in NEEDS_CAMPAIGN
    return render_template("start/waiting.html") if is_page and campaign_here() is None else None


@bp.get("/start")
@requires(SIGNED_IN)
def show() -> str:
    """The five steps: done, now or later, whose each one is, and what is to be done next."""
    return _page()


def _page(office: OfficeForm | None = None, bureau: BureauForm | None = None) -> str:
    facts = start_facts()
    stages = stages_of(facts)
    name = bureau_name() if facts.is_named else None
    bureau_form = bureau or BureauForm(formdata=None)
    if bureau is None:
        bureau_form.name.data = bureau_form.seen.data = name or ""
    return render_template(
        "start/show.html",
        stages=stages,
        next=next_stage(stages),
        done=sum(stage.state == "done" for stage in stages),
        facts=facts,
        name=name,
        titles=STEPS,
        roles=ROLES,
        Step=Step,
        branches=branches_with_keeper(),
        office_form=office or OfficeForm(formdata=None),
        bureau_form=bureau_form,
        load_form=LoadForm(formdata=None),
        shipped=shipped_campaigns(),
        is_admin=may(Permission.SYSTEM_SEE),
        is_office=may(Permission.GRANT_WRITE),
    )


def _put(refusal: Refused, field: Field) -> None:
    """A "no" beside its field; what somebody else changed meanwhile is a 409."""
    if refusal.msgid == CHANGED:
        abort(409)
    field.errors = [*field.errors, gettext(refusal.msgid, **refusal.params)]


@bp.post("/start/office")
@requires(Permission.SYSTEM_SEE)
def office() -> str | tuple[str, int]:
    """Open the first account of the party office, and show its slip once."""
    form = OfficeForm()
    if not form.validate():
        return _page(office=form), 422
    (drawn,) = draw(1)
    try:
        slip = services.open_first_office(
            form.login.data or "", form.name.data or "", drawn, by=current_user, at=now()
        )
    except Refused as refusal:
        _put(refusal, form[refusal.field or "login"])
        return _page(office=form), 422
    return slips_page([slip], url_for("start.show"))


@bp.post("/start/bureau")
@requires(Permission.GRANT_WRITE)
def bureau() -> Response | tuple[str, int]:
    """Give the bureau its name, or put it right."""
    form = BureauForm()
    if not form.validate():
        return _page(bureau=form), 422
    try:
        services.name_bureau(form.name.data or "", seen=form.seen.data or "", by=current_user, at=now())
    except Refused as refusal:
        _put(refusal, form.name)
        return _page(bureau=form), 422
    flash(gettext("The bureau is called “%(name)s”.", name=bureau_name()), "success")
    return redirect(url_for("start.show"), 303)
