"""The pages of series: days are shown before they are saved; changing and ending from a day on."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from tests import html
from tests.bureau import body
from tests.maker import NOW
from tests.plans import a_series
from tracker.db import db
from tracker.models import Plan, Role, Series
from tracker.services.holidays import fill_year

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

D = dt.date


@pytest.fixture
def secretary(bureau, make):
    return make.user(Role.SECRETARY, bureau.one)


def typed(bureau, **changed):
    return {
        "owner": f"branch:{bureau.one.id}", "type": "专题学习", "title": "周五学习",
        "every": "week", "weekday": "4", "begins_on": "2021-09-20", "until": "2021-10-15",
        "begins": "15:00", "leads": "张三、李四", "place": "二楼",
    } | changed  # fmt: skip


def counted(model):
    return db.session.scalar(select(func.count()).select_from(model))


def test_the_days_are_shown_first_and_saved_by_the_second_tap(client, bureau, secretary, make):
    fill_year(2021, by=make.office, at=NOW)
    client.sign_in(secretary)
    first = client.submit("/series/new", typed(bureau))
    assert first.status_code == 200
    root = html.parse(first.text)
    shown = body(root)
    for words in ("2021-09-24", "张三", "2021-10-08", "李四", "2021-10-01（国庆节）"):
        assert words in shown
    assert counted(Plan) == 0
    changed = client.post(
        "/series/new", data={**html.hidden_fields(root), **typed(bureau, until="2021-10-08")}
    )
    assert changed.status_code == 200, "other days are shown anew"
    again = html.hidden_fields(html.parse(changed.text))
    saved = client.post("/series/new", data={**again, **typed(bureau, until="2021-10-08")})
    series = db.session.scalars(select(Series)).one()
    assert (saved.status_code, saved.location) == (303, f"/series/{series.id}")
    days = db.session.scalars(select(Plan.happens_on).order_by(Plan.happens_on)).all()
    assert days == [D(2021, 9, 24), D(2021, 10, 8)]
    twice = client.post("/series/new", data={**again, **typed(bureau, until="2021-10-08")})
    assert (twice.status_code, counted(Series)) == (302, 1)
    assert "周五学习" in body(client.page(f"/series/{series.id}"))
    assert "周五学习" in body(client.page("/plans"))


def test_a_year_without_a_table_is_said(client, bureau, secretary):
    client.sign_in(secretary)
    assert "2021年的节假日表是空的" in client.submit("/series/new", typed(bureau)).text


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"begins_on": "2021-07-01"}, "begins_on"),
        ({"until": "2021-09-19"}, "until"),
        ({"until": "2022-03-01"}, "until"),
        ({"until": "x"}, "until"),
        ({"every": "daily"}, "every"),
        ({"weekday": "9"}, "weekday"),
        ({"leads": "王五"}, "leads"),
        ({"title": ""}, "title"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(client, bureau, secretary, changed, field):
    client.sign_in(secretary)
    answer = client.submit("/series/new", typed(bureau, **changed))
    if answer.status_code == 200:  # what only saving refuses
        again = html.hidden_fields(html.parse(answer.text))
        answer = client.post("/series/new", data={**again, **typed(bureau, **changed)})
    assert answer.status_code == 422
    root = html.parse(answer.text)
    assert root.find(f".//*[@id='{field}']").get("aria-invalid") == "true"
    assert root.find(".//input[@id='place']").get("value") == "二楼"
    assert counted(Plan) == 0


def test_it_is_changed_and_ended_from_a_day_on(client, bureau, secretary, make):
    series = a_series(make, bureau.campaign, bureau.one, D(2021, 7, 23), D(2021, 8, 6), D(2021, 8, 13))
    client.sign_in(secretary)
    page = f"/series/{series.id}"
    fields = {"from_on": "2021-08-07", "type": "专题学习", "title": "换个题目", "leads": "李四"}
    wrong = client.submit(page, {**fields, "title": ""}, action=f"{page}/change")
    assert wrong.status_code == 422
    assert client.submit(page, fields, action=f"{page}/change").status_code == 303
    titles = db.session.scalars(select(Plan.title).order_by(Plan.happens_on)).all()
    assert titles == ["每周学习", "每周学习", "换个题目"]
    stale = client.submit(page, {**fields, "version": "1"}, action=f"{page}/change")
    assert stale.status_code == 409
    end = {"end_on": "2021-08-10", "why": ""}
    assert client.submit(page, end, action=f"{page}/end").status_code == 422
    assert client.submit(page, {**end, "why": "阶段结束"}, action=f"{page}/end").status_code == 303
    assert "阶段结束" in body(client.page(page))


def test_a_foreign_series_is_not_there(client, bureau, make):
    series = a_series(make, bureau.campaign, bureau.one)
    client.sign_in(make.user(Role.SECRETARY, bureau.two))
    hidden = html.hidden_fields(client.page("/help"))
    assert client.get(f"/series/{series.id}").status_code == 404
    for act in ("change", "end"):
        assert client.post(f"/series/{series.id}/{act}", data={**hidden, "why": "不办"}).status_code == 404
    client.sign_in(make.user(Role.MEMBER, member=bureau.people[0]))
    root = client.page(f"/series/{series.id}")
    assert not [form for form in root.iter("form") if "/series/" in (form.get("action") or "")]
