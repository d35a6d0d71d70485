"""Hours of events, of members and of groups, each under its own name: by group and by community."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user

from tracker.access import Permission, requires
from tracker.clock import now
from tracker.db import db
from tracker.files.own_record import Part, own_record
from tracker.forms.base import ActForm
from tracker.forms.records import unit_id_asked
from tracker.models import Unit
from tracker.queries.hours import Asked, by_community, by_group, hours_of
from tracker.queries.units import branches_within, unit_within
from tracker.rules.campaigns import Kind
from tracker.rules.hours import Hours, counts_from, kinds_with_hours
from tracker.services.audit import record_event
from tracker.views.asof import AsOf, as_of
from tracker.views.sheets import sheet_response

bp = Blueprint("hours", __name__)


def _asked() -> tuple[AsOf, Kind, Asked] | None:
    """What the address asks for; None where nothing in the campaign has such hours."""
    asof = as_of()
    kinds = kinds_with_hours(asof.spec) if asof else ()
    if asof is None or not kinds:
        return None
    code = request.args.get("kind")
    kind = next((one for one in kinds if one.code == code), kinds[0])
    unit_id = unit_id_asked(request.args)
    unit: Unit | None = (unit_within(current_user, unit_id) or abort(404)) if unit_id else None
    return asof, kind, Asked(asof.campaign, kind, current_user, asof.day, unit)


def hours_in(asof: AsOf, unit: Unit) -> list[tuple[Kind, Hours]]:
    """The hours of one unit on the day, for each kind that has any verified there."""
    found = [
        (kind, hours_of(Asked(asof.campaign, kind, current_user, asof.day, unit)))
        for kind in kinds_with_hours(asof.spec)
    ]
    return [(kind, hours) for kind, hours in found if hours.events]


@bp.get("/hours")
@requires(Permission.RECORD_SEE)
def show() -> str:
    """Events, event hours, member-hours, group-hours and people served: together, by group, by community."""
    found = _asked()
    if found is None:
        return render_template("hours/show.html", asof=None)
    asof, kind, asked = found
    unit_id = asked.unit.id if asked.unit else None
    return render_template(
        "hours/show.html",
        asof=asof,
        kinds=kinds_with_hours(asof.spec),
        kind=kind,
        unit=asked.unit,
        since=counts_from(asof.spec, kind),
        whole=hours_of(asked),
        groups=by_group(asked),
        communities=by_community(asked),
        branches=branches_within(current_user),
        sheet_address=url_for("hours.sheet", kind=kind.code, unit=unit_id, as_of=asof.day.isoformat()),
        form=ActForm(formdata=None),
    )


@bp.post("/hours.xlsx")
@requires(Permission.RECORD_SEE)
def sheet() -> Response:
    """The same numbers as a workbook, in minutes; that it was taken is kept."""
    asof, kind, asked = _asked() or abort(404)
    groups, communities = by_group(asked), by_community(asked)
    parts = [
        Part(gettext("Together"), _headings(gettext("What")), ((kind.name, *_row(hours_of(asked))),)),
        Part(
            gettext("By party group"),
            _headings(gettext("Party group")),
            tuple((f"{unit.parent.name if unit.parent else ''} {unit.name}".strip(), *_row(hours))
                  for unit, hours in groups),
        ),
        Part(
            gettext("By community"),
            _headings(gettext("Community")),
            tuple((name or "—", *_row(hours)) for name, hours in communities),
        ),
    ]  # fmt: skip
    record_event(current_user, "hours:export", asof.campaign, now(), rows=len(groups) + len(communities))
    db.session.flush()
    return sheet_response(own_record(parts), f"{kind.name}-{asof.day.isoformat()}.xlsx")


def _headings(first: str) -> tuple[str, ...]:
    return (
        first, gettext("Events"), gettext("Event hours (minutes)"), gettext("Member-hours (minutes)"),
        gettext("Group-hours (minutes)"), gettext("People served"),
    )  # fmt: skip


def _row(hours: Hours) -> tuple[int, ...]:
    return hours.events, hours.event_minutes, hours.member_minutes, hours.group_minutes, hours.served
