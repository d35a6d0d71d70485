"""Before, after and the community's word, on the record's page and the board."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests import html
from tests.bureau import body
from tests.views.test_stages import following
from tests.views.test_stages import send as carry_on
from tracker.db import db
from tracker.models import Confirmation, Record, Role

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

DAY = dt.date(2021, 6, 10)


@pytest.fixture
def secretary(make, bureau):
    return make.user(Role.SECRETARY, bureau.one)


@pytest.fixture
def done(make, bureau):
    row = {"title": "装扶手", "stage": "完成", "ended_on": DAY, "ref": "W8"}
    return make.record(bureau.campaign, "task", owner=bureau.one, **row)


def send(client, record, end="", **fields):
    page = f"/records/{record.id}"
    return client.submit(page, fields, action=f"{page}/confirmation{end}")


def test_it_is_asked_on_the_way_to_the_stage_and_told_on_its_page(client, make, bureau, secretary):
    task = make.record(bureau.campaign, "task", owner=bureau.one, title="修井盖", stage="在办", ref="W9")
    client.sign_in(secretary)
    said = {"before": "井盖破了", "after": "换了新的", "said_by": "居委会主任", "heard": "phone"}
    half = carry_on(client, task, to="完成", on="2021-06-10", **said)
    assert half.status_code == 422, "the day is missing"
    shown = html.parse(half.text)
    assert shown.find(".//input[@id='stage-before']").get("value") == "井盖破了"
    assert db.session.scalars(select(Record).where(Record.follows_id.is_not(None))).all() == []
    number = carry_on(client, task, to="完成", on="2021-06-10", before="请找13800138000")
    assert number.status_code == 422
    answer = carry_on(client, task, to="完成", on="2021-06-10", said_on="2021-06-11", **said)
    assert answer.status_code == 303
    text = body(client.page(f"/records/{following(task).id}"))
    for words in ("井盖破了", "换了新的", "居委会主任", "2021-06-11", "电话"):
        assert words in text


def test_without_the_word_it_says_so_until_it_is_noted_or_ended(client, secretary, done):
    client.sign_in(secretary)
    page = f"/records/{done.id}"
    assert "尚未确认" in body(client.page(page))
    assert send(client, done, said_by="", said_on="", heard="").status_code == 422
    assert send(client, done, said_by="居委会主任", said_on="2021-06-01", heard="phone").status_code == 422
    assert send(client, done, said_by="居委会主任", said_on="2021-06-11", heard="phone").status_code == 303
    assert "尚未确认" not in body(client.page(page))
    assert "社区已确认1件" in body(client.page("/stages/task"))
    assert send(client, done, "/end", why="").status_code == 422
    assert send(client, done, "/end", why="听错了").status_code == 303
    text = body(client.page(page))
    assert "尚未确认" in text
    assert "听错了" in text


def test_only_those_who_may_enter_it_note_the_word(client, make, bureau, done):
    for who in (make.user(Role.SECRETARY, bureau.two), make.user(Role.AUDITOR)):
        client.sign_in(who)
        fields = html.hidden_fields(client.page("/help"))
        sent = {**fields, "said_by": "居委会主任", "said_on": "2021-06-11", "heard": "phone", "why": "错"}
        for url in (f"/records/{done.id}/confirmation", f"/records/{done.id}/confirmation/end"):
            assert client.post(url, data=sent).status_code == 404
    assert db.session.scalars(select(Confirmation)).all() == []
