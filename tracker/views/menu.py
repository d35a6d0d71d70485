"""The main menu: a bar of the few places that somebody needs most, and a sheet with all of them in groups."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import request, url_for
from flask_login import current_user

from tracker.access import Permission, may
from tracker.queries.access import branches_of, groups_of, sections_of
from tracker.queries.verifications import waiting_count
from tracker.rules.refusal import N_
from tracker.views import loop, reports
from tracker.views.asof import campaign_here
from tracker.views.campaign_shown import may_here, takes_own_entries

MOST_IN_BAR = 7  # at a wide desk; narrower ones show those for which there is room, a phone four
MANY = 100  # what waits: the badge says 99+ then
PROGRESS, LEDGER, PLAN = N_("Progress"), N_("Records and verifying"), N_("Plans")
DATA, ACCOUNT = N_("Roster and machine"), N_("Account")
GROUPS = (PROGRESS, LEDGER, PLAN, loop.LABEL, reports.LABEL, DATA, ACCOUNT)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the main menu; `label` is an English msgid.

    group:   under which heading it stands in the sheet; "" for one that is itself a group there.
    need:    how much it is needed in the bar, 1 most; 0 never stands there.
    place:   its place among those of the bar: the last makes room first. 0 is not in the bar.
    badge:   how much waits behind it; 0 shows none.
    is_main: the one button of a member's bar.
    """

    label: str
    icon: str
    url: str
    is_current: bool
    group: str = ""
    need: int = 0
    badge: int = 0
    is_main: bool = False
    place: int = 0


@dataclass(frozen=True, slots=True)
class Menu:
    """bar:     what may stand in the bar, in order; in each width those of the first places do.
    groups:  everything, under its headings (msgids), the account's pages last.
    account: the pages about the account and about the whole installation.
    at:      the place of the entry to which the page belongs; 0: in the sheet only, None: in neither.
    fits:    how many places must be shown so that nothing is in the sheet only; 0 if something always is.
    """

    bar: list[Entry]
    groups: list[tuple[str, list[Entry]]]
    account: list[Entry]
    at: int | None
    fits: int


def menu() -> Menu:
    """What the main menu offers to the one who is signed in: their places, then their work."""
    entries, account = _entries(), _account()
    by_need = sorted((n for n, entry in enumerate(entries) if entry.need), key=lambda n: entries[n].need)
    order = {n: place for place, n in enumerate(by_need[:MOST_IN_BAR], 1)}
    bar = [replace(entry, place=order[n]) for n, entry in enumerate(entries) if n in order]
    listed = [*entries, *_tabs(), *account]
    groups = [(label, [entry for entry in listed if entry.group == label]) for label in GROUPS]
    shown = {entry.url for entry in (*bar, *account)}
    return Menu(
        bar,
        [(label, found) for label, found in groups if found],
        account,
        at=next((entry.place for entry in (*bar, *listed) if entry.is_current), None),
        fits=len(bar) if all(entry.url in shown for entry in listed) else 0,
    )


def _is_here(*rooms: str) -> bool:
    """Whether the page is one of these endpoints, or of one of these blueprints."""
    here = request.endpoint or ""
    return here in rooms or here.split(".")[0] in rooms


def _entries() -> list[Entry]:
    """What may stand in the bar, in the order in which it does."""
    found: list[Entry] = []
    sees_all, is_member = may(Permission.BUREAU_SEE), not may(Permission.RECORD_SEE)

    def offer(
        permission: Permission,
        label: str,
        icon: str,
        endpoint: str,
        group: str,
        need: int,
        *rooms: str,
        **more: Any,
    ) -> None:
        if may_here(permission):
            is_current = _is_here(*(rooms or (endpoint.split(".")[0],)))
            found.append(Entry(label, icon, url_for(endpoint), is_current, group, need, **more))

    offer(Permission.BUREAU_SEE, N_("Whole bureau"), "home", "bureau.show", PROGRESS, 1, "bureau", "goals")
    found += places()
    own = N_("My progress") if is_member else N_("My own")
    offer(Permission.SELF, own, "chart-line", "me.show", PROGRESS, 1 if is_member else 4, "me.show")
    if may(Permission.SELF) and is_member:
        offer(Permission.SELF, N_("My records"), "table", "me.records", LEDGER, 2, "me.records", "records")
        if takes_own_entries():
            offer(Permission.SELF, N_("Note it"), "plus", "jots.new", LEDGER, 2, "jots.new", is_main=True)
        offer(Permission.SELF, N_("My drafts"), "writing", "drafts.index", LEDGER, 3, "drafts", "jots.write")
        offer(Permission.SELF, N_("About me"), "user", "account.show", "", 6, "account", "me.everything")
    offer(
        Permission.RECORD_VERIFY,
        N_("Verify"),
        "circle-check",
        "verifications.index",
        LEDGER,
        2,
        badge=_waiting(),
    )
    offer(
        Permission.RECORD_ENTER,
        N_("Enter"),
        "plus",
        "entries.index",
        LEDGER,
        9 if sees_all else 3,
        "entries",
        "papers",
    )
    if not is_member:
        offer(Permission.RECORD_SEE, N_("Ledger"), "table", "records.index", LEDGER, 5, "records", "stages")
        offer(
            Permission.PLAN_SEE,
            N_("Calendar"),
            "calendar",
            "calendar.month",
            PLAN,
            9,
            "calendar",
            "plans",
            "series",
            "holidays",
        )
    for label, icon, need, of in (
        (loop.LABEL, "list-check", 6, loop.TABS),
        (reports.LABEL, "file-text", 4, reports.TABS),
    ):
        if tabs := loop.tabs(of):
            found.append(Entry(label, icon, tabs[0].url, any(tab.is_current for tab in tabs), "", need))
    offer(Permission.ROSTER_SEE, N_("Members"), "users", "members.index", DATA, 7)
    offer(
        Permission.BATCH_SEE,
        N_("Imports"),
        "upload",
        "batches.index",
        DATA,
        9,
        "batches",
        "mappings",
        "studio",
    )
    offer(Permission.SYSTEM_SEE, N_("The machine"), "settings", "system.show", DATA, 1)
    return found


