"""The queue in the browser: deciding many at once, the reason, taking it back."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import select

from tests import html
from tests.queue_rows import Branch, boxes, decide, status
from tracker.db import db
from tracker.models import Comment, Status
from tracker.services import verifications as services


@pytest.fixture
def here(make):
    return Branch(make)


@pytest.fixture
def secretary(client, here):
    return client.sign_in(here.secretary)


def test_verifying_several_says_how_many_and_leads_back_to_the_same_choice(secretary, here):
    records = [here.hours(), here.hours(here.li)]
    url = "/verify?kind=study"
    answer = decide(secretary, records, url=url)
    assert (answer.status_code, answer.location) == (303, url)
    assert [status(record) for record in records] == [Status.VERIFIED] * 2
    assert "2" in html.text_of(secretary.page(url).find(".//div[@class='flashes']"))


def test_what_somebody_else_decided_meanwhile_is_told_and_the_rest_is_done(secretary, here):
    first, second = here.hours(), here.hours(here.li)
    fields = html.hidden_fields(secretary.page("/verify"), "/verify")
    services.verify_records([(first.id, 1)], by=here.deputy, at=dt.datetime.now(dt.UTC))
    named = [f"{first.id}:1", f"{second.id}:1"]
    answer = secretary.post("/verify", data={**fields, "seen": named, "act": "verify"})
    assert answer.status_code == 303
    said = html.text_of(secretary.page("/verify").find(".//div[@class='flashes']"))
    assert re.findall(r"\d+", said) == ["1", "1"]
    late = secretary.post(
        "/verify", data={**fields, "submission_key": "k" * 24, "seen": named, "act": "verify"}
    )
    assert late.status_code == 409


@pytest.mark.parametrize("named", [[], ["x"], ["1"], ["1:"], [":1"], ["1:1:1"], ["９:1"]])
def test_nothing_chosen_is_said_on_the_page(secretary, here, named):
    here.hours()
    fields = html.hidden_fields(secretary.page("/verify"), "/verify")
    answer = secretary.post("/verify", data={**fields, "seen": named, "act": "verify"})
    assert answer.status_code == 422
    assert html.parse(answer.text).find(".//div[@class='summary']") is not None


def test_giving_back_needs_a_reason_and_keeps_what_was_ticked(secretary, here):
    record, other = here.hours(), here.hours(here.li)
    answer = decide(secretary, [record], "return", why="  ")
    assert answer.status_code == 422
    root = html.parse(answer.text)
    assert boxes(root) == [f"{record.id}:1*", f"{other.id}:1"]
    assert root.find(".//details[@id='return-box']").get("open") is not None
    assert "has-error" in next(
        div.get("class") for div in root.iter("div") if div.find("label[@for='why']") is not None
    )
    assert status(record) is Status.SUBMITTED


def test_a_reason_is_kept_for_reuse_and_one_s_own_words_are_added(secretary, here):
    first, second, third = here.hours(), here.hours(here.li), here.hours(title="第三章")
    assert decide(secretary, [first], "return", why="日期对不上").status_code == 303
    assert status(first) is Status.RETURNED
    offered = [
        box.get("value") for box in secretary.page("/verify").iter("input") if box.get("name") == "kept"
    ]
    assert offered[0] == "日期对不上"
    decide(secretary, [second], "return", kept=offered[0])
    decide(secretary, [third], "return", kept=offered[0], why="是哪一天")
    texts = list(db.session.scalars(select(Comment.text).order_by(Comment.id)))
    assert texts[:2] == ["日期对不上"] * 2
    assert texts[2].startswith("日期对不上")
    assert texts[2].endswith("是哪一天")


def test_another_s_reasons_are_not_offered(client, secretary, here):
    decide(secretary, [here.hours()], "return", why="只有我用的话")
    here.hours()
    client.sign_in(here.deputy)
    assert "只有我用的话" not in client.get("/verify").text


def test_a_reason_with_the_button_that_verifies_is_asked_about(secretary, here):
    record = here.hours()
    assert decide(secretary, [record], "verify", why="日期对不上").status_code == 422
    assert status(record) is Status.SUBMITTED


def test_an_act_can_be_undone_from_the_page_for_a_minute(secretary, here):
    records = [here.hours(), here.hours(here.li)]
    decide(secretary, records)
    root = secretary.page("/verify")
    form = root.find(".//form[@id='undo']")
    fields = html.hidden_fields(root, form.get("action"))
    assert secretary.post(form.get("action"), data=fields).status_code == 303
    assert [status(record) for record in records] == [Status.SUBMITTED] * 2
    root = secretary.page("/verify")
    assert len(boxes(root)) == 2
    assert root.find(".//form[@id='undo']") is None
    again = secretary.post("/verify/undo", data={**fields, "submission_key": "k" * 24})
    assert again.status_code == 409


def test_another_s_act_cannot_be_undone(client, secretary, here):
    record = here.hours()
    decide(secretary, [record])
    moment = secretary.page("/verify").find(".//form[@id='undo']/input[@name='moment']").get("value")
    here.hours()
    client.sign_in(here.deputy)
    root = client.page("/verify")
    assert root.find(".//form[@id='undo']") is None
    fields = html.hidden_fields(root, "/verify")
    assert client.post("/verify/undo", data={**fields, "moment": moment}).status_code == 409
    for wrong in ("", "gestern", "2021-06-26T08:00:00"):
        data = {**fields, "submission_key": "k" * 24, "moment": wrong}
        assert client.post("/verify/undo", data=data).status_code == 400
    assert status(record) is Status.VERIFIED


def test_an_act_of_more_than_a_minute_ago_is_not_offered(secretary, here):
    services.verify_records(
        [(here.hours().id, 1)], by=here.secretary, at=dt.datetime.now(dt.UTC) - dt.timedelta(seconds=61)
    )
    assert secretary.page("/verify").find(".//form[@id='undo']") is None
