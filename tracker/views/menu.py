"""The main menu: the places of the one who is signed in, then their work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_login import current_user

from tracker.access import Permission, may
from tracker.queries.access import branches_of, groups_of, sections_of
from tracker.queries.verifications import waiting_count
from tracker.rules.refusal import N_
from tracker.views import reports
from tracker.views.asof import campaign_here
from tracker.views.campaign_shown import may_here, takes_own_entries
from tracker.views.loop import LABEL, tabs


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
    for place in places():
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
    if written := tabs(reports.TABS):
        is_current = any(tab.is_current for tab in written)
        found.append(Entry(reports.LABEL, "file-text", written[0].url, is_current))
    offer(Permission.ROSTER_SEE, N_("Members"), "users", "members.index", ("members",))
    offer(Permission.BATCH_SEE, N_("Imports"), "upload", "batches.index", ("batches", "mappings", "studio"))
    offer(Permission.SYSTEM_SEE, N_("The machine"), "settings", "system.show", ("system",))
    return found


def places() -> list[Entry]:
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
