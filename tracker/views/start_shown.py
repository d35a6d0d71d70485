"""How far the installation has come, for the frame around every page of those who bring it on."""

from __future__ import annotations

from tracker.access import Permission, may
from tracker.queries.start import start_facts
from tracker.rules.refusal import N_
from tracker.rules.start import Stage, Step, next_stage, stages_of

STEPS: dict[Step, str] = {
    Step.OFFICE: N_("An account for the party office"),
    Step.ROSTER: N_("Name of the bureau, and its roster"),
    Step.CAMPAIGN: N_("The campaign"),
    Step.ACCOUNTS: N_("Accounts for the branches"),
    Step.LEDGER: N_("The ledger"),
}


def start_stage() -> Stage | None:
    """The step that administrator and office take now; None for others, and once all are done."""
    if not (may(Permission.SYSTEM_SEE) or may(Permission.GRANT_WRITE)):
        return None
    return next_stage(stages_of(start_facts()))
