"""Closing periods: how they stand, closing one, what reached it since, opening it again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, may, requires
from tracker.clock import now, start_of, today
from tracker.db import db
from tracker.forms.closes import CloseForm, ReopenForm
from tracker.forms.records import read_day, read_id
from tracker.models import Campaign, Close, Record, Unit
from tracker.queries import closes as queries
from tracker.queries.access import branch_for, sees_bureau
from tracker.queries.campaigns import spec_of
from tracker.queries.record_filters import hidden_kinds
from tracker.queries.samples import SampleLine, samples_of
from tracker.queries.statements import reporting_on
from tracker.queries.units import branches_within
from tracker.rules.periods import Period, period_by_code, periods
from tracker.rules.pseudonyms import member_code
from tracker.rules.refusal import Refused
from tracker.services import closes as services
from tracker.services.records import CHANGED
from tracker.views import sample_words
from tracker.views.asof import campaign_here
from tracker.views.entry_forms import say, tell

bp = Blueprint("closes", __name__)
ID = "<int(max=9007199254740991):close_id>"


@dataclass(frozen=True, slots=True)
class Line:
    """A period: the bureau's close that stands, the branches' own, and earlier ones that were opened again.

    own: each branch of the reader's with its close, where they keep one; others: closes of further branches.
    """

    period: Period
    bureau: Close | None
    own: list[tuple[Unit, Close | None]]
    others: list[Close]
    earlier: list[Close]

    @property
    def is_over(self) -> bool:
        return today() > self.period.ends_on


@bp.get("/closes")
@requires(Permission.CLOSE_SEE)
def index() -> str:
    """All periods that have begun, the latest first, and which of them are closed."""
    campaign = campaign_here()
    lines = _lines(campaign) if campaign else []
    return render_template(
        "closes/index.html",
        campaign=campaign,
        lines=lines,
        branches=len(branches_within(current_user)),
        may_bureau=queries.may_close(current_user, None),
        at=now(),
    )


def _lines(campaign: Campaign) -> list[Line]:
    spec, found = spec_of(campaign), queries.closes_of(campaign, current_user)
    keeps = [] if sees_bureau(current_user) else branches_within(current_user)
    lines = []
    for period in reversed(periods(campaign, spec.phases, today())):
        here = [close for close in found if close.code == period.code]
        stand = {close.unit_id: close for close in here if close.reopened_at is None}
        own = [(unit, stand.get(unit.id)) for unit in keeps]
        mine = {None, *(unit.id for unit in keeps)}
        others = [close for unit_id, close in stand.items() if unit_id not in mine]
        earlier = [close for close in here if close.reopened_at is not None]
        lines.append(Line(period, stand.get(None), own, others, earlier))
    return lines


@bp.route("/closes/new", methods=["GET", "POST"])
@requires(Permission.CLOSE_WRITE)
def new() -> Response | str | tuple[str, int]:
    """Look at what a period holds, and close it."""
    campaign = campaign_here() or abort(404)
    form = CloseForm()
    if not form.is_submitted() and "period" not in request.args:
        return redirect(url_for("closes.index"))  # where one is chosen
    asked = request.args if not form.is_submitted() else request.form
    period = period_by_code(asked.get("period", ""), campaign, spec_of(campaign).phases) or abort(404)
    unit_id = read_id(asked.get("unit"))
    unit = (branch_for(current_user, unit_id) or abort(404)) if unit_id else None
    if not queries.may_close(current_user, unit):
        abort(404)
    if not form.is_submitted():
        form.period.data, form.unit.data = period.code, str(unit.id) if unit else ""
        days = spec_of(campaign).close_grace_days
        form.grace_until.data = (today() + dt.timedelta(days=days)).isoformat() if days else ""
        return _new_page(campaign, period, unit, form)
    form.validate()
    typed = (form.grace_until.data or "").strip()
    grace = read_day(typed)
    try:
        if typed and grace is None:
            raise Refused("%(value)s is not a day. Write it as 2021-03-05.", "grace_until", value=typed[:20])
        close = services.close_period(
            campaign, period, unit, grace_until=grace,
            holds_at=start_of(grace + dt.timedelta(days=1)) if grace else None,
            today=today(), by=current_user, at=now(),
        )  # fmt: skip
    except Refused as refusal:
        db.session.rollback()
        tell(form, refusal.field, say(refusal))
        return _new_page(
            campaign, period, unit, form
        ), 409 if refusal.msgid == services.CLOSED_ALREADY else 422
    flash(gettext("Closed."), "success")
    return redirect(url_for("closes.show", close_id=close.id), 303)


def _new_page(campaign: Campaign, period: Period, unit: Unit | None, form: CloseForm) -> str:
    looked_at = Close(
        campaign_id=campaign.id, code=period.code, name=period.name, starts_on=period.starts_on,
        ends_on=period.ends_on, unit_id=unit.id if unit else None, holds_at=now(),
    )  # fmt: skip
    return render_template(
        "closes/new.html",
        period=period,
        unit=unit,
        form=form,
        kinds=queries.lines_of(campaign, looked_at),
        told=reporting_on(campaign, today(), [unit.id] if unit else None).in_month(period.code),
        is_over=today() > period.ends_on,
        may_reopen=may(Permission.CLOSE_REOPEN),
    )


@bp.get(f"/closes/{ID}")
@requires(Permission.CLOSE_SEE)
def show(close_id: int) -> str:
    """One close: who and when, what the period holds, and what reached it since."""
    close = queries.close_for(current_user, close_id) or abort(404)
    return _page(close, ReopenForm(formdata=None, version=close.version))


def _page(close: Close, form: ReopenForm) -> str:
    campaign = db.session.get_one(Campaign, close.campaign_id)
    key, hidden = str(current_app.config["TRACKER"].secret_key), hidden_kinds(current_user, spec_of(campaign))
    late, late_count = queries.late_rows(close)
    gone, gone_count = queries.reversed_rows(close)

    def whose(record: Record) -> str:
        if record.member_id is not None and record.member is not None:
            is_hidden = record.kind.code in hidden
            return member_code(key, record.member_id) if is_hidden else record.member.name
        unit = record.group or record.branch or record.section
        return unit.name if unit else gettext("The bureau")

    return render_template(
        "closes/show.html",
        close=close,
        kinds=queries.lines_of(campaign, close),
        late=late,
        late_count=late_count,
        gone=gone,
        gone_count=gone_count,
        whose=whose,
        samples=_samples(campaign, close),
        sample_words=sample_words,
        roster_acts=queries.roster_acts_since(close),
        holds_now=close.holds_at <= now() and close.reopened_at is None,
        may_reopen=may(Permission.CLOSE_REOPEN) and close.reopened_at is None,
        may_audit=may(Permission.AUDIT_SEE),
        form=form,
    )


def _samples(campaign: Campaign, close: Close) -> list[SampleLine]:
    """Of the bureau's close they are for who sees the whole; of a branch's also for who keeps it."""
    if not may(Permission.SAMPLE_SEE) or (close.unit_id is None and not sees_bureau(current_user)):
        return []
    return samples_of(campaign, close.starts_on, close.ends_on, close.unit_id)


@bp.post(f"/closes/{ID}/reopen")
@requires(Permission.CLOSE_REOPEN)
def reopen(close_id: int) -> Response | tuple[str, int]:
    """Let the period take entries again, with a reason."""
    close = queries.close_for(current_user, close_id) or abort(404)
    form = ReopenForm()
    form.validate()
    try:
        services.reopen_period(
            close, why=form.why.data or "", version=form.version.data or 0, by=current_user, at=now()
        )
    except Refused as refusal:
        if refusal.msgid == CHANGED:
            abort(409)
        tell(form, "why", say(refusal))
        return _page(close, form), 422
    flash(gettext("Open again. What is entered from now on counts as in time."), "success")
    return redirect(url_for("closes.show", close_id=close.id), 303)
