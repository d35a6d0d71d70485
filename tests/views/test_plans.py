"""The pages of plans, the calendar, the holiday table, and reporting from the plan."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests import html
from tests.bureau import body
from tests.maker import NOW
from tests.plans import AHEAD, a_plan
from tracker.db import db
from tracker.models import Holiday, Plan, Record, Role
from tracker.services.holidays import fill_year

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

PAST = dt.date(2021, 7, 23)


@pytest.fixture
def people(bureau, make):
    return {
        "secretary": make.user(Role.SECRETARY, bureau.one),
        "other": make.user(Role.SECRETARY, bureau.two),
        "member": make.user(Role.MEMBER, member=bureau.people[0]),
        "office": make.office,
    }


@pytest.fixture
def past(bureau, make):
    return a_plan(make, bureau.campaign, bureau.one, bureau.two, happens_on=PAST, place="一楼会议室")


def fields(**changed):
    typed = {
        "title": "八月党日", "type": "主题党日", "happens_on": AHEAD.isoformat(),
        "begins": "15:00", "ends": "16:30", "place": "二楼", "lead": "张三", "together": "西山党支部",
    }  # fmt: skip
    return typed | changed


def the_plan():
    return db.session.scalars(select(Plan)).one()


def plan_it(client, bureau, **changed):
    return client.submit("/plans/new", fields(owner=f"branch:{bureau.one.id}", **changed))


def test_a_secretary_plans_and_everybody_whom_it_concerns_finds_it(client, bureau, people):
    client.sign_in(people["secretary"])
    answer = plan_it(client, bureau)
    plan = the_plan()
    assert (answer.status_code, answer.location) == (303, f"/plans/{plan.id}")
    assert (plan.from_minute, plan.to_minute, plan.lead_id) == (900, 990, bureau.people[0].id)
    for who in ("secretary", "other", "member", "office"):
        client.sign_in(people[who])
        assert "八月党日" in body(client.page("/calendar?month=2021-08"))
        shown = body(client.page(f"/plans/{plan.id}"))
        assert "15:00–16:30" in shown
        assert "东湖党支部、西山党支部" in shown
    client.sign_in(people["member"])
    assert "八月党日" in body(client.page("/me"))
    assert client.get("/plans/new").status_code == 404


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"happens_on": "2021-07-30"}, "happens_on"),
        ({"happens_on": "八月"}, "happens_on"),
        ({"title": " "}, "title"),
        ({"begins": "三点"}, "begins"),
        ({"ends": "14:00"}, "ends"),
        ({"lead": "王五"}, "lead"),
        ({"lead": "张三、李四"}, "lead"),
        ({"together": "没有的党支部"}, "together"),
        ({"type": ""}, "type"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_typed_is_lost(
    client, bureau, people, changed, field
):
    client.sign_in(people["secretary"])
    answer = plan_it(client, bureau, **changed)
    assert answer.status_code == 422
    root = html.parse(answer.text)
    assert root.find(f".//*[@id='{field}']").get("aria-invalid") == "true"
    assert root.find(".//input[@id='place']").get("value") == "二楼"
    assert db.session.scalars(select(Plan)).all() == []


def test_a_holiday_is_warned_of_once(client, bureau, people, make):
    fill_year(2021, by=make.office, at=NOW)
    client.sign_in(people["secretary"])
    typed = fields(owner=f"branch:{bureau.one.id}", happens_on="2021-10-01")
    hidden = html.hidden_fields(client.page("/plans/new"))
    first = client.post("/plans/new", data={**hidden, **typed})
    assert first.status_code == 422
    assert "国庆节" in first.text
    again = html.hidden_fields(html.parse(first.text))
    assert client.post("/plans/new", data={**again, **typed}).status_code == 303
    assert the_plan().happens_on == dt.date(2021, 10, 1)


def test_a_double_click_is_one_plan(client, bureau, people):
    client.sign_in(people["secretary"])
    hidden = html.hidden_fields(client.page("/plans/new"))
    for _ in range(2):
        answer = client.post("/plans/new", data={**hidden, **fields(owner=f"branch:{bureau.one.id}")})
        assert answer.status_code in (302, 303)
    the_plan()


def test_a_foreign_plan_is_not_there(client, bureau, people, make):
    own = a_plan(make, bureau.campaign, bureau.one)
    client.sign_in(people["other"])
    hidden = html.hidden_fields(client.page("/help"))
    assert client.get(f"/plans/{own.id}").status_code == 404
    for act in ("cancel", "restore", "held"):
        assert client.post(f"/plans/{own.id}/{act}", data={**hidden, "why": "不办"}).status_code == 404
    joint = a_plan(make, bureau.campaign, bureau.one, bureau.two)
    assert client.get(f"/plans/{joint.id}").status_code == 200
    assert client.get(f"/plans/{joint.id}/change").status_code == 404


def test_the_second_of_two_who_change_it_keeps_what_was_typed(client, bureau, people, make):
    plan = a_plan(make, bureau.campaign, bureau.one)
    client.sign_in(people["secretary"])
    url = f"/plans/{plan.id}/change"
    hidden = html.hidden_fields(client.page(url))
    typed = fields(owner=f"branch:{bureau.one.id}")
    plan.version = 5
    answer = client.post(url, data={**hidden, **typed})
    assert answer.status_code == 409
    root = html.parse(answer.text)
    assert root.find(".//input[@id='title']").get("value") == "八月党日"
    again = html.hidden_fields(root)
    assert client.post(url, data={**again, **typed}).status_code == 303
    assert plan.title == "八月党日"


def test_it_is_cancelled_with_a_reason_and_restored(client, bureau, people, past):
    client.sign_in(people["secretary"])
    page = f"/plans/{past.id}"
    assert client.submit(page, {"why": ""}, action=f"{page}/cancel").status_code == 422
    assert client.submit(page, {"why": "防汛"}, action=f"{page}/cancel").status_code == 303
    assert "防汛" in body(client.page("/plans"))
    assert client.get(f"/enter/activity?plan={past.id}").status_code == 404
    assert client.submit(page, {}, action=f"{page}/restore").status_code == 303
    stale = html.hidden_fields(client.page("/help"))
    assert client.post(f"{page}/restore", data={**stale, "version": "1"}).status_code == 409


def test_what_took_place_is_reported_from_the_plan(client, bureau, people, past):
    client.sign_in(people["secretary"])
    assert "七月党日" in body(client.page("/plans"))
    root = client.page(f"/enter/activity?plan={past.id}")
    held = {one.get("id"): one.get("value") for one in root.iter("input")}
    assert (held["title"], held["place"], held["happened_on"]) == ("七月党日", "一楼会议室", PAST.isoformat())
    assert held["together"] == "西山党支部"
    assert root.find(".//select[@id='owner']/option[@selected]").get("value") == f"branch:{bureau.one.id}"
    typed = {
        "owner": f"branch:{bureau.one.id}", "together": "西山党支部", "title": "七月党日", "type": "主题党日",
        "happened_on": PAST.isoformat(), "place": "一楼会议室", "tick": [str(bureau.people[0].id)],
    }  # fmt: skip
    url = f"/enter/activity?plan={past.id}"
    first, second = (html.hidden_fields(client.page(url)) for _ in range(2))
    assert client.post(url, data={**first, **typed}).status_code == 303
    record = db.session.get_one(Record, past.record_id)
    assert [row.member_id for row in record.participations] == [bureau.people[0].id]
    assert "已开展" in body(client.page(f"/plans/{past.id}"))
    count = len(db.session.scalars(select(Record)).all())
    assert client.post(url, data={**second, **typed}).status_code == 409
    assert len(db.session.scalars(select(Record)).all()) == count, "the second of two enters nothing"
    assert client.post(url, data={**first, **typed}).location == f"/records/{record.id}"


def test_only_whose_it_is_reports_it_and_not_before_its_day(client, bureau, people, past, make):
    ahead = a_plan(make, bureau.campaign, bureau.one)
    client.sign_in(people["secretary"])
    assert client.get(f"/enter/activity?plan={ahead.id}").status_code == 404
    assert client.get(f"/enter/other?plan={past.id}").status_code == 404
    client.sign_in(people["other"])
    assert client.get(f"/enter/activity?plan={past.id}").status_code == 404


def test_what_is_in_the_ledger_already_is_not_entered_again(client, bureau, people, past, make):
    record = make.record(
        bureau.campaign, "activity", owner=bureau.one, type="主题党日", title="导入的党日", happened_on=PAST
    )
    client.sign_in(people["secretary"])
    page = f"/plans/{past.id}"
    assert "导入的党日" in body(client.page(page))
    answer = client.submit(page, {"record": str(record.id)}, action=f"{page}/held")
    assert (answer.status_code, past.record_id) == (303, record.id)
    hidden = html.hidden_fields(client.page("/help"))
    for wrong, status in ((str(record.id), 409), (str(bureau.visit.id), 409), ("", 404)):
        assert client.post(f"{page}/held", data={**hidden, "record": wrong}).status_code == status


def test_the_calendar_marks_holidays_and_is_filtered(client, bureau, people, past, make):
    fill_year(2021, by=make.office, at=NOW)
    a_plan(make, bureau.campaign, bureau.two, happens_on=PAST, title="西山的", type="专题学习")
    client.sign_in(people["office"])
    assert "国庆节" in body(client.page("/calendar?month=2021-10"))
    july = body(client.page("/calendar"))
    assert "七月党日" in july
    assert "西山的" in july
    assert "西山的" not in body(client.page("/calendar?month=2021-07&type=主题党日"))
    assert "西山的" not in body(client.page(f"/calendar?month=2021-07&unit={bureau.one.id}"))
    march = body(client.page("/calendar?month=2021-03"))
    assert "参观" in march, "what was held without a plan stands there too"
    client.sign_in(people["secretary"])
    assert client.get(f"/calendar?unit={bureau.two.id}").status_code == 404
    assert "没有安排" in body(client.page("/calendar?month=2021-11"))


def test_the_calendar_costs_the_same_whatever_stands_in_it(client, bureau, people, make, statements):
    client.sign_in(people["office"])

    def asked():
        with statements() as seen:
            client.page("/calendar?month=2021-08")
        return len(seen)

    a_plan(make, bureau.campaign, bureau.one)
    asked()
    before = asked()
    for n in range(6):
        a_plan(make, bureau.campaign, bureau.one, title=f"第{n}次", lead_id=bureau.people[0].id)
    assert asked() == before


def test_the_office_fills_and_changes_the_holiday_table(client, bureau, people):
    client.sign_in(people["office"])
    page = "/holidays?year=2021"
    assert client.submit(page, {}, action="/holidays/fill").location == "/holidays?year=2021"
    assert "国庆节" in body(client.page(page))
    row = db.session.scalars(select(Holiday).where(Holiday.day == dt.date(2021, 10, 1))).one()
    assert client.submit(page, {}, action=f"/holidays/{row.id}/drop").status_code == 303
    typed = {"day": "2021-11-08", "name": "本市停课", "sort": "holiday"}
    assert client.submit(page, typed, action="/holidays/days").status_code == 303
    assert "本市停课" in body(client.page(page))
    for wrong in ({"day": "x"}, {"name": ""}, {"sort": "else"}):
        assert client.submit(page, typed | wrong, action="/holidays/days").status_code == 422
    unknown = client.submit("/holidays?year=2090", {}, action="/holidays/fill")
    assert unknown.status_code == 422
    assert "2090" in unknown.text


def test_without_a_campaign_there_is_nothing_to_plan(client, make):
    client.sign_in(make.office)
    assert client.get("/calendar").status_code == 200
    assert "还没有行动计划" in html.text_of(client.page("/plans"))
