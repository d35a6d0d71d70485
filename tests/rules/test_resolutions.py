"""Agendas as typed, and what a resolution needs."""

from __future__ import annotations

import datetime as dt

import pytest

from tracker.rules.deadlines import Deadline
from tracker.rules.refusal import Refused
from tracker.rules.resolutions import (
    AgendaPoint,
    check_resolution,
    deadline_of_resolution,
    digest_of,
    parse_agenda,
)

DAY = dt.date(2021, 5, 1)


def test_an_agenda_is_one_item_a_line_with_its_speaker():
    typed = "传达文件（张三、李四）\r\n\n  讨论、表决；结果 \n（只有括号）"
    assert parse_agenda(typed) == [
        AgendaPoint("传达文件", "张三、李四"), AgendaPoint("讨论、表决；结果"), AgendaPoint("只有括号"),
    ]  # fmt: skip
    assert parse_agenda(" \n") == []


@pytest.mark.parametrize(
    "typed", ["长" * 201, f"甲（{'长' * 81}）", "\n".join(f"第{n}项" for n in range(51)), "甲\x00"]
)
def test_what_is_too_long_or_too_many_is_refused(typed):
    with pytest.raises(Refused):
        parse_agenda(typed)


def test_a_form_knows_whether_the_agenda_changed():
    assert digest_of([AgendaPoint("甲")]) == digest_of(parse_agenda("甲"))
    assert digest_of([AgendaPoint("甲")]) != digest_of([AgendaPoint("甲", "乙")])


def test_a_resolution_has_words_and_a_day():
    assert check_resolution(" 修路灯 ", "2021-05-01", since=DAY) == ("修路灯", DAY)


@pytest.mark.parametrize(
    ("text", "due_on", "field"),
    [
        ("", "2021-05-02", "text"),
        ("长" * 401, "2021-05-02", "text"),
        ("甲\x00", "2021-05-02", "text"),
        ("甲", "", "due_on"),
        ("甲", "下周", "due_on"),
        ("甲", "2021-04-30", "due_on"),
    ],
)
def test_what_a_resolution_lacks_is_told_at_its_field(text, due_on, field):
    with pytest.raises(Refused) as caught:
        check_resolution(text, due_on, since=DAY)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("due", "done", "said"),
    [(-1, None, Deadline.OVERDUE), (0, None, Deadline.SOON), (8, None, None), (-1, DAY, None)],
)
def test_only_what_is_open_is_late(due, done, said):
    assert deadline_of_resolution(DAY + dt.timedelta(days=due), done, DAY) is said
