"""Months and phases of a campaign, as they are closed and handed in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tracker.rules.periods import Period, month_of, months, period_by_code, periods


@dataclass
class Part:
    starts_on: dt.date
    ends_on: dt.date
    code: str = ""
    name: str = ""


CAMPAIGN = Part(dt.date(2021, 2, 20), dt.date(2021, 5, 10))
PHASE = Part(dt.date(2021, 2, 20), dt.date(2021, 4, 15), "study", "学习阶段")


def test_the_months_of_a_campaign_are_cut_to_its_days():
    assert [(one.code, one.starts_on.day, one.ends_on.day) for one in months(CAMPAIGN)] == [
        ("2021-02", 20, 28), ("2021-03", 1, 31), ("2021-04", 1, 30), ("2021-05", 1, 10),
    ]  # fmt: skip


def test_only_months_that_have_begun_are_there_until_a_day():
    assert [one.code for one in months(CAMPAIGN, dt.date(2021, 4, 1))] == ["2021-02", "2021-03", "2021-04"]
    assert months(CAMPAIGN, dt.date(2021, 2, 19)) == ()


def test_a_phase_stands_among_the_months_after_those_that_end_sooner():
    found = periods(CAMPAIGN, [PHASE], dt.date(2021, 3, 31))
    assert [(one.code, one.name) for one in found] == [
        ("2021-02", ""),
        ("study", "学习阶段"),
        ("2021-03", ""),
    ]


def test_a_period_is_found_by_its_code_or_not_at_all():
    assert period_by_code("2021-03", CAMPAIGN, [PHASE]) == month_of(dt.date(2021, 3, 9), CAMPAIGN)
    assert period_by_code("study", CAMPAIGN, [PHASE]) == Period(
        "study", PHASE.starts_on, PHASE.ends_on, "学习阶段"
    )
    assert period_by_code("2021-06", CAMPAIGN, [PHASE]) is None


def test_both_ends_belong_to_a_period():
    march = month_of(dt.date(2021, 3, 9), CAMPAIGN)
    assert dt.date(2021, 3, 1) in march and dt.date(2021, 3, 31) in march
    assert dt.date(2021, 4, 1) not in march
