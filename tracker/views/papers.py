"""Tally sheets: printed for a week, noted on by hand, keyed in later."""

from __future__ import annotations

import datetime as dt
from itertools import groupby

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, requires
from tracker.clock import now, today
from tracker.db import db
from tracker.forms.entries import listed, member_cells
from tracker.forms.papers import PaperForm
from tracker.forms.records import read_page, read_text
from tracker.models import Campaign, Paper, Plan, Unit, UnitLevel
from tracker.queries.access import paper_for, reach_of
from tracker.queries.arrivals import expected_within, plan_of_sheet
from tracker.queries.campaigns import spec_of
from tracker.queries.entries import MemberLine, members_in_order, members_to_enter_for
from tracker.queries.papers import papers_page, records_of_paper, units_to_print_for
from tracker.rules.campaigns import Kind
from tracker.rules.cells import is_blank
from tracker.rules.grids import GridCell, days_from, fits_grid, monday_of, own_words
from tracker.rules.refusal import N_, Refused
from tracker.services.entries import enter_records
from tracker.services.papers import claim_paper, print_paper
from tracker.services.records import CHANGED
from tracker.views import plan_words
from tracker.views import record_words as words
from tracker.views.asof import campaign_here
from tracker.views.entry_forms import desk_for, entered_words, form_of, is_told, say, tell
from tracker.views.entry_lists import LEFT_TO_PAGE, checked_cells

bp = Blueprint("papers", __name__)
ID = "<int(max=9007199254740991):paper_id>"
WEEKS_AHEAD = 8
FURTHER_LINES, BLANK_LINES = 8, 30  # lines of a sign-in sheet without a name


@bp.get("/papers")
@requires(Permission.RECORD_ENTER)
def index() -> str:
    """The sheets of the reader's units, those that wait to be keyed in first."""
    text = read_text(request.args.get("code"))
    return render_template(
        "papers/index.html",
        page=papers_page(current_user, text, read_page(request.args.get("page"))),
        text=text,
        page_address=lambda number: url_for("papers.index", code=text or None, page=number),
    )


@bp.route("/papers/new", methods=["GET", "POST"])
@requires(Permission.RECORD_ENTER)
def new() -> Response | str | tuple[str, int]:
    """Choose unit, kind and week of a sheet."""
    campaign = campaign_here() or abort(404)
    spec, reach = spec_of(campaign), reach_of(current_user)
    kinds = [kind for kind in spec.kinds if fits_grid(kind)]
    units = units_to_print_for(reach)
    if not units or not kinds:
        return render_template("papers/new.html", form=None)
    form = PaperForm(week=today())
    form.unit.choices = listed((str(unit.id), _unit_words(unit)) for unit in units)
    form.kind.choices = listed((kind.code, kind.name) for kind in kinds)
    if form.validate_on_submit():
        unit = next(unit for unit in units if str(unit.id) == form.unit.data)
        row = next(row for row in campaign.kinds if row.code == form.kind.data)
        members = members_to_enter_for(reach, today(), unit_id=unit.id)
        try:
            paper = print_paper(
                row, unit, [member.id for member in members], starts_on=_first_day(form.week.data, campaign),
                by=current_user, at=now(),
            )  # fmt: skip
        except Refused as refusal:
            tell(form, refusal.field, say(refusal))
        else:
            return redirect(url_for("papers.show", paper_id=paper.id), 303)
    page = render_template("papers/new.html", form=form)
    return (page, 422) if form.is_submitted() else page


def _unit_words(unit: Unit) -> str:
    is_group = unit.level is UnitLevel.GROUP and unit.parent is not None
    return f"{unit.parent.name} · {unit.name}" if is_group and unit.parent else unit.name


def _first_day(day: dt.date | None, campaign: Campaign) -> dt.date:
    """The Monday of the week that is asked for. Raises Refused if none of its days could have a record."""
    first = monday_of(day or today())
    latest = min(campaign.ends_on, today() + dt.timedelta(weeks=WEEKS_AHEAD))
    if first > latest or first + dt.timedelta(days=6) < campaign.starts_on:
        elsewhere = N_("Choose a week of the campaign, at most %(weeks)d weeks ahead.")
        raise Refused(elsewhere, "week", weeks=WEEKS_AHEAD)
    return first


