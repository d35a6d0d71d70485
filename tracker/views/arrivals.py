"""Ticking oneself in by a code that is shown on a screen, and the printed sheet for those who sign."""

from __future__ import annotations

import segno
from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, requires
from tracker.clock import local, now, today
from tracker.forms.base import ActForm
from tracker.models import Plan
from tracker.queries.access import reach_of
from tracker.queries.arrivals import arrived_ids, expected_within, plan_of_token, window
from tracker.queries.plan_access import own_plan_for
from tracker.rules.plans import clock_text
from tracker.rules.refusal import Refused
from tracker.services import arrivals as services
from tracker.services.papers import MOST_MEMBERS
from tracker.views import plan_words as words
from tracker.views.entry_forms import say

bp = Blueprint("arrivals", __name__)
PLAN = "<int(max=9007199254740991):plan_id>"


def minute_now() -> int:
    """The minute of the day on the wall's clock."""
    wall = local(now())
    return wall.hour * 60 + wall.minute


def _own(plan_id: int) -> Plan:
    return own_plan_for(current_user, reach_of(current_user), plan_id, today()) or abort(404)


@bp.post(f"/plans/{PLAN}/code")
@requires(Permission.PLAN_WRITE)
def code(plan_id: int) -> Response | str:
    """Show a new code, for a screen in the room. It is shown once; a new one ends it."""
    plan = _own(plan_id)
    back = url_for("plans.show", plan_id=plan.id)
    try:
        token = services.draw_code(plan, by=current_user, at=now(), day=today(), minute=minute_now())
    except Refused as refusal:
        flash(say(refusal), "error")
        return redirect(back, 303)
    address = url_for("arrivals.here", token=token, _external=True)
    picture = segno.make(address, error="m")
    g.lands_on = back
    return render_template(
        "arrivals/code.html",
        plan=plan,
        address=address,
        picture=picture.svg_data_uri(scale=8, border=2, dark="#211e1b", light="#fff"),
        last=clock_text(window(plan).last),
        count=len(arrived_ids(plan)),
        form=ActForm(formdata=None),
        words=words,
    )


@bp.route("/here/<string(maxlength=64):token>", methods=["GET", "POST"])
@requires(Permission.SELF)
def here(token: str) -> Response | str | tuple[str, int]:
    """Say "I am here". Nothing is noted before the button is pressed."""
    plan, member = plan_of_token(token, today(), minute_now()), current_user.member
    if plan is None or member is None:
        return render_template("arrivals/here.html", plan=None, refused=""), 404
    form = ActForm()
    try:
        if form.is_submitted():
            services.arrive(plan, member, by=current_user, at=now())
            flash(gettext("Noted. Whoever keeps the list sees that you are here."), "success")
            return redirect(url_for("arrivals.here", token=token), 303)
        services.check_expected(plan, member)
    except Refused as refusal:
        return render_template("arrivals/here.html", plan=None, refused=say(refusal)), 404
    return render_template(
        "arrivals/here.html", plan=plan, form=form, is_ticked=member.id in arrived_ids(plan), words=words
    )


@bp.post(f"/plans/{PLAN}/sheet")
@requires(Permission.PLAN_WRITE)
def sheet(plan_id: int) -> Response:
    """Make a sign-in sheet with its code."""
    plan = _own(plan_id)
    members = expected_within(plan, reach_of(current_user))
    named = [one.id for one in members] if len(members) <= MOST_MEMBERS else []
    paper = services.print_sheet(plan, named, by=current_user, at=now())
    return redirect(url_for("papers.show", paper_id=paper.id), 303)
