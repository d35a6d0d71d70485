"""A member's own pages: how far I am, my records, everything about me."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, requires
from tracker.clock import local, now, today
from tracker.db import db
from tracker.files.own_record import Part, own_record
from tracker.forms.base import ActForm
from tracker.forms.records import read_page
from tracker.forms.ticks import TickForm
from tracker.kept import while_unchanged
from tracker.models import Kind, Member, Record, Status
from tracker.queries.campaigns import spec_of
from tracker.queries.hours import own_hours
from tracker.queries.own_data import own_data
from tracker.queries.own_records import own_page, returned_to, waiting_of
from tracker.queries.pairings import own_pairings
from tracker.queries.plans import next_plan
from tracker.queries.progress import OwnGoal, progress_of
from tracker.queries.ticks import Ticks, ticks_of
from tracker.rules.campaigns import CampaignSpec, Measure
from tracker.rules.certificates import certifying_kinds
from tracker.rules.hours import kinds_with_hours
from tracker.rules.progress import Ring
from tracker.rules.ticks import list_of, tick_lists
from tracker.services.audit import record_event
from tracker.views import plan_words
from tracker.views import record_words as words
from tracker.views.asof import AsOf, as_of, campaign_here
from tracker.views.jot_kinds import is_hours, own_kinds
from tracker.views.own_words import parts_of, role_words
from tracker.views.sheets import sheet_response

bp = Blueprint("me", __name__)
MOST_WAITING = 5  # shown on the first page; the rest is behind a link
MOST_IN_PAGE = 20  # rows of a part of the page about oneself; the workbook has all
CHOSEN_STATUSES = [status for status in Status if status is not Status.COUNTER]


@bp.get("/me")
@requires(Permission.SELF)
@while_unchanged
def show() -> str:
    """How far I am, whether I get there in time, what came back, what waits."""
    member, asof = current_user.member, as_of()
    if member is None or asof is None:
        return render_template("me/none.html", has_campaign=asof is not None)
    progress = progress_of(asof.campaign, member, asof.day)
    waiting = waiting_of(asof.campaign, current_user)
    return render_template(
        "me/show.html",
        asof=asof,
        member=member,
        progress=progress,
        phase=_stretch(asof.campaign.starts_on, asof.campaign.ends_on),
        next_line=next_plan(asof.campaign, current_user, today()),
        plan_words=plan_words,
        visits=own_pairings(asof.campaign, member, today()),
        returned=returned_to(asof.campaign, current_user),
        waiting=waiting[:MOST_WAITING],
        waiting_count=len(waiting),
        kinds={kind.code: kind for kind in asof.spec.kinds},
        hours=[
            (kind, *own_hours(asof.campaign, kind, member, asof.day)) for kind in kinds_with_hours(asof.spec)
        ],
        gives_certificates=bool(certifying_kinds(asof.spec)),
        may_jot=any(is_hours(kind) for kind in own_kinds(asof.spec)),
        ticks=_ticks(asof, member),
        tick_form=TickForm(formdata=None),
        writes=[kind for kind in own_kinds(asof.spec) if kind.has_text],
        **_helpers(),
    )


def _ticks(asof: AsOf, member: Member) -> dict[str, Ticks]:
    """What the member may tick now, by list; nothing where an earlier day or campaign is looked at."""
    current = campaign_here()
    if current is None or asof.campaign.id != current.id or asof.day != asof.latest:
        return {}
    return ticks_of(asof.campaign, [member.id])[member.id]


def _stretch(starts_on: dt.date, ends_on: dt.date) -> str:
    """Whether the campaign is still to come, runs or is over."""
    return "before" if today() < starts_on else "after" if today() > ends_on else "during"


def _helpers() -> dict[str, Any]:
    """What the templates of these pages ask."""
    return {
        "words": words,
        "correct_address": correct_address,
        "who": lambda by, record: role_words(by, record, current_user),
        "local_day": lambda at: local(at).date(),
        "in_minutes": in_minutes,
        "drawn": drawn,
    }


def drawn(ring: Ring) -> dict[str, str]:
    """Lengths of a ring's parts, of a hundred, and the angle of its tick in degrees."""
    shares = {"verified": ring.verified * 100, "waiting": ring.waiting * 100, "angle": ring.needed * 360}
    return {name: f"{float(value):.2f}" for name, value in shares.items()}


