"""What the frame around every page shows: campaign, bureau, menu. Error pages can do without."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, request, url_for
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from tracker.access import Permission, may
from tracker.clock import today
from tracker.db import db
from tracker.forms.base import ActForm
from tracker.models import Campaign, CampaignArchive, User
from tracker.queries.boards import Row
from tracker.queries.campaigns import spec_of
from tracker.queries.figures import bureau_name
from tracker.queries.reminders import open_reminders
from tracker.rules.addresses import local_address
from tracker.rules.numbers import number
from tracker.rules.refusal import N_
from tracker.views import reports, tours
from tracker.views.asof import archive_here, campaign_here
from tracker.views.campaign_shown import WRITE_INTO_CAMPAIGN, other_campaign
from tracker.views.help_sections import SECTIONS
from tracker.views.lateness import Late, late_of_form
from tracker.views.loop import Tab, tabs
from tracker.views.menu import Menu, menu, places
from tracker.views.reminder_words import Card, card_of
from tracker.views.start_shown import Shown, step_shown

FIRST_PAGES = {"me.show", "branches.show", "sections.show"}


@dataclass(slots=True)
class Frame:
    """Read as the template asks for it; a database that does not answer leaves the frame empty."""

    read: dict[str, Any] = field(default_factory=dict)

    @property
    def user(self) -> User | None:
        """Who is signed in; None as well where the account cannot be read."""
        # Not the proxy, which asks who it stands for at each of the hundred times that a page reads it.
        user: User | None = self._once(
            "user", lambda: current_user._get_current_object() if current_user.is_authenticated else None
        )
        return user

    @property
    def campaign(self) -> Campaign | None:
        found: Campaign | None = self._once("campaign", campaign_here)
        return found

    @property
    def campaign_name(self) -> str | None:
        return self.campaign.name if self.campaign else None

    @property
    def description(self) -> str | None:
        return spec_of(self.campaign).description if self.campaign else None

    @property
    def archive(self) -> CampaignArchive | None:
        """The campaign's stay in the archive, if it is there."""
        stay: CampaignArchive | None = self._once("archive", archive_here)
        return stay

    @property
    def is_read_only(self) -> bool:
        """Whether this page would write into a campaign that is in the archive: it shows no buttons then."""
        return request.blueprint in WRITE_INTO_CAMPAIGN and self.archive is not None

    @property
    def other_campaign(self) -> Campaign | None:
        """The current campaign, where the reader works in another one."""
        other: Campaign | None = self._once("other", other_campaign)
        return other

    @property
    def is_demo(self) -> bool:
        """Whether what the page shows is invented."""
        return self.campaign is not None and self.campaign.demo is not None

    @property
    def bureau_name(self) -> str | None:
        name: str | None = self._once("bureau", bureau_name)
        return name

    @property
    def menu(self) -> Menu | None:
        """The main menu of the one who is signed in; None where it cannot be read."""
        found: Menu | None = self._once("menu", menu)
        return found

    @property
    def late(self) -> Late:
        """Whether forms ask why something comes late."""
        return late_of_form()

    @property
    def loop(self) -> list[Tab]:
        """The tabs of the closed loop."""
        return self._once("loop", tabs) or []

    @property
    def reports(self) -> list[Tab]:
        """The tabs of the office's reports."""
        return self._once("reports", lambda: tabs(reports.TABS)) or []

    @property
    def reminders(self) -> list[Card]:
        """What the reader was reminded of and is still open, on the pages where people begin."""
        return self._once("reminders", self._reminders) or []

    @property
    def start(self) -> Shown | None:
        """The step of a new installation that is to be taken now."""
        shown: Shown | None = self._once("start", step_shown) if self.user else None
        return shown

    @property
    def tour(self) -> tours.Card | None:
        """The step of a tour that this page is."""
        card: tours.Card | None = self._once("tour", tours.card_here) if self.user else None
        return card

    @property
    def tour_offer(self) -> tuple[str, int] | None:
        """Where the reader's tour begins, as long as they have not said no."""
        offer: tuple[str, int] | None = None
        if self.user and self.user.wants_tour and self.tour is None:
            offer = self._once("tour_offer", tours.offer_here)
        return offer

    @property
    def help(self) -> tuple[str, str]:
        """Where the help speaks of this page, and what the link to it is called (a msgid)."""
        if request.blueprint in SECTIONS and request.blueprint != "help" and request.method == "GET":
            room = url_for("help.room", room=request.blueprint, back=self.here)
            return room, N_("Help for this page")
        return url_for("help.show"), N_("Help")

    @property
    def here(self) -> str:
        """The address of this page, to come back to."""
        here = request.full_path.rstrip("?") if request.method == "GET" else None
        return local_address(here) or url_for("bureau.show")

    @property
    def today(self) -> dt.date:
        """The day that it is here, which in a demo is not the reader's."""
        return today()

    def form(self) -> ActForm:
        """A button's form. It takes nothing from the request: the page may show another form again."""
        return ActForm(formdata=None)

    def _reminders(self) -> list[Card]:
        if request.endpoint not in FIRST_PAGES or self.user is None:
            return []
        campaign: Campaign | None = self._once("campaign", campaign_here)
        return (
            [card_of(one, self.user) for one in open_reminders(campaign, self.user, today())]
            if campaign
            else []
        )

    def _once(self, name: str, ask: Any) -> Any:
        if name not in self.read:
            try:
                self.read[name] = ask()
            except SQLAlchemyError:
                db.session.rollback()
                self.read[name] = None
        return self.read[name]


def home() -> str:
    """The address where somebody begins: the widest place that is theirs, else what they may do there.

    A day that was picked stays picked.
    """
    day = request.args.get("as_of")
    if (shown := step_shown()) and shown.is_own:
        return url_for("start.show")
    for permission, endpoint in (
        (Permission.BUREAU_SEE, "bureau.show"),
        (Permission.SYSTEM_SEE, "system.show"),
    ):
        if may(permission):
            return url_for(endpoint)
    own = places()
    if own:
        return own[0].url + (f"?{urlencode({'as_of': day})}" if day else "")
    return url_for("me.show" if may(Permission.SELF) else "account.show")


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
