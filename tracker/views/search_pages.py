"""The pages that a search finds by name: those of the menus, and those that stand deeper."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext

from tracker.access import Permission
from tracker.rules.refusal import N_
from tracker.views.campaign_shown import may_here
from tracker.views.menu import menu

# (what it needs, the endpoint, its name, its icon)
FURTHER: tuple[tuple[Permission | None, str, str, str], ...] = (
    (Permission.PLAN_SEE, "calendar.month", N_("Calendar"), "calendar"),
    (Permission.RECORD_SEE, "plans.index", N_("Plans"), "calendar"),
    (Permission.RECORD_SEE, "stages.index", N_("By stage"), "sitemap"),
    (Permission.RECORD_SEE, "layouts.index", N_("Ledgers in the office's layout"), "printer"),
    (Permission.RECORD_SEE, "hours.show", N_("Hours by group and community"), "clock-heart"),
    (Permission.RECORD_ENTER, "papers.index", N_("Paper sheets"), "printer"),
    (Permission.BUREAU_SEE, "charts.index", N_("Charts"), "chart-line"),
    (Permission.BUREAU_SEE, "comparisons.show", N_("Compare two years"), "chart-line"),
    (Permission.HOLIDAY_SEE, "holidays.index", N_("Holidays"), "calendar"),
    (Permission.BATCH_WRITE, "mappings.index", N_("Columns of platforms"), "upload"),
    (Permission.RESULT_SEE, "results.index", N_("Test averages"), "chart-line"),
    (None, "suggestions.new", N_("Ease the burden: a suggestion"), "message-2"),
    (None, "help.show", N_("Help"), "info-circle"),
)


def pages() -> list[tuple[str, str, str]]:
    """Name, address and icon of every page that the reader may open from a menu, each name once."""
    here = menu()
    entries = [*here.bar, *(entry for _, group in here.groups for entry in group), *here.account]
    found = [(gettext(entry.label), entry.url, entry.icon) for entry in entries]
    for permission, endpoint, label, icon in FURTHER:
        if permission is None or may_here(permission):
            found.append((gettext(label), url_for(endpoint), icon))
    return list({(name, url): (name, url, icon) for name, url, icon in found}.values())
