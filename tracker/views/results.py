"""Results of tests and contests: entered by the branch, averaged for the office, read by nobody else."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, may, requires
from tracker.clock import now
from tracker.db import db
from tracker.forms.results import ResultForm, result_form
from tracker.models import Campaign, Record, Status
from tracker.queries.access import record_for
from tracker.queries.campaigns import spec_of
from tracker.queries.records import Person, people_of
from tracker.queries.results import Average, OwnResult, averages, entered_results, own_results
from tracker.rules.campaigns import Kind, ResultRule
from tracker.rules.refusal import Refused
from tracker.rules.results import results_of
from tracker.services import results as services
from tracker.services.records import CHANGED
from tracker.views import record_words as words
from tracker.views.asof import campaign_here

bp = Blueprint("results", __name__)


@dataclass(frozen=True, slots=True)
class ResultCard:
    """What the page of a session says of results.

    own:     the reader's own.
    average: for the office alone.
    entered: for how many people there is one.
    """

    rule: ResultRule
    own: OwnResult | None
    average: Average | None
    entered: int
    may_enter: bool
    sees_average: bool


def result_card(record: Record, kind: Kind) -> ResultCard | None:
    """The card of results; None where the session has none, or nothing that this reader may know."""
    rule = results_of(kind, record.type)
    if rule is None or record.status is not Status.VERIFIED:
        return None
    member_id = current_user.member_id
    own = next(iter(own_results(member_id, record.id)), None) if member_id else None
    sees_average, may_enter = may(Permission.RESULT_SEE), may(Permission.RECORD_VERIFY)
    if own is None and not sees_average and not may_enter:
        return None
    campaign = db.session.get_one(Campaign, record.campaign_id)
    average = next(iter(averages(campaign, record.id)), None) if sees_average else None
    entered = len(entered_results(record)) if may_enter else 0
    return ResultCard(rule, own, average, entered, may_enter, sees_average)


@bp.get("/results")
@requires(Permission.RESULT_SEE)
def index() -> str:
    """The averages of all tests and contests. No single result is in it."""
    campaign = campaign_here()
    return render_template("results/index.html", rows=averages(campaign) if campaign else [])


@bp.route("/records/<int(max=9007199254740991):record_id>/results", methods=["GET", "POST"])
@requires(Permission.RECORD_VERIFY)
def enter(record_id: int) -> Response | str | tuple[str, int]:
    """Type the results of a session. The fields are empty also where one was entered before."""
    record = record_for(current_user, record_id) or abort(404)
    campaign = db.session.get_one(Campaign, record.campaign_id)
    kind = spec_of(campaign).kind(record.kind.code)
    rule = results_of(kind, record.type)
    if rule is None or record.status is not Status.VERIFIED:
        abort(404)
    people = [
        one
        for one in people_of(
            record, current_user, campaign, str(current_app.config["TRACKER"].secret_key)
        ).seen
        if services.may_have_result(one.participation, current_user)
    ]
    form_class = result_form([(one.participation.id, _name(one)) for one in people])
    form = form_class()
    if form.is_submitted():
        if form.validate() and (done := _saved(record, rule, form)):
            flash(gettext("Saved: %(count)s results. Only the members themselves can read them.", count=done))
            return redirect(url_for("records.show", record_id=record.id, _anchor="results"), 303)
    else:
        form = form_class(formdata=None, data={"seen": services.seen_of(record)})
    page = render_template(
        "results/enter.html", record=record, kind=kind, rule=rule, people=people, form=form,
        entered=entered_results(record),
    )  # fmt: skip
    return (page, 422) if form.is_submitted() else page


def _name(one: Person) -> str:
    return words.coded(one.code) if one.code else one.participation.member.name


def _saved(record: Record, rule: ResultRule, form: ResultForm) -> int:
    """How many results were saved; 0 where the form says what is wrong."""
    try:
        return services.save_results(
            record, rule, form.typed(), seen=form.seen.data or "", by=current_user, at=now()
        )
    except services.Wrong as wrong:
        for id_, refusal in wrong.refusals.items():
            field = form[f"points_{id_}"]
            field.errors = [*field.errors, gettext(refusal.msgid, **refusal.params)]
    except Refused as refusal:
        if refusal.msgid == CHANGED:
            abort(409)
        form.form_errors.append(gettext(refusal.msgid, **refusal.params))
    return 0
