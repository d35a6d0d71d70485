"""The calendar: a month of plans and of what was held, as it concerns the reader."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, may, requires
from tracker.clock import today
from tracker.forms.records import read_text, unit_id_asked
from tracker.queries.calendars import month_of
from tracker.queries.campaigns import spec_of
from tracker.queries.plans import planned_kinds, plans_between
from tracker.queries.units import branches_within, unit_within
from tracker.rules.calendars import month_after, read_month, weeks_of
from tracker.views import plan_words as words
from tracker.views.asof import campaign_here
from tracker.views.calendar_files import ics_response
from tracker.views.plans import kinds_to_plan

bp = Blueprint("calendar", __name__)
BACK = 31  # days that the file reaches back
MOST_IN_CELL = 4  # entries of a day that stand open; the rest unfolds


@bp.get("/calendar")
@requires(Permission.PLAN_SEE)
def month() -> str:
    """A month from Monday to Sunday."""
    campaign = campaign_here()
    if campaign is None:
        return render_template("calendar/month.html", campaign=None)
    unit_id = unit_id_asked(request.args)
    unit = (unit_within(current_user, unit_id) or abort(404)) if unit_id else None
    first = read_month(request.args.get("month"), today())
    types = [one.name for kind in planned_kinds(spec_of(campaign)) for one in kind.types]
    type_name = next((name for name in types if name == read_text(request.args.get("type"))), None)
    chosen: dict[str, Any] = {"unit": unit.id if unit else None, "type": type_name}
    weeks = month_of(campaign, current_user, weeks_of(first), first, today(), unit=unit, type_name=type_name)
    return render_template(
        "calendar/month.html",
        campaign=campaign,
        first=first,
        weeks=weeks,
        is_empty=all(cell.is_empty for week in weeks for cell in week if cell.is_in_month),
        today=today(),
        unit=unit,
        branches=branches_within(current_user) if may(Permission.BRANCH_SEE) else [],
        types=types,
        type_name=type_name,
        before=url_for("calendar.month", month=f"{month_after(first, -1):%Y-%m}", **chosen),
        after=url_for("calendar.month", month=f"{month_after(first):%Y-%m}", **chosen),
        now_url=url_for("calendar.month", **chosen),
        may_plan=may(Permission.PLAN_WRITE) and bool(kinds_to_plan(campaign)),
        most=MOST_IN_CELL,
        words=words,
    )


@bp.get("/calendar.ics")
@requires(Permission.PLAN_SEE)
def file() -> Response:
    """What concerns the reader, from a month ago on, for their own calendar."""
    campaign = campaign_here() or abort(404)
    first = today() - dt.timedelta(days=BACK)
    lines = plans_between(campaign, current_user, first, campaign.ends_on, today())
    return ics_response(lines, gettext("My calendar"))
