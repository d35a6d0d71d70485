"""What a statement comes to: a function of what was said and of the rows that stand, and of nothing else."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.maker import SHIPPED
from tracker.models import Said, Status
from tracker.rules.campaign_file import read_campaign
from tracker.rules.campaign_tables import CampaignFileError
from tracker.rules.periods import months
from tracker.rules.refusal import Refused
from tracker.rules.statements import (
    HAS_ROWS,
    NO_ROWS,
    NOT_OVER,
    STANDING,
    State,
    check_month,
    check_said,
    is_due,
    is_over,
    kinds_to_state,
    offered,
    standing_of,
    state_of,
    told_by,
    was_there,
)

SPEC = read_campaign(SHIPPED.read_text(encoding="utf-8"))
SAID = st.sampled_from([None, *Said])
COUNTS = st.dictionaries(st.sampled_from(list(Status)), st.integers(1, 5))
STUDY = SPEC.kinds[0]


@pytest.mark.parametrize(
    ("said", "standing", "state"),
    [
        (None, 0, State.SILENT),
        (None, 3, State.SILENT),
        (Said.TAKEN_BACK, 3, State.SILENT),
        (Said.HANDED_IN, 3, State.HANDED_IN),
        (Said.HANDED_IN, 0, State.CONTRADICTED),
        (Said.NOTHING, 0, State.NOTHING),
        (Said.NOTHING, 1, State.CONTRADICTED),
    ],
)
def test_the_state_of_each_case(said, standing, state):
    assert state_of(said, standing) is state


@given(SAID, COUNTS, COUNTS)
def test_rows_that_do_not_stand_change_no_state(said, counts, others):
    kept = {status: counts[status] for status in STANDING if status in counts}
    noise = {status: count for status, count in others.items() if status not in STANDING}
    assert state_of(said, standing_of({**kept, **noise})) is state_of(said, standing_of(kept))


@given(SAID, st.integers(0, 9))
def test_silence_is_never_zero_and_zero_never_silence(said, standing):
    state = state_of(said, standing)
    assert (state is State.NOTHING) == (said is Said.NOTHING and standing == 0)
    assert (state is State.SILENT) == (said in (None, Said.TAKEN_BACK))


@given(SAID, st.lists(st.booleans(), max_size=12))
def test_whatever_rows_come_and_go_a_statement_that_agreed_either_agrees_or_says_that_it_does_not(
    said, steps
):
    standing = 0
    seen = [state_of(said, standing)]
    for comes in steps:
        standing = max(0, standing + (1 if comes else -1))
        seen.append(state_of(said, standing))
    for before, after in pairwise(seen):
        assert (before is State.SILENT) == (after is State.SILENT)
        assert {before, after} != {State.HANDED_IN, State.NOTHING}


@given(st.sampled_from([Said.HANDED_IN, Said.NOTHING]), st.integers(0, 5))
def test_what_is_taken_in_agrees_and_what_does_not_is_refused(said, standing):
    if state_of(said, standing) is not State.CONTRADICTED:
        check_said(said, STUDY, standing)
        return
    with pytest.raises(Refused) as refused:
        check_said(said, STUDY, standing)
    assert refused.value.msgid == (NO_ROWS if said is Said.HANDED_IN else HAS_ROWS)
    assert refused.value.field == STUDY.code


@given(SAID, st.integers(0, 5))
def test_nothing_to_report_is_never_chosen_for_anybody(said, standing):
    chosen = offered(said, standing)
    assert chosen is not Said.NOTHING or said is Said.NOTHING
    assert chosen is None or state_of(chosen, standing) is not State.CONTRADICTED
    if standing:
        assert chosen is Said.HANDED_IN


@given(st.lists(st.sampled_from(list(State)), max_size=8))
def test_several_months_are_no_better_than_their_worst(states):
    told = told_by(states)
    order = [State.SILENT, State.CONTRADICTED]
    worst = next((one for one in order if one in states), None)
    if not states:
        assert told.state is None
    elif worst:
        assert told.state is worst
    else:
        assert told.state is (State.NOTHING if set(states) == {State.NOTHING} else State.HANDED_IN)
    assert sum(told.count(state) for state in State) == len(states)


def test_a_month_may_be_stated_from_its_last_day_on():
    february, march = months(SPEC)[:2]
    assert (february.code, february.starts_on) == ("2021-02", dt.date(2021, 2, 26))
    assert not is_due(february, dt.date(2021, 2, 27))
    assert is_due(february, dt.date(2021, 2, 28))
    assert not is_over(february, dt.date(2021, 2, 28), SPEC)
    assert is_over(february, dt.date(2021, 3, 1), SPEC)
    assert is_over(months(SPEC)[-1], SPEC.ends_on, SPEC)  # no page speaks of a later day
    with pytest.raises(Refused, match=r"2021-03-31") as refused:
        check_month(march, dt.date(2021, 3, 30))
    assert refused.value.msgid == NOT_OVER
    check_month(march, dt.date(2021, 3, 31))


@given(st.dates(dt.date(2021, 1, 1), dt.date(2022, 2, 1)))
def test_what_is_due_stays_due(day):
    due = [month for month in months(SPEC) if is_due(month, day)]
    later = [month for month in months(SPEC) if is_due(month, day + dt.timedelta(days=1))]
    assert later[: len(due)] == due


def test_which_kinds_a_branch_states_on_is_the_campaigns():
    serving = {kind.code for kind in kinds_to_state(SPEC, "serving")}
    retired = {kind.code for kind in kinds_to_state(SPEC, "retired")}
    stated = {kind.code for kind in SPEC.kinds if kind.stated}
    assert serving == stated
    assert {kind.code for kind in SPEC.kinds} - stated == {"reading"}
    left_out = {
        code for code in serving - retired for goal in SPEC.goals if SPEC.figure(goal.figure).kind == code
    }
    assert left_out == serving - retired  # only what every goal leaves out


def test_a_kind_that_no_branch_owns_cannot_be_stated():
    text = SHIPPED.read_text(encoding="utf-8").replace(
        'owners = ["branch", "section", "bureau"]', 'owners = ["section", "bureau"]\nstated = true'
    )
    with pytest.raises(CampaignFileError, match="stated"):
        read_campaign(text)
    spec = read_campaign(text.replace("\nstated = true", ""))
    assert not spec.kinds[-1].stated


def test_a_branch_states_only_of_months_in_which_it_was_there():
    march = months(SPEC)[1]
    assert was_there(march, None, None)
    assert was_there(march, dt.date(2021, 3, 31), None)
    assert not was_there(march, dt.date(2021, 4, 1), None)
    assert not was_there(march, None, dt.date(2021, 3, 1))
    assert was_there(march, None, dt.date(2021, 3, 2))
