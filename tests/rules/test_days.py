"""A day, however an office writes it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.days import EPOCH, parse_day
from tracker.rules.refusal import Refused

at = dt.datetime.fromisoformat


@pytest.mark.parametrize(
    "raw",
    [
        dt.date(2021, 3, 5), at("2021-03-05 14:30"), "2021-03-05", "2021/3/5", "2021.3.5", "20210305",
        20210305, 20210305.0, "2021年3月5日", "2021年3月5号", "2021年03月05", 44260, 44260.0, 44260.75,
        "44260",
        "２０２１－０３－０５", "２０２１年３月５日", " 2021 - 3 - 5 ", "2021-03-05 00:00:00",
        "2021-03-05T09:30",
        "2021年3月5日 00:00:00", "2021。3。5", "2021年3月5日（星期五）", "2021-3-5 周五",
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(raw):
    assert parse_day(raw) == dt.date(2021, 3, 5)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (None, "Enter a day"), ("　", "Enter a day"), ("2021-02-30", "no day 2021-02-30 in the calendar"),
        (20210230, "no day 20210230"), ("2021年13月1日", "no day"), ("21-3-5", "four digits"),
        ("210305", "four digits"), (210305.0, "four digits"), ("3/5/2021", "two different days"),
        ("3月5日", "has no year"), ("3-5", "has no year"), ("2021年3月", "which day of the month"),
        (2021, "not a day"), (1.5, "not a day"), (-1.0, "not a day"), (float("nan"), "not a day"),
        (1e308, "not a day"), (True, "not a day"), (dt.time(1, 30), "not a day"), ("上周五", "not a day"),
        ("2021.3.5-3.8", "not a day"), ("2021-3/5", "not a day"), ("#N/A", "not a day"),
        ("1021-03-05", "between 1900 and 2100"), (dt.date(2921, 3, 5), "between 1900 and 2100"),
    ],
)  # fmt: skip
def test_what_is_no_single_day_is_refused(raw, why):
    with pytest.raises(Refused, match=why):
        parse_day(raw)


@given(st.dates(dt.date(1950, 1, 1), dt.date(2099, 12, 31)))
def test_every_spelling_of_a_day_comes_back_as_that_day(day):
    spellings = [
        day, day.isoformat(), f"{day:%Y%m%d}", f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month}.{day.day}", f"{day.year}年{day.month}月{day.day}日",
        (day - EPOCH).days, float((day - EPOCH).days), int(f"{day:%Y%m%d}"),
    ]  # fmt: skip
    assert {parse_day(spelling) for spelling in spellings} == {day}
