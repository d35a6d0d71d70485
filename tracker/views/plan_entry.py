"""Reporting that a plan was held: the entry form of its kind, filled from the plan."""

from __future__ import annotations

from typing import Any

from flask import abort, request
from flask_login import current_user

from tracker.clock import today
from tracker.forms.plans import filled_common
from tracker.forms.records import read_id
from tracker.models import Plan
from tracker.queries.arrivals import arrived_ids
from tracker.queries.plan_access import own_plan_for
from tracker.views.entry_forms import Desk


def plan_asked(desk: Desk) -> Plan | None:
    """The plan that the address names; 404 if it is not theirs to report, or its day has not come."""
    plan_id = read_id(request.args.get("plan"))
    if plan_id is None:
        return None
    plan = own_plan_for(current_user, desk.reach, plan_id, today()) or abort(404)
    if plan.kind_id != desk.kind_id or plan.happens_on > desk.last or plan.cancelled_at is not None:
        abort(404)
    return plan


def said_by(plan: Plan) -> dict[str, Any]:
    """What the entry form holds that says this plan took place."""
    return {**filled_common(plan), "happened_on": plan.happens_on.isoformat()}


def arrived(plan: Plan) -> list[str]:
    """Who ticked themselves in, as the boxes of the form have them: a proposal, to be looked through."""
    return [str(member_id) for member_id in arrived_ids(plan)]
