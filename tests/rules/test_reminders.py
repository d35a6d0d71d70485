"""How often somebody is reminded, and on which day the schedule does it."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.test_campaign_file import SMALL, faults
from tracker.models import Matter
from tracker.rules.campaign_file import read_campaign
from tracker.rules.campaigns import ReminderRule
from tracker.rules.reminders import MEMBER_MATTERS, UNIT_MATTERS, is_day_of, may_send

DAYS = st.dates(dt.date(2021, 1, 1), dt.date(2022, 12, 31))


def test_a_week_lies_between_two_reminders_of_one_matter():
    day = dt.date(2021, 7, 5)
    assert may_send(None, day)
    assert not may_send(day, day)
    assert not may_send(day, day + dt.timedelta(days=6))
    assert may_send(day, day + dt.timedelta(days=7))
    assert not may_send(day + dt.timedelta(days=1), day)  # a clock that went back sends nothing twice


@given(st.lists(DAYS, max_size=40))
def test_however_often_it_is_tried_no_week_has_two(days):
    sent = []
    for day in sorted(days):
        if may_send(sent[-1] if sent else None, day):
            sent.append(day)
    assert all((later - earlier).days >= 7 for earlier, later in itertools.pairwise(sent))


@given(DAYS)
def test_the_schedule_has_one_day_a_week_unless_it_is_off(day):
    week = [day + dt.timedelta(days=n) for n in range(7)]
    assert sum(is_day_of(ReminderRule(weekday=3), one) for one in week) == 1
    assert not any(is_day_of(ReminderRule(), one) for one in week)
    assert not any(is_day_of(ReminderRule(weekday=3, is_off=True), one) for one in week)


def test_a_secretary_is_never_told_of_anybodys_pace():
    assert Matter.PACE not in MEMBER_MATTERS
    assert {*MEMBER_MATTERS, *UNIT_MATTERS} == set(Matter) - {Matter.PACE}


def with_keys(keys):
    return SMALL + f"\n[reminders]\n{keys}\n"


def test_a_campaign_says_when_its_schedule_reminds_or_that_it_does_not():
    assert read_campaign(SMALL).reminders == ReminderRule()
    assert read_campaign(with_keys("weekday = 7\npace = true")).reminders == ReminderRule(7, has_pace=True)
    assert read_campaign(with_keys("weekday = 1\noff = true")).reminders == ReminderRule(1, is_off=True)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("weekday = 0", "reminders.weekday: must be 1 (Monday) to 7"),
        ("weekday = 8", "reminders.weekday: must be 1 (Monday) to 7"),
        ('weekday = "monday"', "reminders.weekday: must be a whole number"),
        ("weekday = true", "reminders.weekday: must be a whole number"),
        ("pace = true", "reminders.pace: needs weekday"),
        ("off = 1", "reminders.off: must be true or false"),
        ("daily = true", "reminders.daily: is not a key"),
    ],
)
def test_a_fault_is_named_with_its_place_and_cure(keys, said):
    assert said in faults(with_keys(keys))


def test_what_is_no_table_is_refused():
    assert "reminders" in faults(SMALL.replace('code = "small"', 'code = "small"\nreminders = 1', 1))
