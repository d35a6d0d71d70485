"""Ticking oneself in, the sign-in sheet, and the calendar file, as their pages give them."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from icalendar import Calendar
from sqlalchemy import select

from tests import html
from tests.bureau import body
from tests.plans import AHEAD, a_plan
from tracker.db import db
from tracker.models import Arrival, AuditEvent, Paper, Record, Role

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

TODAY = dt.date(2021, 7, 31)


@pytest.fixture
def secretary(bureau, make):
    return make.user(Role.SECRETARY, bureau.one)


@pytest.fixture
def plan(bureau, make):
    return a_plan(make, bureau.campaign, bureau.one, bureau.two, happens_on=TODAY)


def shown_code(client, secretary, plan):
    """The address that the secretary shows on the screen."""
    client.sign_in(secretary)
    page = f"/plans/{plan.id}"
    answer = client.submit(page, {}, action=f"{page}/code")
    assert answer.status_code == 200
    return re.search(r"/here/[\w-]+", answer.text)[0]


def arrived():
    return db.session.scalars(select(Arrival.member_id).order_by(Arrival.id)).all()


def test_a_member_ticks_themselves_in_once_and_only_by_the_button(
    client, bureau, secretary, zhang, plan, make
):
    address = shown_code(client, secretary, plan)
    assert client.get(address).status_code == 404, "a secretary who is no member has nothing to tick"
    client.sign_in(zhang)
    page = client.page(address)
    assert "自愿" in body(page)
    assert arrived() == []
    hidden = html.hidden_fields(page, None)
    assert client.post(address, data=hidden).status_code == 303
    assert client.submit(address, {}).status_code == 303 if "我到了" in client.get(address).text else True
    assert arrived() == [bureau.people[0].id]
    assert "已记下" in body(client.page(address))
    assert "七月党日" in body(client.page("/me/everything"))
    client.sign_in(
        make.user(Role.MEMBER, member=bureau.people[2])
    )  # of the second branch, which holds it too
    assert client.submit(address, {}).status_code == 303
    client.sign_in(secretary)
    root = client.page(f"/enter/activity?plan={plan.id}")
    ticked = [
        box.get("value")
        for box in root.iter("input")
        if box.get("name") == "tick" and "checked" in box.attrib
    ]
    assert ticked == [str(bureau.people[0].id)], "a proposal, of those whom the secretary may enter"


def test_a_tick_is_no_attendance_and_is_gone_once_it_is_reported(client, bureau, secretary, zhang, plan):
    address = shown_code(client, secretary, plan)
    client.sign_in(zhang)
    client.submit(address, {})
    before = len(db.session.scalars(select(Record)).all())
    client.sign_in(secretary)
    typed = {
        "owner": f"branch:{bureau.one.id}", "title": "七月党日", "type": "主题党日",
        "happened_on": TODAY.isoformat(), "tick": [str(bureau.people[1].id)],
    }  # fmt: skip
    assert client.submit(f"/enter/activity?plan={plan.id}", typed).status_code == 303
    record = db.session.get_one(Record, plan.record_id)
    assert [row.member_id for row in record.participations] == [bureau.people[1].id]
    assert len(db.session.scalars(select(Record)).all()) == before + 1
    assert arrived() == []
    client.sign_in(zhang)
    assert client.get(address).status_code == 404, "it was reported"


def test_a_code_ends_with_the_next_one_with_its_time_and_with_the_plan(
    client, secretary, zhang, plan, make, bureau
):
    first = shown_code(client, secretary, plan)
    second = shown_code(client, secretary, plan)
    client.sign_in(zhang)
    assert [client.get(one).status_code for one in (first, second, "/here/nonsense")] == [404, 200, 404]
    plan.happens_on = dt.date(2021, 7, 30)
    assert client.get(second).status_code == 404
    hidden = html.hidden_fields(client.page("/help"))
    assert client.post(second, data=hidden).status_code == 404
    assert arrived() == []


def test_a_code_is_shown_on_the_day_only(client, secretary, bureau, make):
    ahead = a_plan(make, bureau.campaign, bureau.one)
    client.sign_in(secretary)
    hidden = html.hidden_fields(client.page("/help"))
    answer = client.post(f"/plans/{ahead.id}/code", data=hidden)
    assert (answer.status_code, answer.location) == (303, f"/plans/{ahead.id}")
    assert ahead.code_digest is None


def test_a_member_of_another_unit_is_told_and_not_ticked(client, secretary, make, bureau):
    own = a_plan(make, bureau.campaign, bureau.one, happens_on=TODAY)
    address = shown_code(client, secretary, own)
    client.sign_in(make.user(Role.MEMBER, member=bureau.people[2]))
    hidden = html.hidden_fields(client.page("/help"))
    for answer in (client.get(address), client.post(address, data=hidden)):
        assert answer.status_code == 404
        assert "不属于" in answer.text
    assert arrived() == []


def test_neither_code_nor_time_of_a_tick_is_kept(client, secretary, zhang, plan):
    address = shown_code(client, secretary, plan)
    assert address.removeprefix("/here/") not in (plan.code_digest or "")
    client.sign_in(zhang)
    client.submit(address, {})
    assert set(Arrival.__table__.columns.keys()) == {"id", "plan_id", "member_id"}
    acts = db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert [one for one in acts if one in ("plan:code", "arrival:add")] == ["plan:code", "arrival:add"]


def test_a_sign_in_sheet_names_whom_one_may_enter_and_leads_to_the_filled_form(
    client, bureau, secretary, plan
):
    client.sign_in(secretary)
    page = f"/plans/{plan.id}"
    made = client.submit(page, {}, action=f"{page}/sheet")
    paper = db.session.scalars(select(Paper)).one()
    assert made.location == f"/papers/{paper.id}"
    shown = body(client.page(f"/papers/{paper.id}"))
    assert paper.code in shown
    assert "李四" in shown
    assert "王五" not in shown, "of the other branch"
    assert paper.code in body(client.page("/papers"))
    led = client.get(f"/papers/{paper.id}/key")
    assert led.location == f"/enter/activity?plan={plan.id}"
    typed = {
        "owner": f"branch:{bureau.one.id}", "title": "七月党日", "type": "主题党日",
        "happened_on": TODAY.isoformat(), "tick": [str(bureau.people[0].id)],
    }  # fmt: skip
    assert client.submit(led.location, typed).status_code == 303
    assert paper.keyed_at is not None
    assert db.session.get_one(Record, plan.record_id).paper_id == paper.id
    assert "开展记录" in body(client.page(f"/papers/{paper.id}"))


def test_a_sheet_is_not_there_for_another_branch(client, bureau, secretary, plan, make):
    client.sign_in(secretary)
    page = f"/plans/{plan.id}"
    url = client.submit(page, {}, action=f"{page}/sheet").location
    client.sign_in(make.user(Role.SECRETARY, bureau.two))
    assert client.get(url).status_code == 404
    hidden = html.hidden_fields(client.page("/help"))
    for act in ("sheet", "code"):
        assert client.post(f"{page}/{act}", data=hidden).status_code == 404


def test_the_calendar_file_has_what_concerns_one_and_nobody_else(client, bureau, zhang, make):
    a_plan(
        make,
        bureau.campaign,
        bureau.one,
        lead_id=bureau.people[1].id,
        from_minute=900,
        note="别外传",
        version=3,
    )
    foreign = a_plan(make, bureau.campaign, bureau.two, title="别家的")
    client.sign_in(zhang)
    answer = client.get("/calendar.ics")
    assert answer.mimetype == "text/calendar"
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert (str(event["summary"]), int(event["sequence"])) == ("七月党日", 2)
    assert event.decoded("dtstart").date() == AHEAD
    assert "李四" in str(event["description"])
    assert "别外传" not in answer.text
    assert client.get(f"/plans/{foreign.id}.ics").status_code == 404
