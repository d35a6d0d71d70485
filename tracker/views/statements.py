"""What branches state each month: who is silent, who has nothing to report, who has handed in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as Answer

from tracker.access import Permission, may, requires
from tracker.clock import now, today
from tracker.db import db
from tracker.files.own_record import Part, own_record
from tracker.files.record_sheet import Cell
from tracker.forms.statements import choices_in, field_of, statement_form
from tracker.models import Campaign, Unit
from tracker.queries.access import branch_for, branches_of, sees_bureau
from tracker.queries.campaigns import archive_of, spec_of
from tracker.queries.closes import holding
from tracker.queries.statement_lines import SHOWN, Line, lines_of, may_state
from tracker.queries.statements import BranchStates, due_months, reporting_on, running_month
from tracker.queries.units import branches_within
from tracker.rules.periods import Period, months, period_by_code
from tracker.rules.refusal import Refused
from tracker.rules.statements import State, close_over, is_over
from tracker.services.statements import STATEMENT_CHANGED, state_month
from tracker.views.asof import as_of
from tracker.views.entry_forms import say, tell
from tracker.views.sheets import sheet_response
from tracker.views.statement_words import rows_words, state_class, state_icon, state_word

bp = Blueprint("statements", __name__)
for drawing in (state_word, state_icon, state_class, rows_words):
    bp.add_app_template_filter(drawing)
UNIT = "<int(max=9007199254740991):unit_id>"


@bp.get("/statements")
@requires(Permission.STATEMENT_SEE)
def index() -> str | Answer:
    """Branches × months, or for one month branches × kinds with the rows beside; the silent ones first."""
    campaign = _campaign()
    units = branches_within(current_user)
    if len(units) == 1 and not sees_bureau(current_user):
        return redirect(
            url_for("statements.branch", unit_id=units[0].id, campaign=request.args.get("campaign"))
        )
    due = due_months(campaign, today())
    month = next((one for one in due if one.code == request.args.get("month")), None)
    only = request.args.get("only") == "silent"
    reporting = reporting_on(campaign, today(), [unit.id for unit in units])
    codes = [month.code] if month else [one.code for one in due]
    rows = silent_first(list(reporting.branches.values()), codes)
    silent = {branch.id for branch in rows if is_silent(branch, codes)}
    shown = [branch for branch in rows if branch.id in silent] if only else rows
    lines: dict[int, dict[str, Line]] = {}
    if month:
        by_id = {unit.id: unit for unit in units}
        for line in lines_of(campaign, [by_id[branch.id] for branch in shown], [month]):
            lines.setdefault(line.unit.id, {})[line.kind.code] = line
    return render_template(
        "statements/index.html",
        due=due[::-1],
        month=month,
        only=only,
        branches=shown,
        ending=reporting.ending,
        silent=len(silent),
        count=len(rows),
        lines=lines,
        kinds=[kind for kind in spec_of(campaign).kinds if kind.stated],
        running=running_month(campaign, today()),
        states=list(State),
    )


def _campaign() -> Campaign:
    """The campaign of ?campaign=, else the current one, as on the pages of figures."""
    asof = as_of() or abort(404)
    return asof.campaign


def is_silent(branch: BranchStates, codes: list[str]) -> bool:
    """Whether the branch has said nothing of some kind in one of these months."""
    return any(branch.month(code).silent for code in codes)


def silent_first(branches: list[BranchStates], codes: list[str]) -> list[BranchStates]:
    """Those who are silent in one of these months, then the others; in the order of the plan, no ranking."""
    return sorted(branches, key=lambda branch: not is_silent(branch, codes))


@bp.get("/statements.xlsx")
@requires(Permission.STATEMENT_SEE)
def sheet() -> Response:
    """The same as a workbook: a row for each branch, month and kind."""
    campaign = _campaign()
    units = branches_within(current_user)
    rows = tuple(_row(line) for line in lines_of(campaign, units, due_months(campaign, today())))
    headings = (
        gettext("Branch"), gettext("Month"), gettext("Kind"), gettext("What was stated"),
        gettext("Verified rows"), gettext("Rows waiting"), gettext("Rows returned"),
    )  # fmt: skip
    title = gettext("What branches state")
    return sheet_response(own_record([Part(title, headings, rows)]), f"{title}-{today().isoformat()}.xlsx")


def _row(line: Line) -> tuple[Cell, ...]:
    counts = [line.counts.get(status, 0) for status in SHOWN]
    return line.unit.name, line.month.code, line.kind.name, state_word(line.state), *counts


@bp.get(f"/statements/{UNIT}")
@requires(Permission.STATEMENT_SEE)
def branch(unit_id: int) -> str:
    """One branch: its months × kinds, and the form of one month."""
    unit, campaign = _asked(unit_id)
    return _page(unit, campaign, _chosen(campaign, unit, request.args.get("month")))


def _asked(unit_id: int) -> tuple[Unit, Campaign]:
    return branch_for(current_user, unit_id) or abort(404), _campaign()


def _chosen(campaign: Campaign, unit: Unit, code: str | None) -> Period | None:
    """The month that was asked for, else the first that is silent, else the latest due one."""
    due = due_months(campaign, today())
    if code:
        month = period_by_code(code, campaign, ())
        return month if month in months(campaign, today()) else abort(404)
    states = reporting_on(campaign, today(), [unit.id]).branches[unit.id]
    waiting = [month for month in due if states.month(month.code).silent]
    return waiting[0] if waiting else due[-1] if due else None


def _page(unit: Unit, campaign: Campaign, month: Period | None, form: Any = None) -> str:
    due = due_months(campaign, today())
    periods = due if month is None or month in due else (*due, month)
    lines = lines_of(campaign, [unit], periods)
    of_month = [line for line in lines if month and line.month.code == month.code]
    closes = holding(campaign, now())
    close = close_over(month, unit.id, closes) if month else None
    is_open = close is None and archive_of(campaign.id) is None
    may_write = is_open and may(Permission.STATEMENT_WRITE) and may_state(current_user, unit)
    is_own = unit.id in branches_of(current_user)
    if form is None and may_write and month in due:
        form = statement_form(of_month, is_own=is_own, is_fresh=True)
    by_month = {one.code: [line for line in lines if line.month.code == one.code] for one in due[::-1]}
    return render_template(
        "statements/branch.html",
        unit=unit,
        due=[(one, by_month[one.code]) for one in due[::-1] if by_month[one.code]],
        month=month,
        lines=of_month,
        kinds=[line.kind for line in next(iter(by_month.values()), [])],
        form=form if may_write else None,
        field_of=field_of,
        is_own=is_own,
        close=close,
        ending=next((one for one in due if not is_over(one, today(), campaign)), None),
        running=running_month(campaign, today()),
        states=list(State),
    )


@bp.post(f"/statements/{UNIT}/<month>")
@requires(Permission.STATEMENT_WRITE)
def state(unit_id: int, month: str) -> Answer | tuple[str, int]:
    """State one month of a branch, all its kinds at once."""
    unit, campaign = _asked(unit_id)
    if not may_state(current_user, unit):
        abort(404)
    period = period_by_code(month, campaign, ()) or abort(404)
    lines = lines_of(campaign, [unit], [period])
    form = statement_form(lines, is_own=unit.id in branches_of(current_user))
    told_by = form["told_by"].data or "" if "told_by" in form._fields else ""
    try:
        changed = state_month(
            campaign,
            unit,
            period,
            choices_in(form, lines),
            told_by=told_by,
            by=current_user,
            at=now(),
            today=today(),
        )
    except Refused as refusal:
        if refusal.msgid == STATEMENT_CHANGED:
            return _overtaken(unit.id, campaign.id, period), 409
        is_kind = refusal.field in {line.kind.code for line in lines}
        tell(form, field_of(refusal.field or "") if is_kind else refusal.field, say(refusal))
        return _page(unit, campaign, period, form), 422
    flash(
        gettext("%(count)s statements written.", count=changed) if changed else gettext("Nothing changed."),
        "success",
    )
    chosen = request.args.get("campaign")
    return redirect(url_for("statements.branch", unit_id=unit.id, month=period.code, campaign=chosen), 303)


def _overtaken(unit_id: int, campaign_id: int, month: Period) -> str:
    """The month as it stands now, after somebody else stated it meanwhile."""
    db.session.rollback()
    unit, campaign = db.session.get_one(Unit, unit_id), db.session.get_one(Campaign, campaign_id)
    lines = lines_of(campaign, [unit], [month])
    form = statement_form(lines, is_own=unit.id in branches_of(current_user), is_fresh=True)
    tell(form, None, gettext(STATEMENT_CHANGED))
    return _page(unit, campaign, month, form)
