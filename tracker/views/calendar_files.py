"""Plans as a file for somebody's own calendar: titles, places and times, and who leads."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from flask import Response, request
from flask_babel import gettext

from tracker.clock import now
from tracker.files.calendar_file import CalendarEntry, calendar_file
from tracker.queries.plans import PlanLine
from tracker.rules.plans import PlanState


def ics_response(lines: Iterable[PlanLine], name: str) -> Response:
    """An answer that the browser saves as a calendar file. It holds for this moment; there is no feed."""
    content = calendar_file(name, [_entry(line) for line in lines], now())
    response = Response(content, mimetype="text/calendar")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}.ics"
    return response


def _entry(line: PlanLine) -> CalendarEntry:
    plan = line.plan
    return CalendarEntry(
        uid=f"plan-{plan.id}@{request.host}",
        sequence=plan.version - 1,
        day=plan.happens_on,
        title=plan.title,
        from_minute=plan.from_minute,
        to_minute=plan.to_minute,
        place=plan.place,
        note=gettext("Lead learner: %(name)s", name=plan.lead.name) if plan.lead else "",
        is_cancelled=line.state is PlanState.CANCELLED,
    )