def in_minutes(own: OwnGoal, amount: Any) -> int | None:
    """A goal's amount as whole minutes, rounded up; None where the goal is not about time in hours."""
    figure = own.figure
    is_time = figure.measure in (Measure.MINUTES, Measure.PERSON_MINUTES) and figure.divide_by == 60
    return -int(-amount * figure.divide_by // 1) if is_time and amount is not None else None


def correct_address(record: Record, spec: CampaignSpec) -> str:
    """Where a record is put right: the editor where it has a text, else the form of its kind."""
    if list_of(tick_lists(spec), record.kind.code, record) is not None:
        return url_for("me.show", _anchor="ticks")
    if spec.kind(record.kind.code).has_text and record.member_id == current_user.member_id:
        return url_for("jots.write", record=record.id)
    return url_for("entries.correct", record_id=record.id, next=url_for("me.show"))


@bp.get("/me/records")
@requires(Permission.SELF)
def records() -> str:
    """My own records, the latest first, with their state."""
    campaign, member = campaign_here(), current_user.member
    if member is None or campaign is None:
        return render_template("me/none.html", has_campaign=campaign is not None)
    spec = spec_of(campaign)
    kinds = campaign.kinds
    kind = next((kind for kind in kinds if kind.code == request.args.get("kind")), None)
    status = next((one for one in CHOSEN_STATUSES if one == request.args.get("status")), None)
    page = own_page(
        campaign, current_user, kind=kind, status=status, page=read_page(request.args.get("page"))
    )
    return render_template(
        "me/records.html",
        spec=spec,
        page=page,
        kinds=kinds,
        kind=kind,
        status=status,
        statuses=CHOSEN_STATUSES,
        form=ActForm(formdata=None),
        page_address=lambda number: _records_address(kind, status, number),
        **_helpers(),
    )


def _records_address(kind: Kind | None, status: Status | None, page: int) -> str:
    return url_for("me.records", kind=kind.code if kind else None, status=status, page=page)


@bp.get("/me/everything")
@requires(Permission.SELF)
def everything() -> str:
    """Everything that is kept about me, part by part."""
    member = current_user.member
    if member is None:
        return render_template("me/none.html", has_campaign=True)
    return render_template(
        "me/everything.html",
        parts=[_shown(part) for part in parts_of(own_data(current_user, member), current_user)],
        most=MOST_IN_PAGE,
        form=ActForm(formdata=None),
    )


def _shown(part: Part) -> tuple[Part, int]:
    """The part as the page shows it: its first rows without blank columns; and how many rows it has."""
    rows = part.rows[:MOST_IN_PAGE]
    filled = [n for n in range(len(part.headings)) if not rows or any(row[n] is not None for row in rows)]
    headings = tuple(part.headings[n] for n in filled)
    return replace(part, headings=headings, rows=tuple(tuple(row[n] for n in filled) for row in rows)), len(
        part.rows
    )


@bp.post("/me/everything.xlsx")
@requires(Permission.SELF)
def sheet() -> Response:
    """The same as a workbook with every row. That it was taken is noted."""
    member: Member = current_user.member or abort(404)
    parts = parts_of(own_data(current_user, member), current_user)
    record_event(current_user, "member:export", member, now(), rows=sum(len(part.rows) for part in parts))
    db.session.flush()
    name = f"{gettext('Everything about me')}-{today().isoformat()}.xlsx"
    return sheet_response(own_record(parts), name)
