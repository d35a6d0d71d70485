"""The roster: who belongs where. Without hours, so that nobody is ranked."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask_login import current_user

from tracker.access import Permission, requires
from tracker.clock import today
from tracker.forms.records import read_day, read_id, read_page, read_sort, read_text
from tracker.queries.access import member_for
from tracker.queries.members import (
    SORTS,
    MemberFilter,
    branches_on,
    exemptions_of,
    memberships_of,
    roster_page,
    words_on,
)

bp = Blueprint("members", __name__)
EXEMPT = {"yes": True, "no": False}


def read_filter() -> MemberFilter:
    """The reader's choices; what makes no sense is as if it had not been chosen."""
    args = request.args
    return MemberFilter(
        day=min(read_day(args.get("as_of")) or today(), today()),
        text=read_text(args.get("q")),
        branch_id=read_id(args.get("branch")),
        categories=tuple(text for one in args.getlist("category") if (text := read_text(one))),
        standings=tuple(text for one in args.getlist("standing") if (text := read_text(one))),
        exempt=EXEMPT.get(args.get("exempt", "")),
        sort=read_sort(args.get("sort"), SORTS, "branch"),
        page=read_page(args.get("page")),
    )


def as_args(chosen: MemberFilter) -> dict[str, Any]:
    """The choices as they stand in an address again, without the page."""
    exempt = {True: "yes", False: "no", None: None}[chosen.exempt]
    found: dict[str, Any] = {
        "as_of": chosen.day.isoformat() if chosen.day != today() else None,
        "q": chosen.text or None,
        "branch": chosen.branch_id,
        "category": list(chosen.categories) or None,
        "standing": list(chosen.standings) or None,
        "exempt": exempt,
        "sort": chosen.sort if chosen.sort != "branch" else None,
    }
    return {key: value for key, value in found.items() if value is not None}


@bp.get("/members")
@requires(Permission.ROSTER_SEE)
def index() -> str:
    """The roster of a day."""
    chosen = read_filter()
    categories, standings = words_on(chosen.day)

    def address(**changes: Any) -> str:
        return url_for("members.index", **{**as_args(chosen), **changes})

    return render_template(
        "members/index.html",
        chosen=chosen,
        today=today(),
        page=roster_page(chosen),
        branches=branches_on(chosen.day),
        categories=categories,
        standings=standings,
        sort_address=lambda sort: address(sort=sort),
        page_address=lambda page: address(page=page),
        day_argument=None if chosen.day == today() else chosen.day.isoformat(),
    )


@bp.get("/members/<int(max=9007199254740991):member_id>")
@requires(Permission.ROSTER_SEE)
def show(member_id: int) -> str:
    """One member: where they belonged when, and from what they are exempt."""
    member = member_for(current_user, member_id) or abort(404)
    return render_template(
        "members/show.html",
        member=member,
        memberships=memberships_of(member),
        exemptions=exemptions_of(member),
        today=today(),
    )