def _tabs() -> list[Entry]:
    """The pages of the closed loop and of the reports, each of which the bar has as one entry."""
    return [
        Entry(tab.label, icon, tab.url, tab.is_current, label)
        for label, icon, of in (
            (loop.LABEL, "list-check", loop.TABS),
            (reports.LABEL, "file-text", reports.TABS),
        )
        for tab in loop.tabs(of)
    ]


def places() -> list[Entry]:
    """The units that are somebody's own to look at; the list of branches for those who have several."""
    is_current = request.view_args or {}
    found = []
    branches = sorted(branches_of(current_user))
    sees_all = may(Permission.BUREAU_SEE)
    if sees_all or len(branches) > 1:
        label = N_("Branches") if sees_all else N_("My branches")
        here = _is_here("branches", "groups", "sections")
        return [Entry(label, "sitemap", url_for("branches.index"), here, PROGRESS, 7 if sees_all else 1)]
    for unit_ids, label, icon, endpoint, key in (
        (branches, N_("My branch"), "sitemap", "branches.show", "unit_id"),
        (sorted(groups_of(current_user)), N_("My group"), "users", "groups.show", "group_id"),
        (sorted(sections_of(current_user)), N_("My section"), "building", "sections.show", "section_id"),
    ):
        for unit_id in unit_ids:
            values: dict[str, Any] = {key: unit_id}
            url = url_for(endpoint, **values)
            here = request.endpoint == endpoint and is_current.get(key) == unit_id
            found.append(Entry(label, icon, url, here, PROGRESS, 1))
    return found


def _account() -> list[Entry]:
    """The pages behind the name of the one who is signed in."""
    found = [Entry(N_("My account"), "user", url_for("account.show"), _is_here("account"), ACCOUNT)]
    for permission, label, icon, endpoint, rooms in (
        (Permission.CAMPAIGN_SEE, N_("Campaigns"), "flag-3", "campaigns.index", ("campaigns", "comparisons")),
        (Permission.SELF, N_("Everything about me"), "file-text", "me.everything", ("me.everything",)),
        (Permission.ACCOUNT_ISSUE, N_("Accounts"), "users", "accounts.index", ("accounts", "grants")),
        (Permission.AUDIT_SEE, N_("Audit"), "eye", "audit.index", ("audit",)),
        (Permission.RECORD_OPEN, N_("Shared works"), "book-2", "shares.index", ("shares",)),
        (Permission.RECORD_OPEN, N_("Counting rules"), "list-check", "figures.index", ("figures",)),
        (
            Permission.CERTIFICATE_SEE, N_("Certificates of hours"), "clock-heart", "certificates.register",
            ("certificates.register",),
        ),
        (
            Permission.SUGGESTION_SEE, N_("Suggestions received"), "message-2", "suggestions.index",
            ("suggestions.index",),
        ),
    ):  # fmt: skip
        if may(permission):
            found.append(Entry(label, icon, url_for(endpoint), _is_here(*rooms), ACCOUNT))
    return found


def _waiting() -> int:
    """How many records wait for the one who is signed in, as far as the badge tells."""
    campaign = campaign_here()
    if campaign is None or not may(Permission.RECORD_VERIFY):
        return 0
    return waiting_count(campaign.id, current_user, most=MANY)
