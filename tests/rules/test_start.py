"""The five steps: which is done, which is next, whatever their order."""

from __future__ import annotations

import itertools

from tracker.rules.start import Facts, Step, StepState, next_stage, stages_of

NOTHING = Facts(False, False, False, False, False, False)
ALL = Facts(True, True, True, True, True, True)


def states(facts):
    return {stage.step: stage.state for stage in stages_of(facts)}


def test_on_an_empty_installation_the_offices_account_comes_first():
    assert states(NOTHING) == {
        Step.OFFICE: StepState.NOW,
        **dict.fromkeys((Step.ROSTER, Step.CAMPAIGN, Step.ACCOUNTS, Step.LEDGER), StepState.LATER),
    }


def test_once_everything_is_there_nothing_is_left_to_do():
    assert set(states(ALL).values()) == {StepState.DONE}
    assert next_stage(stages_of(ALL)) is None


def test_in_whichever_order_they_are_taken_exactly_one_open_step_is_to_be_taken_now():
    for values in itertools.product((False, True), repeat=6):
        stages = stages_of(Facts(*values))
        open_ones = [stage for stage in stages if stage.state is not StepState.DONE]
        assert [stage.state for stage in open_ones[:1]] == [StepState.NOW][: len(open_ones)]
        assert all(stage.state is StepState.LATER for stage in open_ones[1:])


def test_a_roster_without_the_bureaus_name_leaves_its_step_open_but_stands_in_nobodys_way():
    stages = {stage.step: stage for stage in stages_of(Facts(True, False, True, True, False, False))}
    assert stages[Step.ROSTER].state is StepState.NOW
    assert stages[Step.ACCOUNTS].missing == stages[Step.LEDGER].missing == ()


def test_a_ledger_needs_roster_and_campaign():
    stages = {stage.step: stage for stage in stages_of(NOTHING)}
    assert stages[Step.LEDGER].missing == (Step.ROSTER, Step.CAMPAIGN)
