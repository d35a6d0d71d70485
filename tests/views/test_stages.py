"""Taking a record on from its page, its way, and the board of a kind."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from sqlalchemy import select

from tests import html
from tests.bureau import body, titles
from tests.maker import NOW
from tracker.db import db
from tracker.models import Record, Role, Status
from tracker.services.verifications import verify_records

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture
def people(bureau, make):
    return {
        "secretary": make.user(Role.SECRETARY, bureau.one),
        "deputy": make.user(Role.DEPUTY, bureau.one),
        "other": make.user(Role.SECRETARY, bureau.two),
        "head": make.user(Role.SECTION_HEAD, bureau.section),
        "member": make.user(Role.MEMBER, member=bureau.people[0]),
        "office": make.office,
        "auditor": make.user(Role.AUDITOR),
    }


@pytest.fixture
def task(bureau, make):
    return make.record(bureau.campaign, "task", owner=bureau.one, title="修井盖", stage="领办", ref="W9")


def send(client, record, **fields):
    page = f"/records/{record.id}"
    return client.submit(page, fields, action=f"{page}/stages")


def following(record):
    return db.session.scalars(select(Record).where(Record.follows_id == record.id)).one()


def form_on(client, record):
    root = client.page(f"/records/{record.id}")
    return next((form for form in root.iter("form") if form.get("id") == "stage-form"), None)


def columns(root):
    """Stage → the titles of its cards."""
    return {
        html.text_of(part.find(".//h2")): [html.text_of(one) for one in part.iterfind(".//li//b")]
        for part in root.iter("section")
        if (part.get("aria-labelledby") or "").startswith("stage-")
    }


def test_a_task_is_taken_on_from_its_page_and_its_way_is_told(client, people, task):
    client.sign_in(people["secretary"])
    answer = send(client, task, to="完成", on="2021-06-10", note="换了新井盖")
    done = following(task)
    assert (answer.status_code, answer.location) == (303, f"/records/{done.id}")
    shown = body(client.page(f"/records/{done.id}"))
    assert "换了新井盖" in shown
    assert "待核实" in shown
    assert form_on(client, task) is None, "one next stage waits at a time"
    verify_records([(done.id, done.version)], by=people["deputy"], at=NOW)
    db.session.commit()
    root = client.page(f"/records/{task.id}")
    assert "已到下一步" in body(root)
    assert f"/records/{done.id}" in [a.get("href") for a in root.iter("a")]


def test_a_wrong_day_comes_back_beside_its_field_with_what_was_typed(client, people, task):
    client.sign_in(people["secretary"])
    answer = send(client, task, to="完成", on="2020-06-10", note="换了新井盖")
    assert answer.status_code == 422
    root = html.parse(answer.text)
    assert root.find(".//input[@id='stage-note']").get("value") == "换了新井盖"
    assert root.find(".//input[@id='stage-on']").get("aria-invalid") == "true"
    assert db.session.scalars(select(Record).where(Record.follows_id.is_not(None))).all() == []
    for fields in (
        {"to": "完成", "on": "", "note": ""},
        {"to": "胡说", "on": "2021-06-10"},
        {"to": "完成", "on": "x"},
    ):
        assert send(client, task, **fields).status_code == 422


def test_the_second_of_two_reads_that_it_changed(client, people, task):
    client.sign_in(people["secretary"])
    answer = send(client, task, to="在办", on="2021-06-10", version="7")
    assert answer.status_code == 409


def test_a_form_sent_twice_is_one_stage(client, people, task):
    client.sign_in(people["secretary"])
    url = f"/records/{task.id}/stages"
    fields = html.hidden_fields(client.page(f"/records/{task.id}"), url)
    for _ in range(2):
        answer = client.post(url, data={**fields, "to": "完成", "on": "2021-06-10"})
        assert answer.status_code in (302, 303)
    following(task)


def test_only_those_who_may_enter_it_take_it_on(client, people, task, make, bureau):
    for role, offered in (("secretary", True), ("deputy", True), ("office", True), ("auditor", False)):
        client.sign_in(people[role])
        assert (form_on(client, task) is not None) == offered, role
    for role in ("other", "head", "auditor"):
        client.sign_in(people[role])
        fields = html.hidden_fields(client.page("/help"))
        sent = client.post(f"/records/{task.id}/stages", data={**fields, "to": "完成", "on": "2021-06-10"})
        assert sent.status_code == 404, role


def test_a_member_is_not_offered_the_distinction(client, people, bureau):
    essay = db.session.scalars(
        select(Record).where(Record.member_id == bureau.people[0].id, Record.title == "初心")
    ).one()
    essay.stage = "报送"
    db.session.commit()
    client.sign_in(people["member"])
    assert form_on(client, essay) is None
    client.sign_in(people["office"])
    assert "评选理由" in html.text_of(form_on(client, essay))
    assert send(client, essay, to="优秀", on="2021-06-10", note=" ").status_code == 422
    send(client, essay, to="优秀", on="2021-06-10", note="联系本职实际")
    assert "联系本职实际" in body(client.page(f"/records/{following(essay).id}"))


def test_the_ledger_lists_what_stands_at_one_stage(client, people, bureau):
    client.sign_in(people["office"])
    assert titles(client.page("/records?kind=work&stage=优秀")) == ["初心"]
    assert titles(client.page("/records?kind=work&stage=报送")) == ["所感"]


def test_a_later_stage_that_came_back_is_withdrawn_and_not_corrected(client, people, task):
    client.sign_in(people["secretary"])
    send(client, task, to="完成", on="2021-06-10")
    done = following(task)
    assert client.get(f"/records/{done.id}/correct").status_code == 404
    url = f"/records/{done.id}"
    answer = client.submit(url, {}, action=f"{url}/withdraw")
    assert (answer.status_code, done.status) == (303, Status.WITHDRAWN)
    assert form_on(client, task) is not None


def test_the_board_shows_what_stands_where_the_longest_first(client, people, bureau, task, make):
    older = {"title": "老井盖", "stage": "领办", "ref": "W10", "happened_on": dt.date(2021, 3, 2)}
    make.record(bureau.campaign, "task", owner=bureau.one, **older)
    client.sign_in(people["office"])
    assert client.get("/stages").location == "/stages/task"
    shown = columns(client.page("/stages/task"))
    assert list(shown) == ["领办", "在办", "完成"]
    assert shown["领办"][0] == "老井盖"
    assert "修井盖" in shown["领办"]
    own = columns(client.page(f"/stages/task?unit={bureau.one.id}"))
    assert own["在办"] == []
    client.sign_in(people["other"])
    assert "修井盖" not in body(client.page("/stages/task"))
    assert client.get(f"/stages/task?unit={bureau.one.id}").status_code == 404
    assert client.get("/stages/nonsense").status_code == 404
    assert columns(client.page("/stages/study")) == {}, "it has no stages"


def test_a_card_names_the_stages_to_which_it_can_be_dragged_and_its_form_opens_at_the_one(
    client, people, task
):
    client.sign_in(people["secretary"])

    def card():
        cards = client.page("/stages/task").iter("li")
        return next(one for one in cards if one.get("data-address") == f"/records/{task.id}")

    assert json.loads(card().get("data-next")) == ["在办", "完成"]
    for asked, chosen in (("完成", "完成"), ("胡说", "在办")):
        root = client.page(f"/records/{task.id}?to={asked}")
        picked = [one.get("value") for one in root.iter("input") if one.get("checked") is not None]
        assert picked == [chosen]
    send(client, task, to="在办", on="2021-06-10")
    assert json.loads(card().get("data-next")) == [], "one next stage waits already"
    client.sign_in(people["auditor"])
    assert json.loads(card().get("data-next")) == []


def test_the_board_costs_the_same_whatever_stands_on_it(client, people, bureau, make, statements):
    client.sign_in(people["office"])

    def asked():
        with statements() as seen:
            client.page("/stages/task")
        return len(seen)

    asked()
    before = asked()
    with make.counted_once(bureau.campaign):
        for n in range(5):
            make.record(
                bureau.campaign, "task", owner=bureau.one, title=f"第{n}件", stage="领办", ref=f"X{n}"
            )
    assert asked() == before


def test_without_a_campaign_there_is_no_board(client, make):
    client.sign_in(make.user(Role.OFFICE))
    assert client.get("/stages").status_code == 200
    assert client.get("/stages/task").status_code == 404
