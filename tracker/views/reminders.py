"""Gentle reminders: who of a branch has something open, a text to copy, and what one got oneself."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import SIGNED_IN, Permission, requires
from tracker.clock import now, today
from tracker.forms.base import ActForm
from tracker.forms.records import read_id, read_page, read_sort
from tracker.forms.reminders import RemindForm, SwitchForm
from tracker.models import Campaign, Unit
from tracker.queries import reminders as queries
from tracker.queries.access import branches_of
from tracker.queries.campaigns import spec_of
from tracker.queries.units import branches_within
from tracker.rules.refusal import Refused
from tracker.services import reminders as services
from tracker.views import reminder_words as words
from tracker.views.asof import campaign_here
from tracker.views.frame import home

bp = Blueprint("reminders", __name__)


def _branch(unit_id: int | None) -> Unit:
    """The branch that was asked for, or the first one that the reader keeps; 404 if it is not theirs."""
    own = [unit for unit in branches_within(current_user) if unit.id in branches_of(current_user)]
    return next((unit for unit in own if unit_id in (None, unit.id)), None) or abort(404)


@bp.get("/reminders")
@requires(Permission.REMINDER_SEND)
def index() -> str:
    """Who of the own branch has something open, of which sort; in no order of merit."""
    branch, campaign = _branch(read_id(request.args.get("unit"))), campaign_here()
    if campaign is None or spec_of(campaign).reminders.is_off:
        return render_template(
            "reminders/index.html", campaign=campaign, branch=branch, lines=[], is_off=True
        )
    sort = read_sort(request.args.get("sort"), queries.SORTS, "name")
    lines = queries.branch_lines(campaign, branch, today(), sort)
    member_id = read_id(request.args.get("member"))
    one = next((line for line in lines if line.member.id == member_id), None)
    if member_id is not None and one is None:
        abort(404)

    def address(**changes: Any) -> str:
        return url_for("reminders.index", **{"unit": branch.id, "sort": sort, **changes})

    return render_template(
        "reminders/index.html",
        campaign=campaign,
        branch=branch,
        branches=[unit for unit in branches_within(current_user) if unit.id in branches_of(current_user)],
        is_off=False,
        lines=lines,
        page=queries.page_of(lines, read_page(request.args.get("page"))),
        one=one,
        text=_text(campaign, branch, lines, one),
        sort=sort,
        address=address,
        sort_address=lambda sort: address(sort=sort),
        page_address=lambda page: address(page=page),
        form=RemindForm(formdata=None),
        weekday=spec_of(campaign).reminders.weekday,
        words=words,
    )


def _text(
    campaign: Campaign, branch: Unit, lines: list[queries.MemberLine], one: queries.MemberLine | None
) -> str:
    """What can be copied: to one person, or to the whole branch without naming anybody."""
    if one is not None:
        return words.text_for_one(one.matters, one.member.name)
    open_ = {matter for line in lines for matter in line.matters}
    return words.text_for_all([matter for matter in words.ASKED if matter in open_], branch.name)


@bp.post("/reminders/<int(max=9007199254740991):unit_id>/send")
@requires(Permission.REMINDER_SEND)
def send(unit_id: int) -> Response:
    """Remind members of the own branch in the tracker of what is open of their own."""
    branch, campaign = _branch(unit_id), campaign_here() or abort(404)
    form = RemindForm()
    form.validate()
    try:
        count = services.remind_members(
            campaign, branch, form.member_ids, by=current_user, at=now(), today=today()
        )
    except Refused as refusal:
        flash(gettext(refusal.msgid, **refusal.params), "warn")
    else:
        if count:
            flash(gettext("%(count)s were reminded in the tracker.", count=count), "success")
        else:
            said = gettext("Nobody was reminded: within a week nobody is reminded twice of one matter.")
            flash(said, "warn")
    return redirect(url_for("reminders.index", unit=branch.id), 303)


@bp.post("/reminders/<int(max=9007199254740991):reminder_id>/dismiss")
@requires(SIGNED_IN)
def dismiss(reminder_id: int) -> Response:
    """Put a reminder of my own away."""
    reminder = queries.reminder_for(current_user, reminder_id) or abort(404)
    ActForm().validate()
    services.dismiss_reminder(reminder, at=now())
    return redirect(home(), 303)


@bp.post("/account/reminders")
@requires(SIGNED_IN)
def switch() -> Response:
    """Let reminders reach me, or none. Nobody else is told."""
    form = SwitchForm()
    form.validate()
    if form.to.data not in ("on", "off"):
        abort(400)
    services.switch_reminders(current_user, on=form.to.data == "on")
    flash(
        gettext("Reminders reach you again.")
        if form.to.data == "on"
        else gettext("No reminder reaches you any more. Nobody else is told."),
        "success",
    )
    return redirect(url_for("account.show") + "#reminders", 303)
