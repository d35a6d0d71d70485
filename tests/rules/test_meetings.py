"""What minutes need, and how regularly meetings were held."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.meetings import check_minutes, regularity
from tracker.rules.refusal import Refused


@dataclass
class Part:
    starts_on: dt.date = dt.date(2021, 2, 26)
    ends_on: dt.date = dt.date(2021, 12, 31)


TODAY = dt.date(2021, 7, 31)
GOOD = {
    "number": "2021年第3次",
    "held_on": "2021-04-09",
    "chair": "局党委书记",
    "studied": "甲\n\n 乙 ",
    "text": "",
}


def check(has_agenda=False, **fields):
    return check_minutes(**{**GOOD, **fields}, since=Part().starts_on, today=TODAY, has_agenda=has_agenda)


def test_minutes_keep_items_line_by_line_and_the_text_with_its_breaks():
    found = check(text=" 一\r\n\n二 ")
    assert (found.studied, found.text, found.held_on) == ("甲\n乙", "一\n\n二", dt.date(2021, 4, 9))
    assert check(has_agenda=True, studied=" ").studied is None


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"number": " "}, "number"),
        ({"number": "长" * 41}, "number"),
        ({"held_on": ""}, "held_on"),
        ({"held_on": "昨天"}, "held_on"),
        ({"held_on": "2021-02-25"}, "held_on"),
        ({"held_on": "2021-08-01"}, "held_on"),
        ({"chair": ""}, "chair"),
        ({"studied": " \n "}, "studied"),
        ({"studied": "一\n" * 19}, "studied"),
        ({"studied": "长" * 201}, "studied"),
        ({"studied": "\x00"}, "studied"),
        ({"has_agenda": True}, "studied"),
        ({"text": "长" * 8001}, "text"),
        ({"text": "\x00"}, "text"),
    ],
)
def test_what_is_missing_or_cannot_be_is_refused_at_its_field(fields, field):
    with pytest.raises(Refused) as caught:
        check(**fields)
    assert caught.value.field == field


def test_months_without_a_meeting_and_the_longest_time_without_one_are_told():
    held = [dt.date(2021, 3, 5), dt.date(2021, 3, 26), dt.date(2021, 6, 4)]
    found = regularity(held, Part(), TODAY)
    assert [(month.code, count) for month, count in found.by_month] == [
        ("2021-02", 0), ("2021-03", 2), ("2021-04", 0), ("2021-05", 0), ("2021-06", 1), ("2021-07", 0),
    ]  # fmt: skip
    assert (found.total, found.longest, found.since_last) == (3, 70, 57)
    assert [month.code for month in found.without] == ["2021-02", "2021-04", "2021-05", "2021-07"]


def test_without_a_meeting_there_is_no_longest_time():
    found = regularity([], Part(), TODAY)
    assert (found.total, found.longest, found.since_last) == (0, None, None)


def test_the_first_and_the_last_day_of_the_campaign_count():
    found = regularity([Part().starts_on, Part().ends_on], Part(), dt.date(2022, 5, 1))
    assert (found.total, found.since_last) == (2, 0)
    assert found.by_month[-1][0].code == "2021-12"


@given(st.lists(st.dates(dt.date(2021, 1, 1), dt.date(2022, 2, 1)), max_size=12), st.randoms())
def test_no_order_matters_and_no_time_without_is_longer_than_the_campaign(days, chance):
    mixed = list(days)
    chance.shuffle(mixed)
    found = regularity(days, Part(), TODAY)
    assert regularity(mixed, Part(), TODAY) == found
    counted = [day for day in days if Part().starts_on <= day <= TODAY]
    assert found.total == len(counted)
    if counted:
        assert 0 <= found.since_last <= found.longest <= (TODAY - Part().starts_on).days
