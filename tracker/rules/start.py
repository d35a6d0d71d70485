"""The five steps from an empty installation to a running campaign: what is done, what is next, and whose."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from tracker.models import Role


class Step(enum.StrEnum):
    """One step, in the order in which a bureau usually goes."""

    OFFICE = "office"  # an account of the party office
    ROSTER = "roster"  # the bureau's name, and who is on its roster
    CAMPAIGN = "campaign"
    ACCOUNTS = "accounts"
    LEDGER = "ledger"


class StepState(enum.StrEnum):
    """How far a step is. Only one step is `now`; the others that are open come later."""

    DONE = "done"
    NOW = "now"
    LATER = "later"


# Whose step it is. The administrator runs the machine, the office everything else.
WHOSE: dict[Step, Role] = dict.fromkeys(Step, Role.OFFICE) | {Step.OFFICE: Role.ADMINISTRATOR}
# What has to be there before a step can be taken at all.
NEEDS: dict[Step, tuple[Step, ...]] = {
    Step.OFFICE: (),
    Step.ROSTER: (),
    Step.CAMPAIGN: (),
    Step.ACCOUNTS: (Step.ROSTER,),
    Step.LEDGER: (Step.ROSTER, Step.CAMPAIGN),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the database holds.

    has_office:   an account of the office that is not disabled.
    is_named:     the bureau has a name of its own.
    has_roster:   somebody is or was a member of a branch.
    has_campaign: a campaign file was loaded.
    has_accounts: somebody beside office, auditor and administrator can sign in.
    has_ledger:   a record was verified, in whichever campaign.
    """

    has_office: bool
    is_named: bool
    has_roster: bool
    has_campaign: bool
    has_accounts: bool
    has_ledger: bool


@dataclass(frozen=True, slots=True)
class Stage:
    """One step as it stands. missing: the steps without which it cannot be taken yet."""

    step: Step
    number: int
    state: StepState
    whose: Role
    missing: tuple[Step, ...]


def stages_of(facts: Facts) -> tuple[Stage, ...]:
    """All five steps as they stand, whatever the order in which they were taken."""
    done = {
        Step.OFFICE: facts.has_office,
        Step.ROSTER: facts.is_named and facts.has_roster,
        Step.CAMPAIGN: facts.has_campaign,
        Step.ACCOUNTS: facts.has_accounts,
        Step.LEDGER: facts.has_ledger,
    }
    there = {**done, Step.ROSTER: facts.has_roster}  # a roster without the bureau's name will do for others
    first = next((step for step in Step if not done[step]), None)
    return tuple(
        Stage(
            step,
            number,
            StepState.DONE if done[step] else StepState.NOW if step is first else StepState.LATER,
            WHOSE[step],
            tuple(need for need in NEEDS[step] if not there[need]),
        )
        for number, step in enumerate(Step, start=1)
    )


def next_stage(stages: Iterable[Stage]) -> Stage | None:
    """The step that is to be taken now; None once all are done."""
    return next((stage for stage in stages if stage.state is StepState.NOW), None)
