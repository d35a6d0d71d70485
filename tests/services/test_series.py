"""Series are planned at once, changed from a day on, and ended; what was held or has passed stays."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests.bureau import Bureau
from tests.maker import NOW
from tests.plans import a_series
from tracker.db import db
from tracker.models import AuditEvent, Every, Plan, Role
from tracker.queries.plans import held_sum
from tracker.queries.series import series_lines
from tracker.rules.plans import PlanFacts
from tracker.rules.refusal import Refused
from tracker.services.plans import PLAN_CHANGED, cancel_plan, hold_plan
from tracker.services.series import Rhythm, change_series, end_series, plan_series

D = dt.date
TODAY = D(2021, 7, 31)
FRIDAYS = (D(2021, 7, 16), D(2021, 7, 23), D(2021, 8, 6), D(2021, 8, 13), D(2021, 8, 20))


@pytest.fixture
def bureau(make):
    return Bureau(make)


@pytest.fixture
def secretary(bureau, make):
    return make.user(Role.SECRETARY, bureau.one)


def plans_of(series):
    return db.session.scalars(select(Plan).where(Plan.series_id == series.id).order_by(Plan.happens_on)).all()


def test_a_series_is_planned_at_once_with_leaders_in_turn(bureau, secretary):
    kind = next(row for row in bureau.campaign.kinds if row.code == "activity")
    days = FRIDAYS[2:]
    facts = PlanFacts(days[0], "每周学习", (bureau.one.id, bureau.two.id), type="专题学习", from_minute=900)
    rhythm = Rhythm(Every.WEEK, 4, TODAY, D(2021, 8, 20))
    leads = [one.id for one in bureau.people[:2]]
    given = {"by": secretary, "at": NOW, "today": TODAY}
    series = plan_series(bureau.campaign, kind, facts, rhythm, days, leads, **given)
    made = plans_of(series)
    assert [one.happens_on for one in made] == list(days)
    assert [one.lead_id for one in made] == [leads[0], leads[1], leads[0]]
    assert {len(one.organisers) for one in made} == {2}
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "series:add")).one()
    assert event.detail["days"] == 3
    late = Rhythm(Every.WEEK, 4, TODAY, D(2022, 1, 7))
    with pytest.raises(Refused) as refused:
        plan_series(bureau.campaign, kind, facts, late, days, leads, **given)
    assert refused.value.field == "until"
    other = PlanFacts(days[0], "每周学习", (bureau.two.id,), type="专题学习")
    with pytest.raises(Refused):
        plan_series(bureau.campaign, kind, other, rhythm, days, leads, **given)


@pytest.fixture
def series(bureau, make):
    return a_series(make, bureau.campaign, bureau.one, *FRIDAYS)


def facts_from(day, bureau, **changed):
    return PlanFacts(day, unit_ids=(bureau.one.id,), **{"title": "改名", "type": "专题学习", **changed})


def test_a_change_reaches_only_what_is_ahead_and_neither_held_nor_cancelled(bureau, secretary, series, make):
    past = plans_of(series)
    cancel_plan(past[3], "防汛", version=1, by=secretary, at=NOW)
    lead = bureau.people[1].id
    given = {"by": secretary, "at": NOW, "today": TODAY}
    assert change_series(series, facts_from(TODAY, bureau, place="二楼"), [lead], version=1, **given) == 2
    made = plans_of(series)
    assert [one.title for one in made] == ["每周学习", "每周学习", "改名", "每周学习", "改名"]
    assert [one.lead_id for one in made] == [None, None, lead, None, lead]
    assert [one.version for one in made] == [1, 1, 2, 2, 2]
    with pytest.raises(Refused) as refused:
        change_series(series, facts_from(TODAY, bureau), [], version=1, **given)
    assert refused.value.msgid == PLAN_CHANGED
    with pytest.raises(Refused) as refused:
        change_series(series, facts_from(D(2021, 7, 30), bureau), [], version=2, **given)
    assert refused.value.field == "happens_on"


def test_the_end_cancels_what_is_ahead_with_a_reason(bureau, secretary, series):
    given = {"by": secretary, "at": NOW, "today": TODAY}
    for day, why in ((D(2021, 7, 30), "结束"), (D(2021, 8, 10), " ")):
        with pytest.raises(Refused):
            end_series(series, day, why, version=1, **given)
    assert end_series(series, D(2021, 8, 10), "阶段结束", version=1, **given) == 2
    made = plans_of(series)
    assert [one.cancelled_why for one in made] == [None, None, None, "阶段结束", "阶段结束"]
    assert series.ends_on == D(2021, 8, 9)


def test_each_series_has_its_own_line_of_planned_against_held(bureau, secretary, series, make):
    second = a_series(make, bureau.campaign, bureau.two, D(2021, 7, 9), title="西山学习")
    record = make.record(
        bureau.campaign, "activity", owner=bureau.one, type="专题学习", title="学", happened_on=FRIDAYS[0]
    )
    hold_plan(plans_of(series)[0], record, by=secretary, at=NOW)
    lines = series_lines(bureau.campaign, TODAY)
    assert [line.series.id for line in lines] == [second.id, series.id]
    counts = lines[1].counts
    assert (counts.planned, counts.held, counts.cancelled, counts.open, counts.ahead) == (2, 1, 0, 1, 3)
    total = held_sum(bureau.campaign, TODAY)
    assert (total.planned, total.held, total.open) == (3, 1, 2)
