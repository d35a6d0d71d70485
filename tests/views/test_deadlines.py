"""Due days on pages: marked, filtered on the board, changed with a reason."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests import html
from tests.bureau import body
from tests.views.test_stages import columns
from tracker.clock import today
from tracker.db import db
from tracker.models import DeadlineChange, Role

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture
def secretary(make, bureau):
    return make.user(Role.SECRETARY, bureau.one)


@pytest.fixture
def task(app, bureau, make):
    with app.app_context():
        late, near = today() - dt.timedelta(days=1), today() + dt.timedelta(days=7)
    rows = {"kind": "task", "owner": bureau.one, "stage": "在办"}
    make.record(bureau.campaign, **rows, title="快到期", ref="W10", due_on=near)
    return make.record(bureau.campaign, **rows, title="修井盖", ref="W9", due_on=late)


def send(client, record, **fields):
    page = f"/records/{record.id}"
    return client.submit(page, fields, action=f"{page}/deadline")


def test_what_is_overdue_is_marked_on_its_page_the_board_and_the_branch_s_page(
    client, secretary, task, bureau
):
    client.sign_in(secretary)
    assert "已逾期" in body(client.page(f"/records/{task.id}"))
    assert "已逾期" in body(client.page(f"/branches/{bureau.one.id}"))
    assert {"修井盖", "快到期"} <= set(columns(client.page("/stages/task"))["在办"])
    assert columns(client.page("/stages/task?due=overdue"))["在办"] == ["修井盖"]
    assert columns(client.page("/stages/task?due=soon"))["在办"] == ["快到期"]
    assert client.get("/stages/task?due=x").status_code == 200
    assert columns(client.page("/stages/pairing?due=overdue"))["结对中"] == []


def test_another_day_is_set_with_a_reason_and_the_old_one_stays_in_sight(client, secretary, task):
    client.sign_in(secretary)
    was, to = task.due_on.isoformat(), "2021-12-01"
    answer = send(client, task, due_on=to, why="材料晚到")
    assert answer.status_code == 303
    said = body(client.page(f"/records/{task.id}"))
    for words in (was, to, "材料晚到", "计划完成日期"):
        assert words in said
    kept = db.session.scalars(select(DeadlineChange)).all()
    assert len(kept) == 1


def test_what_will_not_do_comes_back_with_what_was_typed(client, secretary, task):
    client.sign_in(secretary)
    for fields in (
        {"due_on": "2021-12-01", "why": ""},
        {"due_on": "哪天", "why": "材料晚到"},
        {"due_on": "2020-01-01", "why": "材料晚到"},
    ):
        answer = send(client, task, **fields)
        assert answer.status_code == 422, fields
        shown = html.parse(answer.text)
        assert shown.find(".//input[@id='due-why']").get("value", "") == fields["why"]
        assert shown.find(".//input[@id='due-on']").get("value") == fields["due_on"]
    assert send(client, task, due_on="2021-12-01", why="材料晚到", version="7").status_code == 409
    assert db.session.scalars(select(DeadlineChange)).all() == []


def test_only_those_who_may_enter_it_change_its_day(client, make, bureau, secretary, task):
    for who in (make.user(Role.SECRETARY, bureau.two), make.user(Role.AUDITOR)):
        client.sign_in(who)
        fields = html.hidden_fields(client.page("/help"))
        sent = client.post(f"/records/{task.id}/deadline", data={**fields, "due_on": "", "why": "不做了"})
        assert sent.status_code == 404


def test_a_due_day_ahead_is_entered_with_the_record(client, secretary, bureau):
    client.sign_in(secretary)
    field = client.page("/enter/task").find(".//input[@name='due_on']")
    assert field is not None
    assert field.get("max") is None
