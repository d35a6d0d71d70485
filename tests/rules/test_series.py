"""The days of a series: every week, every second, once a month; holidays left out."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.models import Every
from tracker.rules.refusal import Refused
from tracker.rules.series import MOST_DAYS, days_of_series, in_turn, week_of, weekday_of_month

D = dt.date
FRIDAY = 4


def test_every_friday_without_the_holidays():
    found = days_of_series(
        Every.WEEK, FRIDAY, D(2021, 9, 20), D(2021, 10, 15), {D(2021, 10, 1), D(2021, 10, 2)}
    )
    assert found.kept == (D(2021, 9, 24), D(2021, 10, 8), D(2021, 10, 15))
    assert found.skipped == (D(2021, 10, 1),)


def test_every_second_week_counts_on_over_a_holiday():
    found = days_of_series(Every.TWO_WEEKS, FRIDAY, D(2021, 9, 17), D(2021, 10, 31), {D(2021, 10, 1)})
    assert found.kept == (D(2021, 9, 17), D(2021, 10, 15), D(2021, 10, 29))


def test_once_a_month_is_the_same_week_and_after_a_fifth_the_last_one():
    second = days_of_series(Every.MONTH, FRIDAY, D(2021, 8, 8), D(2021, 11, 30), ())
    assert second.kept == (D(2021, 8, 13), D(2021, 9, 10), D(2021, 10, 8), D(2021, 11, 12))
    last = days_of_series(Every.MONTH, FRIDAY, D(2021, 7, 30), D(2021, 10, 29), ())
    assert last.kept == (D(2021, 7, 30), D(2021, 8, 27), D(2021, 9, 24), D(2021, 10, 29))


def test_the_last_day_of_a_month_and_of_the_time_are_within():
    found = days_of_series(Every.WEEK, 1, D(2021, 8, 31), D(2021, 8, 31), ())
    assert found.kept == (D(2021, 8, 31),)
    assert weekday_of_month(D(2024, 2, 1), 3, 5) == D(2024, 2, 29)
    assert week_of(D(2021, 8, 31)) == 5


@pytest.mark.parametrize(
    ("first", "last", "holidays"),
    [
        (D(2021, 8, 6), D(2021, 8, 5), ()),
        (D(2021, 8, 7), D(2021, 8, 12), ()),
        (D(2021, 10, 1), D(2021, 10, 1), {D(2021, 10, 1)}),
        (D(2021, 1, 1), D(2029, 1, 1), ()),
    ],
)
def test_no_day_and_too_many_days_are_refused(first, last, holidays):
    with pytest.raises(Refused) as refused:
        days_of_series(Every.WEEK, FRIDAY, first, last, holidays)
    assert refused.value.field == "until"


@given(
    every=st.sampled_from(Every),
    weekday=st.integers(0, 6),
    first=st.dates(D(2020, 1, 1), D(2024, 12, 31)),
    length=st.integers(31, 600),
)
def test_all_days_are_of_the_weekday_within_and_in_order(every, weekday, first, length):
    last = first + dt.timedelta(days=length)
    found = days_of_series(every, weekday, first, last, ())
    assert list(found.kept) == sorted(set(found.kept))
    assert {day.weekday() for day in found.kept} == {weekday}
    assert first <= found.kept[0] <= found.kept[-1] <= last
    assert len(found.kept) <= MOST_DAYS
    if every is Every.MONTH:
        months = [(day.year, day.month) for day in found.kept]
        assert len(months) == len(set(months))


def test_they_lead_in_turn():
    assert in_turn([1, 2], 5) == [1, 2, 1, 2, 1]
    assert in_turn([], 2) == [None, None]
