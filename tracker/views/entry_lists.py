"""Entering many records at once: one for several members, a week of one member."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, requires
from tracker.clock import now, today
from tracker.forms.entries import cells_of, member_cells, place_of
from tracker.forms.records import read_day, read_id
from tracker.models import Record
from tracker.queries.entries import MemberLine, member_to_enter_for, week_of
from tracker.rules.grids import (
    GridCell,
    days_from,
    filled_cells,
    fits_grid,
    fits_list,
    monday_of,
    own_words,
    row_of,
)
from tracker.rules.ledgers import LedgerPlan
from tracker.rules.refusal import Problem
from tracker.services import entries as services
from tracker.services.entries import Row
from tracker.views.entry_forms import (
    KIND,
    Desk,
    bp,
    desk_for,
    entered_words,
    form_of,
    is_told,
    say,
    tell,
)
from tracker.views.lateness import checked_entries

LEFT_TO_PAGE = ("owner", "happened_on", "minutes", "people", "text")


# ---- one record for several members ----


@bp.route(f"/enter/{KIND}/several", methods=["GET", "POST"])
@requires(Permission.RECORD_ENTER)
def several(kind_code: str) -> Response | str | tuple[str, int]:
    """The same record for each of the members who are ticked: all of them, or none."""
    desk = _list_desk(kind_code)
    last = desk.last.isoformat() if desk.last >= desk.spec.starts_on else ""
    form = form_of(desk, ("owner", "people", "text"), happened_on=last)
    ticked = request.form.getlist("member")
    if form.is_submitted():
        plan = _checked_several(desk, form, ticked)
        if plan is not None and not is_told(form):
            records = services.enter_records(plan, desk.kind, desk.campaign, by=current_user, at=now())
            flash(entered_words(len(records)), "success")
            return redirect(url_for("entries.index"), 303)
    page = render_template(
        "entries/several.html",
        kind=desk.kind,
        form=form,
        groups=by_place(desk.owners.members),
        ticked=ticked,
    )
    return (page, 422) if form.is_submitted() else page


def _list_desk(kind_code: str) -> Desk:
    desk = desk_for(kind_code)
    if not fits_list(desk.kind) or not desk.reach.enters_for_members:
        abort(404)
    return desk


def by_place(members: list[MemberLine]) -> list[tuple[str, list[MemberLine]]]:
    """Members under the names of their groups."""
    found: dict[str, list[MemberLine]] = {}
    for member in members:
        found.setdefault(member.place, []).append(member)
    return list(found.items())


def _checked_several(desk: Desk, form: Any, ticked: list[str]) -> LedgerPlan | None:
    form.validate()
    chosen = [member for member in desk.owners.members if str(member.id) in set(ticked)]
    if not chosen:
        tell(form, None, gettext("Tick at least one member."))
        return None
    if len(chosen) < len(set(ticked)):
        tell(form, None, gettext("Somebody who was ticked is not in the list any more. Look again."))
    cells, _ = cells_of(form, desk.kind, desk.owners)
    rows = [
        Row(number, {**_without_owner(cells), **member_cells(member)})
        for number, member in enumerate(chosen, start=1)
    ]
    plan = checked_entries(desk.campaign, desk.kind, rows)
    _tell_by_member(desk, form, plan.problems, chosen)
    return plan


def _without_owner(cells: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in cells.items() if name not in ("member_number", "member_name")}


def _tell_by_member(desk: Desk, form: Any, problems: list[Problem], chosen: list[MemberLine]) -> None:
    """What is wrong for everybody stands beside its field, what is wrong for one above, with the name."""
    times = Counter(say(problem) for problem in problems)
    for problem in problems:
        sentence = say(problem)
        if times[sentence] == len(chosen):
            tell(form, place_of(form, desk.kind, problem), sentence)
        elif problem.row is not None:
            name = chosen[problem.row - 1].name
            tell(form, None, gettext("%(name)s: %(sentence)s", name=name, sentence=sentence))


# ---- a week of one member ----


@bp.route(f"/enter/{KIND}/week", methods=["GET", "POST"])
@requires(Permission.RECORD_WRITE)
def week(kind_code: str) -> Response | str | tuple[str, int]:
    """Seven days of one member, side by side."""
    desk = desk_for(kind_code)
    if not fits_grid(desk.kind):
        abort(404)
    first = monday_of(_day_asked(desk))
    member = _member_asked(desk, min(first + dt.timedelta(days=6), today()))
    form = form_of(desk, LEFT_TO_PAGE)
    cells: list[GridCell] = []
    errors: dict[str, list[str]] = {}
    if member is not None:
        cells = _week_cells(desk, member, first)
        if form.is_submitted():
            plan, errors = checked_cells(desk, form, cells)
            if plan is not None and not errors and not is_told(form):
                records = services.enter_records(plan, desk.kind, desk.campaign, by=current_user, at=now())
                flash(entered_words(len(records)), "success")
                return redirect(_week_address(desk, member, first), 303)
    page = render_template(
        "entries/week.html",
        kind=desk.kind,
        form=form,
        member=member,
        groups=by_place(desk.owners.members),
        first=first,
        cells=cells,
        errors=errors,
        own=own_words(desk.kind),
        there=_there(desk, member, first) if member else {},
        may_hold=lambda day: desk.spec.starts_on <= day <= desk.last,
        address=lambda weeks: _week_address(desk, member, first + dt.timedelta(weeks=weeks)),
        last=desk.last,
    )
    return (page, 422) if form.is_submitted() else page


def _day_asked(desk: Desk) -> dt.date:
    """A day of the week that is asked for; the last possible one if there is none, or it is absurd."""
    asked = read_day(request.args.get("week"))
    return min(max(asked, desk.spec.starts_on), desk.spec.ends_on) if asked else desk.last


def _member_asked(desk: Desk, day: dt.date) -> MemberLine | None:
    """Whose week it is; None before somebody is chosen, 404 for somebody who is not theirs."""
    member_id = read_id(request.args.get("member"))
    if member_id is None and desk.reach.enters_for_members:
        return None
    own_id = desk.reach.member_id
    if member_id is None:
        member_id = own_id or abort(404)
    return member_to_enter_for(desk.reach, member_id, day) or abort(404)


def _week_address(desk: Desk, member: MemberLine | None, first: dt.date) -> str:
    chosen = member.id if member and desk.reach.enters_for_members else None
    return url_for("entries.week", kind_code=desk.kind.code, member=chosen, week=first.isoformat())


def _week_cells(desk: Desk, member: MemberLine, first: dt.date) -> list[GridCell]:
    return [
        GridCell(
            str(n), member_cells(member), day, request.form.get(f"minutes-{n}", ""),
            {name: request.form.get(f"{name}-{n}", "") for name in own_words(desk.kind)},
        )
        for n, day in enumerate(days_from(first))
    ]  # fmt: skip


def checked_cells(
    desk: Desk, form: Any, cells: list[GridCell]
) -> tuple[LedgerPlan | None, dict[str, list[str]]]:
    """The plan of the filled cells of a grid, and what is wrong in each: key -> sentences.

    What is wrong with a word for all is told beside its field, unless the cell had its own.
    """
    form.validate()
    filled = filled_cells(cells)
    if not filled:
        tell(form, None, gettext("Nothing is filled in yet."))
        return None, {}
    shared, _ = cells_of(form, desk.kind, desk.owners)
    rows = [Row(n, row_of(cell, _without_owner(shared))) for n, cell in enumerate(filled, start=1)]
    plan = checked_entries(desk.campaign, desk.kind, rows)
    errors: dict[str, list[str]] = {}
    for problem in plan.problems:
        cell = filled[problem.row - 1] if problem.row else None
        place = place_of(form, desk.kind, problem)
        if cell is None or (place and not cell.own.get(place)):
            tell(form, place, say(problem))
        elif say(problem) not in errors.setdefault(cell.key, []):
            errors[cell.key].append(say(problem))
    return plan, errors


def _there(desk: Desk, member: MemberLine, first: dt.date) -> dict[dt.date, list[Record]]:
    """What stands in the week already, by day."""
    found: dict[dt.date, list[Record]] = {}
    for record in week_of(member.id, desk.kind_id, first, first + dt.timedelta(days=6)):
        found.setdefault(record.happened_on, []).append(record)
    return found
