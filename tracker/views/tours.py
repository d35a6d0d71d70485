"""Guided tours: the card on a page that is a step of one, and the end of it, which is remembered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import SIGNED_IN, requires
from tracker.models import Role
from tracker.queries.access import branches_of, groups_of, sections_of
from tracker.services.tours import end_tour
from tracker.views.tour_stops import TOURS, Stop

bp = Blueprint("tours", __name__)
# Pages where people begin: a tour is offered there only.
OFFERED_ON = {
    "account.show", "bureau.show", "branches.index", "branches.show", "groups.show", "me.show",
    "sections.show", "start.show", "system.show",
}  # fmt: skip
TOURS_IN_ORDER = (
    Role.ADMINISTRATOR, Role.OFFICE, Role.AUDITOR, Role.SECRETARY, Role.DEPUTY, Role.GROUP_LEADER,
    Role.SECTION_HEAD, Role.MEMBER,
)  # fmt: skip
UNITS: dict[str, tuple[str, Any]] = {
    "branches.show": ("unit_id", branches_of),
    "groups.show": ("group_id", groups_of),
    "sections.show": ("section_id", sections_of),
}


@dataclass(frozen=True, slots=True)
class Card:
    """One step of a tour, as its page shows it. Addresses are None where there is no such step."""

    number: int
    total: int
    text: str
    anchor: str
    back: str | None
    next: str | None


def own_roles() -> list[Role]:
    """The roles of the one who is signed in that have a tour, the widest first."""
    held = {grant.role for grant in current_user.grants}
    return [role for role in TOURS_IN_ORDER if role in held]


def stop_address(role: Role, number: int) -> str:
    """The address of a step, counted from 1: its page, which step it is, and what is pointed at."""
    stop = TOURS[role][number - 1]
    values: dict[str, Any] = {"tour": f"{role}.{number}", "_anchor": stop.anchor}
    if stop.endpoint in UNITS:
        name, units_of = UNITS[stop.endpoint]
        values[name] = min(units_of(current_user), default=0)
    return url_for(stop.endpoint, **values)


def _asked() -> tuple[Role, int, Stop] | None:
    """The step that the address names, if it is one of an own role's tour and this is its page."""
    role, _, number = request.args.get("tour", "").partition(".")
    if role not in {str(own) for own in own_roles()} or not number.isascii() or not number.isdigit():
        return None
    stops = TOURS[Role(role)]
    position = int(number[:3])
    if not 1 <= position <= len(stops) or stops[position - 1].endpoint != request.endpoint:
        return None
    return Role(role), position, stops[position - 1]


def card_here() -> Card | None:
    """The card of this page; None if no tour is under way here."""
    asked = _asked()
    if asked is None:
        return None
    role, number, stop = asked
    total = len(TOURS[role])
    return Card(
        number, total, stop.text, stop.anchor,
        stop_address(role, number - 1) if number > 1 else None,
        stop_address(role, number + 1) if number < total else None,
    )  # fmt: skip


def offer_here() -> tuple[str, int] | None:
    """Where the reader's tour begins and how long it is, for those who were not asked yet; else None."""
    roles = own_roles()
    if not current_user.wants_tour or request.endpoint not in OFFERED_ON or not roles:
        return None
    return stop_address(roles[0], 1), len(TOURS[roles[0]])


@bp.post("/tours/end")
@requires(SIGNED_IN)
def end() -> Response:
    """Offer no tour any more. It can still be taken from the help."""
    end_tour(current_user)
    flash(gettext("The tour is over. It can be taken again from the help."), "success")
    return redirect(url_for("bureau.show"), 303)