@bp.get(f"/papers/{ID}")
@requires(Permission.RECORD_ENTER)
def show(paper_id: int) -> str:
    """The sheet as it is printed; below it what was keyed in."""
    paper = paper_for(current_user, paper_id) or abort(404)
    kind, plan = _kind_of(paper), plan_of_sheet(paper)
    if plan is not None:
        return _sign_in_sheet(paper, plan)
    return render_template(
        "papers/show.html",
        paper=paper,
        kind=kind,
        members=members_in_order(paper.member_ids),
        days=days_from(paper.starts_on, paper.days),
        own=own_words(kind),
        records=records_of_paper(paper) if paper.keyed_at else [],
        words=words,
    )


def _sign_in_sheet(paper: Paper, plan: Plan) -> str:
    """The sheet on which those who came to a plan sign, by their unit, with lines for others."""
    lines = expected_within(plan, reach_of(current_user))
    order = {member_id: n for n, member_id in enumerate(paper.member_ids)}
    named = sorted((one for one in lines if one.id in order), key=lambda one: order[one.id])
    return render_template(
        "papers/sign_in.html",
        paper=paper,
        plan=plan,
        groups=[(place, list(some)) for place, some in groupby(named, key=lambda one: one.place)],
        blank=FURTHER_LINES if named else BLANK_LINES,
        records=records_of_paper(paper) if paper.keyed_at else [],
        words=plan_words,
    )


def _campaign_of(paper: Paper) -> Campaign:
    return db.session.get_one(Campaign, paper.kind.campaign_id)


def _kind_of(paper: Paper) -> Kind:
    return spec_of(_campaign_of(paper)).kind(paper.kind.code)


@bp.route(f"/papers/{ID}/key", methods=["GET", "POST"])
@requires(Permission.RECORD_ENTER)
def key(paper_id: int) -> Response | str | tuple[str, int]:
    """The same grid, to type what was noted on paper."""
    paper = paper_for(current_user, paper_id) or abort(404)
    if paper.keyed_at and request.method == "GET":
        return redirect(url_for("papers.show", paper_id=paper.id))
    if (planned := plan_of_sheet(paper)) is not None:
        return redirect(url_for("entries.new", kind_code=planned.kind.code, plan=planned.id))
    desk = desk_for(paper.kind.code, _campaign_of(paper))
    form = form_of(desk, LEFT_TO_PAGE)
    members = [
        MemberLine(one.id, one.number, one.name, one.pinyin, paper.unit.name, None)
        for one in members_in_order(paper.member_ids)
    ]
    cells = _cells(paper, members, desk.kind)
    errors: dict[str, list[str]] = {}
    if form.is_submitted():
        try:
            claim_paper(paper, by=current_user, at=now())
        except Refused as refusal:
            abort(409 if refusal.msgid == CHANGED else 422)
        plan, errors = checked_cells(desk, form, cells)
        if plan is not None and not errors and not is_told(form):
            records = enter_records(
                plan, desk.kind, desk.campaign, by=current_user, at=now(), paper=paper, is_list=True
            )
            flash(entered_words(len(records)), "success")
            return redirect(url_for("papers.show", paper_id=paper.id), 303)
    page = render_template(
        "papers/key.html",
        paper=paper,
        kind=desk.kind,
        form=form,
        rows=[(member, cells[n * paper.days : (n + 1) * paper.days]) for n, member in enumerate(members)],
        days=days_from(paper.starts_on, paper.days),
        last=desk.last,
        errors=errors,
        own=own_words(desk.kind),
        typed=request.form,
    )
    return (page, 422) if form.is_submitted() else page


def _cells(paper: Paper, members: list[MemberLine], kind: Kind) -> list[GridCell]:
    """The cells of the sheet, row by row. Words of a row hold for those of its cells that are filled."""
    found = []
    for member in members:
        own = {name: request.form.get(f"{name}-{member.id}", "") for name in own_words(kind)}
        for n, day in enumerate(days_from(paper.starts_on, paper.days)):
            typed = request.form.get(f"minutes-{member.id}-{n}", "")
            key = f"{member.id}-{n}"
            found.append(GridCell(key, member_cells(member), day, typed, {} if is_blank(typed) else own))
    return found
