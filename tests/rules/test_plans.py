"""What a plan may say, months as weeks, and names in fields."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import pytest

from tests.maker import SHIPPED
from tracker.models import UnitLevel
from tracker.rules.calendars import month_after, read_month, weeks_of
from tracker.rules.campaign_file import CampaignFileError, read_campaign
from tracker.rules.plans import (
    PlanFacts,
    PlanState,
    check_facts,
    clock_text,
    may_plan,
    names_in,
    parse_clock,
    people_named,
    plan_state,
)
from tracker.rules.reach import Reach
from tracker.rules.refusal import Refused

SPEC = read_campaign(SHIPPED.read_text(encoding="utf-8"))
KIND = next(kind for kind in SPEC.kinds if kind.is_planned)
TODAY = dt.date(2021, 7, 31)
GOOD = PlanFacts(dt.date(2021, 8, 6), "党日", (1,), type=KIND.types[0].name, from_minute=540, to_minute=600)


@dataclass
class Person:
    id: int
    number: str
    name: str


def test_a_plan_that_can_be_is_taken():
    check_facts(KIND, SPEC, GOOD, TODAY)
    check_facts(KIND, SPEC, replace(GOOD, happens_on=TODAY, from_minute=None, to_minute=None), TODAY)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"happens_on": dt.date(2021, 7, 30)}, "happens_on"),
        ({"happens_on": dt.date(2022, 1, 1)}, "happens_on"),
        ({"title": ""}, "title"),
        ({"title": "长" * 201}, "title"),
        ({"note": "长" * 401}, "note"),
        ({"type": None}, "type"),
        ({"type": "没有这一类"}, "type"),
        ({"from_minute": None}, "begins"),
        ({"to_minute": 540}, "ends"),
        ({"unit_ids": tuple(range(31))}, "together"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_beside_its_field(changed, field):
    with pytest.raises(Refused) as refused:
        check_facts(KIND, SPEC, replace(GOOD, **changed), TODAY)
    assert refused.value.field == field


def test_a_kind_that_is_not_planned_has_no_plans():
    with pytest.raises(Refused):
        check_facts(SPEC.kind("study"), SPEC, GOOD, TODAY)


def test_a_kind_of_members_own_records_cannot_be_planned():
    text = SHIPPED.read_text(encoding="utf-8").replace("hides_names = true", "is_planned = true", 1)
    with pytest.raises(CampaignFileError, match="is_planned"):
        read_campaign(text)


@pytest.mark.parametrize(
    ("day", "cancelled", "held", "state"),
    [
        (30, False, False, PlanState.OPEN),
        (31, False, False, PlanState.AHEAD),
        (30, True, False, PlanState.CANCELLED),
        (30, False, True, PlanState.HELD),
    ],
)
def test_how_a_plan_stands(day, cancelled, held, state):
    assert plan_state(dt.date(2021, 7, day), TODAY, is_cancelled=cancelled, is_held=held) is state


@pytest.mark.parametrize(
    ("text", "minute"), [("", None), ("9:30", 570), ("１５：００", 900), ("24:00", 1440)]
)
def test_a_time_as_people_write_it(text, minute):
    assert parse_clock(text, "ends") == minute


@pytest.mark.parametrize("text", ["15.00", "下午三点", "25:00", "12:60", "-1:00"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(Refused):
        parse_clock(text, "ends")
    with pytest.raises(Refused):
        parse_clock("24:00", "begins")


def test_a_minute_is_written_as_a_clock():
    assert [clock_text(one) for one in (None, 0, 570, 1440)] == ["", "00:00", "09:30", "24:00"]


def test_people_are_found_by_name_and_number_and_never_guessed():
    known = [Person(1, "M1", "张三"), Person(2, "M2", "李四"), Person(3, "M3", "张三")]
    assert people_named("李四、张三（M3）", known) == [2, 3]
    assert people_named("", known) == []
    for text in ("张三", "王五", "李四（M1）", "等8人"):
        with pytest.raises(Refused) as refused:
            people_named(text, known)
        assert refused.value.field == "lead"


def test_names_of_units_are_taken_apart():
    assert names_in(" 一支部、二支部，三支部\n一支部 ") == ["一支部", "二支部", "三支部"]
    assert names_in(None) == []


@pytest.mark.parametrize(
    ("level", "parent", "reach", "may"),
    [
        (UnitLevel.COMMITTEE, None, Reach(bureau=True), True),
        (UnitLevel.COMMITTEE, None, Reach(branches=frozenset({7})), False),
        (UnitLevel.BRANCH, None, Reach(branches=frozenset({7})), True),
        (UnitLevel.BRANCH, None, Reach(branches=frozenset({8})), False),
        (UnitLevel.GROUP, 8, Reach(branches=frozenset({8})), True),
        (UnitLevel.GROUP, 8, Reach(groups=frozenset({7})), True),
        (UnitLevel.GROUP, 8, Reach(groups=frozenset({9})), False),
        (UnitLevel.SECTION, None, Reach(sections=frozenset({7})), True),
    ],
)
def test_whose_plans_are_somebodys_to_make(level, parent, reach, may):
    assert may_plan(level, 7, parent, reach) is may


def test_a_month_is_whole_weeks_from_monday():
    weeks = weeks_of(dt.date(2021, 8, 1))
    assert weeks[0][0] == dt.date(2021, 7, 26)
    assert weeks[-1][-1] == dt.date(2021, 9, 5)
    assert {len(week) for week in weeks} == {7}


def test_months_go_on_over_the_year_and_nonsense_is_this_month():
    assert month_after(dt.date(2021, 12, 1)) == dt.date(2022, 1, 1)
    assert month_after(dt.date(2021, 1, 1), -1) == dt.date(2020, 12, 1)
    assert read_month("2021-09", TODAY) == dt.date(2021, 9, 1)
    for text in (None, "", "2021-13", "0000-01", "９９", "2021-9"):
        assert read_month(text, TODAY) == dt.date(2021, 7, 1)
