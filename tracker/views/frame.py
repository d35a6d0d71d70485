"""What the frame around every page shows: campaign, bureau, menu. Error pages can do without."""

from __future__ import annotations

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
from tracker.filters import number
from tracker.forms.base import ActForm
from tracker.models import Campaign, CampaignArchive, User
from tracker.queries.access import branches_of, groups_of, sections_of
from tracker.queries.boards import Row
from tracker.queries.campaigns import spec_of
from tracker.queries.figures import bureau_name
from tracker.queries.reminders import open_reminders
from tracker.queries.verifications import waiting_count
from tracker.rules.addresses import local_address
from tracker.rules.refusal import N_
from tracker.views.asof import archive_here, campaign_here
from tracker.views.campaign_shown import WRITE_INTO_CAMPAIGN, may_here, other_campaign, takes_own_entries
from tracker.views.lateness import Late, late_of_form
from tracker.views.loop import LABEL, Tab, tabs
from tracker.views.reminder_words import Card, card_of

FIRST_PAGES = {"me.show", "branches.show", "sections.show"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the main menu; `label` is an English msgid.

    badge:   how much waits behind it; 0 shows none.
    is_main: the one button of a member's bar.
    """

    label: str
    icon: str
    url: str
    is_current: bool
    badge: int = 0
    is_main: bool = False


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
    def bureau_name(self) -> str | None:
        name: str | None = self._once("bureau", bureau_name)
        return name

    @property
    def menu(self) -> list[Entry]:
        """The main menu of the one who is signed in."""
        return self._once("menu", menu) or []

    @property
    def late(self) -> Late:
        """Whether forms ask why something comes late."""
        return late_of_form()

    @property
    def loop(self) -> list[Tab]:
        """The tabs of the closed loop."""
        return self._once("loop", tabs) or []

    @property
    def reminders(self) -> list[Card]:
        """What the reader was reminded of and is still open, on the pages where people begin."""
        return self._once("reminders", self._reminders) or []

    @property
    def here(self) -> str:
        """The address of this page, to come back to."""
        here = request.full_path.rstrip("?") if request.method == "GET" else None
        return local_address(here) or url_for("bureau.show")

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


def menu() -> list[Entry]:
    """What the main menu offers to the one who is signed in: their places, then their work."""
    found: list[Entry] = []
    here, room = request.endpoint or "", (request.endpoint or "").split(".")[0]

    def offer(
        permission: Permission, label: str, icon: str, endpoint: str, rooms: tuple[str, ...], **more: Any
    ) -> None:
        if may_here(permission):
            badge, is_main = more.pop("badge", 0), more.pop("is_main", False)
            is_current = here in rooms or room in rooms
            found.append(Entry(label, icon, url_for(endpoint, **more), is_current, badge, is_main))

    offer(Permission.BUREAU_SEE, N_("Whole bureau"), "home", "bureau.show", ("bureau", "goals"))
    for place in _places():
        found.append(place)
    if may(Permission.SELF):
        own = N_("My progress") if not may(Permission.RECORD_SEE) else N_("My own")
        offer(Permission.SELF, own, "chart-line", "me.show", ("me.show",))
    if may(Permission.SELF) and not may(Permission.RECORD_SEE):
        offer(Permission.SELF, N_("My records"), "table", "me.records", ("me.records", "records"))
        if takes_own_entries():
            offer(Permission.SELF, N_("Note it"), "plus", "jots.new", ("jots.new",), is_main=True)
        offer(Permission.SELF, N_("My drafts"), "writing", "drafts.index", ("drafts", "jots.write"))
        offer(Permission.SELF, N_("About me"), "user", "account.show", ("account", "me.everything"))
    offer(
        Permission.RECORD_VERIFY, N_("Verify"), "circle-check", "verifications.index", ("verifications",),
        badge=_waiting(),
    )  # fmt: skip
    offer(Permission.RECORD_ENTER, N_("Enter"), "plus", "entries.index", ("entries", "papers"))
    offer(Permission.RECORD_SEE, N_("Ledger"), "table", "records.index", ("records", "stages"))
    if may(Permission.RECORD_SEE):
        offer(
            Permission.PLAN_SEE,
            N_("Calendar"),
            "calendar",
            "calendar.month",
            ("calendar", "plans", "series", "holidays"),
        )
    if loop := tabs():
        found.append(Entry(LABEL, "list-check", loop[0].url, any(tab.is_current for tab in loop)))
    offer(Permission.ROSTER_SEE, N_("Members"), "users", "members.index", ("members",))
    offer(Permission.BATCH_SEE, N_("Imports"), "upload", "batches.index", ("batches", "mappings", "studio"))
    offer(Permission.SYSTEM_SEE, N_("The machine"), "settings", "system.show", ("system",))
    return found


def _places() -> list[Entry]:
    """The units that are somebody's own to look at; the list of branches for those who have several."""
    is_current = request.view_args or {}
    found = []
    branches = sorted(branches_of(current_user))
    if may(Permission.BUREAU_SEE) or len(branches) > 1:
        label = N_("Branches") if may(Permission.BUREAU_SEE) else N_("My branches")
        here = (request.endpoint or "").split(".")[0] in ("branches", "groups", "sections")
        return [Entry(label, "sitemap", url_for("branches.index"), here)]
    for unit_ids, label, icon, endpoint, key in (
        (branches, N_("My branch"), "sitemap", "branches.show", "unit_id"),
        (sorted(groups_of(current_user)), N_("My group"), "users", "groups.show", "group_id"),
        (sorted(sections_of(current_user)), N_("My section"), "building", "sections.show", "section_id"),
    ):
        for unit_id in unit_ids:
            values: dict[str, Any] = {key: unit_id}
            url = url_for(endpoint, **values)
            found.append(
                Entry(label, icon, url, request.endpoint == endpoint and is_current.get(key) == unit_id)
            )
    return found


def _waiting() -> int:
    """How many records wait for the one who is signed in."""
    campaign = campaign_here()
    return waiting_count(campaign.id, current_user) if campaign and may(Permission.RECORD_VERIFY) else 0


def home() -> str:
    """The address where somebody begins: the widest place that is theirs, else what they may do there.

    A day that was picked stays picked.
    """
    day = request.args.get("as_of")
    for permission, endpoint in (
        (Permission.BUREAU_SEE, "bureau.show"),
        (Permission.SYSTEM_SEE, "system.show"),
    ):
        if may(permission):
            return url_for(endpoint)
    places = _places()
    if places:
        return places[0].url + (f"?{urlencode({'as_of': day})}" if day else "")
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
