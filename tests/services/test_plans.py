"""Plans are made, changed, cancelled and said to have been held; the holiday table is filled and changed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.bureau import Bureau
from tests.maker import NOW
from tests.plans import AHEAD, a_plan
from tracker.db import db
from tracker.models import AuditEvent, DaySort, Holiday, Role, Status
from tracker.queries.access import reach_of
from tracker.queries.figures import figure_values
from tracker.queries.plan_access import own_plan_for, plan_for
from tracker.queries.plans import held_sum, line_of, may_be_this, of_unit
from tracker.rules.plans import PlanFacts, PlanState
from tracker.rules.refusal import Refused
from tracker.services.holidays import drop_day, fill_year, save_day
from tracker.services.plans import (
    HELD_ALREADY,
    PLAN_CHANGED,
    cancel_plan,
    change_plan,
    hold_plan,
    plan_activity,
    restore_plan,
)
from tracker.services.records import reverse_record

TODAY = dt.date(2021, 7, 31)
PAST = dt.date(2021, 7, 23)


class Town:
    def __init__(self, make):
        self.make, self.bureau = make, Bureau(make)
        self.campaign, self.one, self.two = self.bureau.campaign, self.bureau.one, self.bureau.two
        self.secretary = make.user(Role.SECRETARY, self.one)
        self.other = make.user(Role.SECRETARY, self.two)
        self.kind = next(row for row in self.campaign.kinds if row.code == "activity")
        self.facts = PlanFacts(AHEAD, "七月党日", (self.one.id,), type="主题党日", from_minute=900)

    def plan(self, by=None, **changed):
        facts = replace(self.facts, **changed)
        return plan_activity(self.campaign, self.kind, facts, by=by or self.secretary, at=NOW, today=TODAY)

    def session(self, day=PAST, **fields):
        fields = {"type": "主题党日", "title": "七月党日", "happened_on": day, "owner": self.one, **fields}
        return self.make.record(self.campaign, "activity", **fields)

    def state(self, plan):
        db.session.refresh(plan)
        return line_of(plan, TODAY).state

    def acts(self, prefix="plan:"):
        rows = db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id))
        return [action for action in rows if action.startswith(prefix)]


@pytest.fixture
def town(make):
    return Town(make)


def test_a_plan_is_made_with_its_organisers_and_counts_in_no_figure(town):
    before = figure_values(town.campaign, TODAY)
    plan = town.plan(unit_ids=(town.one.id, town.two.id))
    assert [one.unit_id for one in plan.organisers] == [town.one.id, town.two.id]
    assert figure_values(town.campaign, TODAY) == before
    assert town.acts() == ["plan:add"]


def test_only_whose_unit_it_is_plans_it(town):
    for by, units in (
        (town.other, (town.one.id,)),
        (town.secretary, (town.two.id, town.one.id)),
        (town.other, ()),
    ):
        with pytest.raises(Refused) as refused:
            town.plan(by=by, unit_ids=units)
        assert refused.value.field == "owner"


def test_who_sees_a_plan_and_who_changes_it(town, make):
    joint = a_plan(make, town.campaign, town.one, town.two)
    own = a_plan(make, town.campaign, town.one)
    bureau = a_plan(make, town.campaign)
    member = make.user(Role.MEMBER, member=town.bureau.people[2])  # of the second branch

    def seen(user):
        return [plan_for(user, one.id, TODAY) is not None for one in (joint, own, bureau)]

    assert seen(town.secretary) == [True, True, True]
    assert seen(town.other) == [True, False, True]
    assert seen(member) == [True, False, True]
    assert seen(make.office) == [True, True, True]
    own.lead_id = member.member_id
    assert seen(member) == [True, True, True]
    for user, may in (
        (town.secretary, [True, True, False]),
        (town.other, [False] * 3),
        (make.office, [True] * 3),
    ):
        reach = reach_of(user)
        assert [own_plan_for(user, reach, one.id, TODAY) is not None for one in (joint, own, bureau)] == may


def test_a_change_says_which_fields_and_the_second_of_two_is_refused(town):
    plan = town.plan()
    facts = replace(town.facts, place="一楼", unit_ids=(town.one.id, town.two.id))
    change_plan(plan, facts, version=1, by=town.secretary, at=NOW, today=TODAY)
    assert (plan.place, plan.version, len(plan.organisers)) == ("一楼", 2, 2)
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "plan:change")).one()
    assert event.detail == {"fields": ["place", "organisers"]}
    with pytest.raises(Refused) as refused:
        change_plan(plan, facts, version=1, by=town.secretary, at=NOW, today=TODAY)
    assert refused.value.msgid == PLAN_CHANGED


def test_what_has_passed_is_not_changed_and_nothing_is_moved_into_the_past(town):
    plan, later = town.plan(), AHEAD + dt.timedelta(days=1)
    facts = replace(town.facts, happens_on=PAST)
    with pytest.raises(Refused):
        change_plan(plan, facts, version=1, by=town.secretary, at=NOW, today=TODAY)
    with pytest.raises(Refused):
        change_plan(plan, town.facts, version=1, by=town.secretary, at=NOW, today=later)


def test_a_plan_is_cancelled_with_a_reason_and_restored(town):
    plan = town.plan()
    with pytest.raises(Refused):
        cancel_plan(plan, " ", version=1, by=town.secretary, at=NOW)
    cancel_plan(plan, "防汛", version=1, by=town.secretary, at=NOW)
    assert town.state(plan) is PlanState.CANCELLED
    with pytest.raises(Refused):
        cancel_plan(plan, "防汛", version=2, by=town.secretary, at=NOW)
    restore_plan(plan, version=2, by=town.secretary, at=NOW)
    assert town.state(plan) is PlanState.AHEAD
    with pytest.raises(Refused):
        restore_plan(plan, version=3, by=town.secretary, at=NOW)
    assert town.acts() == ["plan:add", "plan:cancel", "plan:restore"]


def test_a_plan_is_held_as_long_as_its_record_stands(town, make):
    plan = a_plan(make, town.campaign, town.one, happens_on=PAST)
    assert town.state(plan) is PlanState.OPEN
    record = town.session()
    assert may_be_this(plan, town.secretary) == [record]
    hold_plan(plan, record, by=town.secretary, at=NOW)
    assert town.state(plan) is PlanState.HELD
    assert may_be_this(plan, town.secretary) == []
    with pytest.raises(Refused):
        cancel_plan(plan, "防汛", version=plan.version, by=town.secretary, at=NOW)
    with pytest.raises(Refused) as refused:
        hold_plan(plan, town.session(title="另一场"), by=town.secretary, at=NOW)
    assert refused.value.msgid == HELD_ALREADY
    reverse_record(record, version=record.version, why="记错了", by=make.office, at=NOW)
    assert town.state(plan) is PlanState.OPEN
    hold_plan(plan, town.session(title="重新录入"), by=town.secretary, at=NOW)
    assert town.state(plan) is PlanState.HELD


def test_a_record_says_so_of_one_plan_only_and_only_if_it_stands_and_is_of_the_kind(town, make):
    first, second = (a_plan(make, town.campaign, town.one, happens_on=PAST) for _ in range(2))
    record = town.session()
    hold_plan(first, record, by=town.secretary, at=NOW)
    for wrong in (record, town.session(status=Status.WITHDRAWN), town.bureau.study):
        with pytest.raises(Refused):
            hold_plan(second, wrong, by=town.secretary, at=NOW)
    assert town.state(second) is PlanState.OPEN


def test_a_cancelled_plan_is_not_held(town, make):
    plan = a_plan(make, town.campaign, town.one, happens_on=PAST)
    cancel_plan(plan, "防汛", version=1, by=town.secretary, at=NOW)
    with pytest.raises(Refused):
        hold_plan(plan, town.session(), by=town.secretary, at=NOW)


def test_planned_against_held_is_counted(town, make):
    for n in range(4):
        a_plan(make, town.campaign, town.one, happens_on=PAST, title=f"第{n}次")
    plans = [a_plan(make, town.campaign, town.one, town.two, happens_on=PAST) for _ in range(2)]
    hold_plan(plans[0], town.session(), by=town.secretary, at=NOW)
    cancel_plan(plans[1], "防汛", version=1, by=town.secretary, at=NOW)
    a_plan(make, town.campaign, town.one)
    a_plan(make, town.campaign, town.two, happens_on=PAST)

    def counted(*where):
        found = held_sum(town.campaign, TODAY, *where)
        return found.planned, found.held, found.cancelled, found.open, found.ahead

    assert counted() == (7, 1, 1, 5, 1)
    assert counted(of_unit(town.one)) == (6, 1, 1, 4, 1)
    assert counted(of_unit(town.two)) == (3, 1, 1, 1, 0)
    found = held_sum(town.campaign, TODAY, of_unit(town.two))
    assert [line.plan.cancelled_why for line in found.cancelled_lines] == ["防汛"]
    assert [line.state for line in found.open_lines] == [PlanState.OPEN]
    assert [line.state for line in held_sum(town.campaign, TODAY).ahead_lines] == [PlanState.AHEAD]


def test_a_year_is_filled_once_and_what_was_done_by_hand_stays(make):
    office = make.office
    save_day(dt.date(2021, 10, 1), DaySort.HOLIDAY, "国庆（本局）", by=office, at=NOW)
    assert fill_year(2021, by=office, at=NOW) > 25
    rows = {row.day: row for row in db.session.scalars(select(Holiday))}
    assert rows[dt.date(2021, 10, 1)].name == "国庆（本局）"
    assert (rows[dt.date(2021, 9, 26)].sort, rows[dt.date(2021, 9, 26)].name) == (DaySort.WORKDAY, "国庆节")
    drop_day(rows[dt.date(2021, 10, 5)], by=office, at=NOW)
    assert fill_year(2021, by=office, at=NOW) == 0
    assert rows[dt.date(2021, 10, 5)].sort is DaySort.ORDINARY
    events = db.session.scalars(select(AuditEvent.action).where(AuditEvent.action.startswith("holiday:")))
    assert sorted(events) == ["holiday:drop", "holiday:fill", "holiday:save"]


def test_a_year_that_is_not_known_is_said_and_nothing_is_written(make):
    for year in (1949, 2090, 9999):
        with pytest.raises(Refused):
            fill_year(year, by=make.office, at=NOW)
    assert db.session.scalars(select(Holiday)).all() == []


@pytest.mark.parametrize("name", ["", " ", "长" * 41])
def test_a_day_by_hand_has_a_name(make, name):
    with pytest.raises(Refused) as refused:
        save_day(dt.date(2021, 10, 1), DaySort.HOLIDAY, name, by=make.office, at=NOW)
    assert refused.value.field == "name"
