"""A duration, however an office writes it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.durations import as_class_hours, parse_minutes
from tracker.rules.entries import typed_minutes
from tracker.rules.refusal import Refused

at = dt.datetime.fromisoformat


@pytest.mark.parametrize(
    ("raw", "minutes"),
    [
        (1.5, 90), (2, 120), ("1.5", 90), ("1.5h", 90), ("1.5 小时", 90), ("1.5个小时", 90),
        ("1小时30分", 90),
        ("1小时30分钟", 90), ("1小时30", 90), ("1h30m", 90), ("90分钟", 90), ("90分", 90), ("90min", 90),
        ("90 Minutes", 90), ("1:30", 90), ("1：30", 90), ("1:30:00", 90), ("９０分钟", 90), ("１．５", 90),
        ("一个半小时", 90), ("1个半小时", 90), ("一小时半", 90), ("半小时", 30), ("半个小时", 30),
        ("两小时", 120),
        ("二十五分钟", 25), ("一百二十分钟", 120), ("十小时", 600), ("30:00", 1800), (dt.time(1, 30), 90),
        (dt.timedelta(hours=30), 1800), (at("1900-01-01 12:00"), 36 * 60), (1.8666666667, 112),
        (0.575, 35), ("1,000分钟", None), ("0.5分钟", 1), ("1.4分钟", 1), (dt.time(0, 10, 30), 11),
    ],
)  # fmt: skip
def test_a_duration_is_read_in_whole_minutes_rounded_half_up(raw, minutes):
    if minutes is None:
        with pytest.raises(Refused, match="not a duration"):
            parse_minutes(raw)
    else:
        assert parse_minutes(raw) == minutes


@pytest.mark.parametrize(
    ("raw", "minutes"), [(90, 90), (90.0, 90), ("90", 90), ("1.5h", 90), ("1:30", 90), (0.5, 1)]
)
def test_a_bare_number_is_minutes_if_the_heading_says_so(raw, minutes):
    assert parse_minutes(raw, "minutes") == minutes


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (None, "Enter a duration"), (0, "not above zero"), (-1.5, "not above zero"), ("-2", "not above zero"),
        ("0分钟", "not above zero"), (0.001, "less than a minute"), ("2学时", "class hours"),
        ("约2小时", "not a duration"),
        ("9:00-11:30", "not a duration"), ("1:75", "not a duration"), ("两天", "not a duration"),
        (True, "not a duration"),
        (float("inf"), "not a duration"), (1e300, "too large"), ("9" * 39, "too large"),
        ("9" * 60, "not a duration"),
        (dt.date(2021, 3, 5), "not a duration"), (at("2021-03-05 01:00"), "not a duration"),
        ("14时30分", "not a"),
        ("一个半小时半", "not a duration"), (dt.timedelta(0), "not above zero"),
    ],
)  # fmt: skip
def test_what_is_no_duration_is_refused(raw, why):
    with pytest.raises(Refused, match=why):
        parse_minutes(raw)


@given(st.integers(1, 100_000))
def test_minutes_come_back_from_every_spelling(minutes):
    hours, rest = divmod(minutes, 60)
    spellings = [
        f"{minutes}分钟",
        f"{minutes}min",
        f"{hours}小时{rest}分" if hours else f"{rest}分",
        minutes / 60,
    ]
    assert {parse_minutes(spelling) for spelling in spellings} == {minutes}
    assert parse_minutes(minutes, "minutes") == minutes
    assert parse_minutes(dt.timedelta(minutes=minutes)) == minutes


@pytest.mark.parametrize(
    ("raw", "unit", "minutes"),
    [
        (2, "class_hours", 90), ("2", "class_hours", 90), ("2学时", "hours", 90), ("2个学时", "minutes", 90),
        ("2课时", "hours", 90),
        ("１．２学时", "hours", 54), ("两学时", "hours", 90), ("十二学时", "hours", 540),
        ("90分钟", "class_hours", 90), ("1.5小时", "class_hours", 90), ("1:30", "class_hours", 90),
        (1.3333333333, "class_hours", 60), (1.5, "hours", 90),
    ],
)  # fmt: skip
def test_where_the_campaign_says_how_long_one_is_class_hours_are_read_beside_hours(raw, unit, minutes):
    assert parse_minutes(raw, unit, 45) == minutes


@pytest.mark.parametrize("raw", ["1.5学时", "半学时", "一个半学时", "0.5课时"])
def test_a_part_of_a_class_hour_that_is_no_whole_minute_is_refused_and_not_rounded(raw):
    with pytest.raises(Refused, match="no whole number"):
        parse_minutes(raw, "hours", 45)
    assert parse_minutes(raw, "hours", 40) % 20 == 0


def test_a_bare_number_of_class_hours_needs_to_know_how_long_one_is():
    with pytest.raises(Refused, match="class hours"):
        parse_minutes(2, "class_hours")


@given(st.integers(1, 2_000), st.integers(1, 240))
def test_class_hours_come_back_exactly_or_are_told_in_another_unit(minutes, class_hour):
    told = as_class_hours(minutes, class_hour)
    assert parse_minutes(typed_minutes(minutes, class_hour), "hours", class_hour) == minutes
    if told is not None:
        assert parse_minutes(told, "class_hours", class_hour) == minutes


@given(st.lists(st.integers(1, 20), max_size=20), st.integers(1, 120))
def test_class_hours_add_up_as_their_minutes_do(amounts, class_hour):
    assert sum(parse_minutes(n, "class_hours", class_hour) for n in amounts) == sum(amounts) * class_hour
