"""A campaign file for another year: its days moved, everything else as it was."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.test_campaign_file import SMALL
from tracker.rules.campaign_copies import copy_text, move
from tracker.rules.campaign_file import read_campaign
from tracker.rules.refusal import Refused

SHIPPED = sorted(Path("tracker/campaigns").glob("*.toml"))
D = dt.date


@pytest.mark.parametrize("path", SHIPPED, ids=[path.stem for path in SHIPPED])
def test_a_copy_of_each_shipped_campaign_is_the_same_a_year_later(path):
    text = path.read_text(encoding="utf-8")
    old = read_campaign(text)
    found = copy_text(
        text, code="next", name="下一年", starts_on=old.starts_on.replace(year=old.starts_on.year + 1)
    )
    new = read_campaign(found.text)
    assert (new.code, new.name) == ("next", "下一年")
    assert new.ends_on == old.ends_on.replace(year=old.ends_on.year + 1)
    assert [(goal.due_on.month, goal.due_on.day) for goal in new.goals] == [
        (goal.due_on.month, goal.due_on.day) for goal in old.goals
    ]
    assert len(found.text.splitlines()) == len(text.splitlines())
    assert [line for line in found.text.splitlines() if line.startswith("#")] == [
        line for line in text.splitlines() if line.startswith("#")
    ]
    assert [one.was.year + 1 for one in found.moved] == [one.becomes.year for one in found.moved]


def test_a_beginning_on_another_day_moves_all_days_alike():
    found = copy_text(SMALL, code="next", name="下一年", starts_on=D(2022, 1, 11))
    new = read_campaign(found.text)
    assert (new.starts_on, new.ends_on) == (D(2022, 1, 11), D(2022, 1, 10) + dt.timedelta(days=365))


def test_examples_of_days_move_and_days_in_sentences_do_not():
    text = SMALL.replace(
        '{ field = "member_name", heading = "姓名", required = true }',
        '{ field = "member_name", heading = "姓名", required = true }, '
        '{ field = "happened_on", heading = "日期", example = "2021-03-05", note = "写成 2021-03-05" }',
    )
    found = copy_text(text, code="next", name="下一年", starts_on=D(2022, 1, 1))
    assert 'example = "2022-03-05", note = "写成 2021-03-05"' in found.text


def test_the_last_day_of_february_stays_in_february():
    assert move(D(2024, 2, 29), D(2024, 1, 1), D(2025, 1, 1)) == D(2025, 2, 28)
    assert move(D(2023, 2, 28), D(2023, 1, 1), D(2024, 1, 1)) == D(2024, 2, 28)


@given(st.dates(D(2000, 1, 1), D(2100, 1, 1)), st.dates(D(2000, 1, 1), D(2100, 1, 1)))
def test_the_beginning_moves_to_the_beginning(old, new):
    assert move(old, old, new) == new


@pytest.mark.parametrize(
    ("code", "name", "why"),
    [
        ("small", "下一年", "code of its own"), ("Zwei", "下一年", "A code holds only"),
        ("", "下一年", "A code"),
        ("next", " ", "Write a name"), ("next", 'a"b', "Write a name"), ("next", "a\\b", "Write a name"),
        ("next", "a\nb", "Write a name"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_code_or_a_name_is_refused(code, name, why):
    with pytest.raises(Refused, match=why):
        copy_text(SMALL, code=code, name=name, starts_on=D(2022, 1, 1))


def test_a_day_that_cannot_be_moved_is_told_and_not_left_behind():
    text = SMALL.replace("ends_on = 2021-12-31", "'ends_on' = 2021-12-31")
    with pytest.raises(Refused, match="cannot be moved"):
        copy_text(text, code="next", name="下一年", starts_on=D(2022, 1, 1))
