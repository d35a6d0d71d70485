"""What the frame around every page shows: campaign, bureau, menu. Error pages can do without."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from flask import Blueprint, request, url_for
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from tracker.access import Permission, may
from tracker.db import db
from tracker.filters import number
from tracker.forms.base import ActForm
from tracker.models import Campaign, User
from tracker.queries.access import branches_of
from tracker.queries.boards import Row
from tracker.queries.campaigns import current_campaign, spec_of
from tracker.queries.figures import bureau_name
from tracker.rules.addresses import local_address
from tracker.rules.refusal import N_


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the main menu; `label` is an English msgid."""

    label: str
    icon: str
    url: str
    is_current: bool


@dataclass(slots=True)
class Frame:
    """Read as the template asks for it; a database that does not answer leaves the frame empty."""

    read: dict[str, Any] = field(default_factory=dict)

    @property
    def user(self) -> User | None:
        """Who is signed in; None as well where the account cannot be read."""
        user: User | None = self._once(
            "user", lambda: current_user if current_user.is_authenticated else None
        )
        return user

    @property
    def campaign_name(self) -> str | None:
        campaign: Campaign | None = self._once("campaign", current_campaign)
        return campaign.name if campaign else None

    @property
    def description(self) -> str | None:
        campaign: Campaign | None = self._once("campaign", current_campaign)
        return spec_of(campaign).description if campaign else None

    @property
    def bureau_name(self) -> str | None:
        name: str | None = self._once("bureau", bureau_name)
        return name

    @property
    def menu(self) -> list[Entry]:
        """The main menu of the one who is signed in."""
        return self._once("menu", menu) or []

    @property
    def here(self) -> str:
        """The address of this page, to come back to."""
        here = request.full_path.rstrip("?") if request.method == "GET" else None
        return local_address(here) or url_for("bureau.show")

    def form(self) -> ActForm:
        """A button's form. It takes nothing from the request: the page may show another form again."""
        return ActForm(formdata=None)

    def _once(self, name: str, ask: Any) -> Any:
        if name not in self.read:
            try:
                self.read[name] = ask()
            except SQLAlchemyError:
                db.session.rollback()
                self.read[name] = None
        return self.read[name]


def menu() -> list[Entry]:
    """What the main menu offers to the one who is signed in."""
    found: list[Entry] = []

    def offer(permission: Permission, label: str, icon: str, endpoint: str, **values: Any) -> None:
        if may(permission):
            here = (request.endpoint or "").split(".")[0]
            is_current = {"goals": "bureau"}.get(here, here) == endpoint.split(".")[0]
            found.append(Entry(label, icon, url_for(endpoint, **values), is_current))

    offer(Permission.BUREAU_SEE, N_("Whole bureau"), "home", "bureau.show")
    if may(Permission.BUREAU_SEE):
        offer(Permission.BRANCH_SEE, N_("Branches"), "sitemap", "branches.index")
    else:
        own = sorted(branches_of(current_user))
        if len(own) == 1:
            offer(Permission.BRANCH_SEE, N_("My branch"), "sitemap", "branches.show", unit_id=own[0])
        elif own:
            offer(Permission.BRANCH_SEE, N_("My branches"), "sitemap", "branches.index")
    offer(Permission.RECORD_SEE, N_("Ledger"), "table", "records.index")
    offer(Permission.ROSTER_SEE, N_("Members"), "users", "members.index")
    offer(Permission.BATCH_SEE, N_("Imports"), "upload", "batches.index")
    offer(Permission.BRANCH_SEE, N_("Counting rules"), "list-check", "figures.index")
    return found


def give_frame() -> dict[str, Any]:
    """For every template: `frame`."""
    return {"frame": Frame()}


def width(value: Fraction | float, of: int = 1) -> str:
    """A share of a bar's length for an SVG attribute: 77.4%. Never beyond its end."""
    return f"{float(min(Fraction(1), max(Fraction(0), Fraction(value) / of))) * 100:.1f}%"


def share(value: Fraction, of: int) -> Fraction:
    """A value as a share of its target, at most 1."""
    return min(Fraction(1), Fraction(value) / of)


def whole(value: Fraction | None) -> str:
    """What is surely reached: whole, cut and not rounded."""
    return "—" if value is None else str(math.floor(value))


def signed(value: Fraction | None) -> str:
    """A change: +7, −2.5, 0."""
    if value is None:
        return "—"
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{number(abs(value))}"


def less(value: Fraction | int, other: Fraction | int) -> Fraction:
    """value − other."""
    return Fraction(value) - Fraction(other)


def colour(position: int) -> int:
    """Which of the colours 1 … 9 a goal has, by its position."""
    return (position - 1) % 9 + 1


def under_headings(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """Rows of the heat table under their headings: a category of branches each, then the sections."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault("section" if row.level == "section" else row.category or "branch", []).append(row)
    return list(found.items())


def init_blueprint(bp: Blueprint) -> None:
    """Give every template the frame and the filters that draw."""
    bp.app_context_processor(give_frame)
    for function in (width, share, whole, signed, less, colour, under_headings):
        bp.add_app_template_filter(function)
