"""How far the installation has come, for the frame around every page, and for pages that have to wait."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.access import Permission, may
from tracker.models import Role
from tracker.queries.start import start_facts
from tracker.rules.refusal import N_
from tracker.rules.start import Stage, Step, next_stage, stages_of
from tracker.views.asof import campaign_here
from tracker.views.audit_words import ROLES

STEPS: dict[Step, str] = {
    Step.OFFICE: N_("An account for the party office"),
    Step.ROSTER: N_("Name of the bureau, and its roster"),
    Step.CAMPAIGN: N_("The campaign"),
    Step.ACCOUNTS: N_("Accounts for the branches"),
    Step.LEDGER: N_("The ledger"),
}
# Pages that are about a campaign through and through: until there is one, they say so and what comes first.
NEEDS_CAMPAIGN = frozenset(
    ("assignments.new", "closes.new", "entries.paste", "layouts.new", "meetings.new", "own_figures.new",
     "papers.new", "plans.index", "plans.new", "quoted.new", "samples.new", "screens.preview", "series.new",
     "statements.index")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """The step that is to be taken now, its title and whose it is (msgids); is_own: it is the reader's."""

    stage: Stage
    title: str
    whose: str
    is_own: bool


def start_stage() -> Stage | None:
    """The step that is to be taken now, for those who bring the installation on and the auditor.

    Everybody else is told only as long as there is no campaign; then nobody asks any more. None once all
    five are done.
    """
    sees = may(Permission.SYSTEM_SEE) or may(Permission.BUREAU_SEE)
    return next_stage(stages_of(start_facts())) if sees or campaign_here() is None else None


def step_shown() -> Shown | None:
    """The same for the note above each page."""
    stage = start_stage()
    if stage is None:
        return None
    own = Permission.SYSTEM_SEE if stage.whose is Role.ADMINISTRATOR else Permission.GRANT_WRITE
    return Shown(stage, STEPS[stage.step], ROLES[stage.whose], may(own))
