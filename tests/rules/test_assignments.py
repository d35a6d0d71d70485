"""What may be said of an assignment, by whom; what it needs; and when it is late."""

from __future__ import annotations

import datetime as dt

import pytest

from tracker.models import AssignmentState
from tracker.rules.assignments import (
    MOVES,
    AssignmentAct,
    acts_on,
    check_assignment,
    check_words,
    deadline_of_assignment,
)
from tracker.rules.refusal import Refused

FIRST = dt.date(2021, 2, 26)
TODAY = dt.date(2021, 7, 31)


def test_those_in_charge_report_and_only_the_office_ends():
    theirs = {act for state in AssignmentState for act in acts_on(state, office=False)}
    assert theirs == {AssignmentAct.PROGRESS, AssignmentAct.REPORT}
    ends = {act for act, move in MOVES.items() if move.to in (AssignmentState.DONE, AssignmentState.DROPPED)}
    assert all(MOVES[act].office_only for act in ends)


def test_what_is_finished_can_only_be_opened_again():
    for state in (AssignmentState.DONE, AssignmentState.DROPPED):
        assert acts_on(state, office=True) == [AssignmentAct.REOPEN]
        assert acts_on(state, office=False) == []


def test_the_office_gives_back_what_those_in_charge_report():
    acts = acts_on(AssignmentState.REPORTED, office=True)
    assert AssignmentAct.GIVE_BACK in acts
    assert AssignmentAct.PROGRESS not in acts


def test_every_act_but_a_confirmation_needs_words():
    for act in AssignmentAct:
        if act is AssignmentAct.CONFIRM:
            assert check_words(act, " ") is None
        else:
            with pytest.raises(Refused) as caught:
                check_words(act, " 一 ")
            assert caught.value.field == "text"
        assert check_words(act, " 已经 印发 ") == "已经 印发"


def test_an_assignment_needs_words_somebody_in_charge_and_a_day():
    found = check_assignment(" 修订 制度 ", "", "2021.7.1", unit_id=3, since=FIRST)
    assert found == ("修订 制度", None, dt.date(2021, 7, 1))
    assert check_assignment("修订", "党史办", "20210701", unit_id=None, since=FIRST)[1] == "党史办"


@pytest.mark.parametrize(
    ("text", "in_charge", "due_on", "unit_id", "field"),
    [
        (" ", "", "2021-07-01", 3, "text"),
        ("长" * 401, "", "2021-07-01", 3, "text"),
        ("修\x00订", "", "2021-07-01", 3, "text"),
        ("修订", " ", "2021-07-01", None, "owner"),
        ("修订", "党史办", "2021-07-01", 3, "in_charge"),
        ("修订", "党" * 81, "2021-07-01", None, "in_charge"),
        ("修订", "", " ", 3, "due_on"),
        ("修订", "", "明天", 3, "due_on"),
        ("修订", "", "2021-02-25", 3, "due_on"),
    ],
)
def test_what_is_missing_or_cannot_be_is_refused_at_its_field(text, in_charge, due_on, unit_id, field):
    with pytest.raises(Refused) as caught:
        check_assignment(text, in_charge, due_on, unit_id=unit_id, since=FIRST)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("state", "days", "said"),
    [
        ("not_begun", -1, "overdue"),
        ("under_way", -1, "overdue"),
        ("under_way", 0, "soon"),
        ("under_way", 7, "soon"),
        ("under_way", 8, None),
        ("reported", -1, None),
        ("done", -1, None),
        ("dropped", -1, None),
    ],
)
def test_only_what_is_open_and_not_reported_is_late(state, days, said):
    due_on = TODAY + dt.timedelta(days=days)
    assert deadline_of_assignment(AssignmentState(state), due_on, TODAY) == said
