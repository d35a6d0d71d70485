"""Filters that somebody keeps under a name: as chips above a list, opened by their own address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import SIGNED_IN, requires
from tracker.clock import now
from tracker.db import db
from tracker.forms.records import read_id
from tracker.models import Campaign, Member, SavedFilter, User
from tracker.queries.access import sees_bureau
from tracker.queries.campaigns import spec_of
from tracker.queries.saved_filters import filter_for, filters_of
from tracker.queries.units import unit_within
from tracker.rules.own_figures import is_own
from tracker.rules.refusal import N_, Refused
from tracker.rules.saved_filters import LISTS, LONGEST_NAME, MOST, choices_of, pairs_of
from tracker.services import saved_filters as services
from tracker.services.records import CHANGED
from tracker.views.asof import campaign_here

bp = Blueprint("saved_filters", __name__)
ID = "<int(max=9007199254740991):saved_filter_id>"
WHAT = {
    "unit": N_("the unit"),
    "branch": N_("the branch"),
    "group": N_("the party group"),
    "kind": N_("the kind"),
    "figure": N_("the figure"),
    "member": N_("the person"),
    "actor": N_("the account"),
}


@dataclass(frozen=True, slots=True)
class Kept:
    """What a list shows of the filters kept for it. query: what is chosen now, '' for nothing."""

    page: str
    filters: list[SavedFilter]
    removed: list[SavedFilter]
    query: str
    longest: int = LONGEST_NAME
    most: int = MOST


@bp.app_context_processor
def give_filters() -> dict[str, Callable[[str], Kept]]:
    """For the templates of lists: `saved_filters(page)`."""
    return {"saved_filters": _kept}


def _kept(page: str) -> Kept:
    try:
        query = choices_of(page, request.query_string.decode("utf-8", "replace"))
    except Refused:
        query = ""  # nothing that could be kept: the list offers no form for it
    return Kept(page, *filters_of(current_user, page, now() - services.UNDO), query)


@bp.get(f"/filters/{ID}")
@requires(SIGNED_IN)
def show(saved_filter_id: int) -> Response:
    """The list, filtered so. What is gone since, or no longer the reader's to see, is left out and told."""
    found = filter_for(current_user, saved_filter_id) or abort(404)
    campaign = campaign_here()
    args: dict[str, list[str]] = {}
    gone: list[str] = []
    for name, value in pairs_of(found.page, found.query):
        if _is_there(name, value, campaign):
            args.setdefault(name, []).append(value)
        else:
            gone.append(gettext(WHAT[name]))
    if gone:
        said = gettext(", ").join(gone)
        flash(
            gettext(
                "“%(name)s” names something that is gone or no longer yours to see (%(what)s). The rest of it"
                " is applied.",
                name=found.name, what=said,
            ),
            "warning",
        )  # fmt: skip
    return redirect(url_for(f"{found.page}.index", **args))  # type: ignore[arg-type]  # several values of one name


def _is_there(name: str, value: str, campaign: Campaign | None) -> bool:
    """Whether what a choice names can still be chosen."""
    if name in ("unit", "branch", "group"):
        return unit_within(current_user, read_id(value) or 0) is not None
    if name == "kind":
        return campaign is not None and any(kind.code == value for kind in campaign.kinds)
    if name == "figure":
        figure = spec_of(campaign).figure(value) if campaign else None
        return figure is not None and (sees_bureau(current_user) or not is_own(figure))
    if name in ("member", "actor"):
        return db.session.get(Member if name == "member" else User, read_id(value) or 0) is not None
    return True


@bp.post("/filters")
@requires(SIGNED_IN)
def save() -> Response:
    """Keep what is chosen in a list under a name."""
    page, query = request.form.get("page", ""), request.form.get("query", "")
    if page not in LISTS:
        raise Refused(N_("This list keeps no filters."))
    return _acted(
        page,
        query,
        lambda: services.save_filter(current_user, page, request.form.get("name", ""), query, at=now()),
        gettext("The filter is kept."),
    )


@bp.post(f"/filters/{ID}/rename")
@requires(SIGNED_IN)
def rename(saved_filter_id: int) -> Response:
    """Give one another name."""
    found = filter_for(current_user, saved_filter_id) or abort(404)
    name = request.form.get("name", "")
    return _acted(
        found.page,
        found.query,
        lambda: services.rename_filter(found, current_user, name),
        gettext("Renamed."),
    )


@bp.post(f"/filters/{ID}/remove")
@requires(SIGNED_IN)
def remove(saved_filter_id: int) -> Response:
    """Delete one; the list offers to take it back."""
    found = filter_for(current_user, saved_filter_id) or abort(404)
    return _acted(
        found.page, request.form.get("query", ""), lambda: services.remove_filter(found, at=now()), None
    )


@bp.post(f"/filters/{ID}/restore")
@requires(SIGNED_IN)
def restore(saved_filter_id: int) -> Response:
    """Take a deletion back."""
    found = filter_for(current_user, saved_filter_id) or abort(404)
    return _acted(
        found.page,
        found.query,
        lambda: services.restore_filter(found, current_user, at=now()),
        gettext("The filter is back."),
    )


def _acted(page: str, query: str, act: Callable[[], object], said: str | None) -> Response:
    """Do it, and go back to the list as it was filtered; what is refused is told there."""
    try:
        act()
    except Refused as refusal:
        if refusal.msgid == CHANGED:
            abort(409)
        flash(gettext(refusal.msgid, **refusal.params), "error")
    else:
        if said:
            flash(said, "success")
    args: dict[str, list[str]] = {}
    for name, value in pairs_of(page, query):
        args.setdefault(name, []).append(value)
    url = url_for(f"{page}.index", **args)  # type: ignore[arg-type]  # several values of one name
    return redirect(url, 303)
