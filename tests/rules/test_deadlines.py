"""When a record is due: marked when the day is near or past, and never after its last stage."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from tracker.rules.campaigns import Column, Kind, Stage
from tracker.rules.deadlines import Deadline, check_due_on, deadline_of
from tracker.rules.ledger_entries import Entry, content_digest
from tracker.rules.refusal import Refused

KIND = Kind(
    "k", "类", "类", ("branch",), (Column("due_on", "期限"),), stages=(Stage("始"), Stage("中"), Stage("终"))
)
DAY = dt.date(2021, 6, 10)
ONE = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (DAY - ONE, Deadline.OVERDUE),
        (DAY, Deadline.SOON),
        (DAY + 7 * ONE, Deadline.SOON),
        (DAY + 8 * ONE, None),
        (None, None),
    ],
)
def test_the_day_after_is_overdue_and_the_week_before_is_soon(due, said):
    assert deadline_of(KIND, "中", due, DAY) is said
    assert deadline_of(KIND, "终", due, DAY) is None


def test_another_day_is_taken_and_none_takes_it_away():
    check_due_on(KIND, "始", DAY, DAY + ONE, begins=DAY)
    check_due_on(KIND, "始", DAY, None, begins=DAY)
    check_due_on(KIND, "始", None, DAY, begins=DAY)


@pytest.mark.parametrize(
    ("stage", "was", "to"),
    [("终", DAY, DAY + ONE), ("始", DAY, DAY), ("始", None, None), ("始", DAY, DAY - ONE)],
)
def test_a_day_that_changes_nothing_or_cannot_be_is_refused(stage, was, to):
    with pytest.raises(Refused):
        check_due_on(KIND, stage, was, to, begins=DAY)
    with pytest.raises(Refused):
        check_due_on(replace(KIND, columns=()), "始", DAY, DAY + ONE, begins=DAY)


def test_a_row_without_a_due_day_comes_to_the_same_digest_as_before_there_was_one():
    entry = Entry("task", "微实事", 2, DAY, title="修井盖", stage="领办")
    assert content_digest(entry) == "f92822fb2e8c8517a4f99836d8baa031385e8fbc3a8cab15c0d0d60df92b584b"
    assert content_digest(replace(entry, due_on=DAY)) != content_digest(entry)
