"""The pages of the office's reports as tabs beside each other: for the menu and their heads."""

from __future__ import annotations

from tracker.access import Permission
from tracker.rules.refusal import N_

# (what it needs, the endpoint, its label): what is written first, what it is made of after it.
TABS: tuple[tuple[Permission, str, str], ...] = (
    (Permission.BULLETIN_SEE, "bulletins.index", N_("Bulletins")),
    (Permission.BUREAU_SEE, "claims.index", N_("Claim check")),
    (Permission.BUREAU_SEE, "forecasts.index", N_("Forecast")),
    (Permission.BUREAU_SEE, "own_figures.index", N_("Own figures")),
    (Permission.QUOTED_SEE, "quoted.index", N_("Quoted figures")),
    (Permission.PACK_SEE, "packs.index", N_("Summary packs")),
    (Permission.SCREEN_SEE, "screens.index", N_("Screens")),
)
LABEL = N_("Reports")
