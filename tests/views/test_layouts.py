"""Layouts of ledgers: made, copied, changed, taken away."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from tests import html
from tests.layout_desk import Desk, texts
from tests.maker import DAY, NOW
from tracker.db import db
from tracker.models import Layout, Role
from tracker.rules.layouts import default_layout
from tracker.services.layouts import save_layout

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture
def desk(make, client):
    return Desk(make, client)


def test_the_office_makes_a_layout_and_everybody_finds_it(desk):
    client = desk.sign_in(desk.office)
    page = "/layouts/new?kind=study"
    fields = {f"order_{n}": "" for n in range(8)} | {
        "order_0": "1",
        "order_1": "2",
        "order_5": "3",
        "order_3": "4",
        "order_6": "5",
    }
    fields |= {"name": "季度报表", "title": "{单位}{时段}学习情况表", "durations": "minutes", "digits": "1",
               "heading_5": "学习时间（分钟）", "has_total": "y", "signers": "填报人、支部书记"}  # fmt: skip
    answer = client.submit(page, fields, action=page)
    assert answer.status_code == 303, html.text_of(html.parse(answer.text))
    assert "季度报表" in html.text_of(client.page(answer.location))
    layout = db.session.scalars(select(Layout)).one()
    secretary = desk.sign_in(desk.secretary)
    rows = texts(desk.sheet(secretary, kind="study", layout=layout.id).active)
    assert rows[0] == ["东湖党支部2021年2月26日至2021年7月31日学习情况表"]
    assert rows[1] == ["序号", "日期", "学习时间（分钟）", "姓名", "学习来源"]
    assert rows[2] == [1, DAY, 100, "张三", "学习强国"]
    assert rows[-1] == ["填报人：", "支部书记："]
    assert secretary.get(f"/layouts/{layout.id}").status_code == 404


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "最多60个字"),
        ({"title": "{工号}"}, "花括号里可以写"),
        ({"title": ""}, "请写标题"),
        ({"durations": "minutes"}, "请在标题里写明单位"),
        ({"heading_5": "学习时间（分钟）"}, "另一种单位"),
        ({"heading_7": "社区", "heading_3": "身份证号"}, "不予保存"),
        ({"order_6": "", "heading_7": "来源"}, "导入时会把这个标题认作"),
        ({"heading_7": "学习来源"}, "有两列用了同一个标题"),
        ({"order_0": "9", "order_7": "1"}, "第一列请用"),
        ({"signers": "盖章处"}, "不像签字栏"),
        ({"signers": "填报人、审核人、复核人、联系人、负责人"}, "最多4个"),
        ({"width_3": "200"}, "列宽须在"),
        ({f"order_{n}": "" for n in range(1, 8)}, "至少选两列"),
    ],
)
def test_what_will_not_do_is_told_beside_its_field(desk, fields, sentence):
    client = desk.sign_in(desk.office)
    page = "/layouts/new?kind=study"
    start = {
        "name": "表",
        "title": "标题",
        "durations": "hours",
        "digits": "1",
        "order_0": "1",
        "order_7": "8",
    }
    start |= {f"order_{n}": str(n + 1) for n in range(1, 7)}
    answer = client.submit(page, {**start, **fields}, action=page)
    assert answer.status_code == 422
    assert sentence in html.text_of(html.parse(answer.text))
    assert db.session.scalar(select(Layout.id)) is None


def test_a_secretary_makes_one_for_the_own_branch_copies_changes_and_takes_it_away(desk):
    shared = save_layout(
        desk.campaign,
        replace(default_layout(desk.spec.kind("study")), name="全局表"),
        unit=None,
        by=desk.office,
        at=NOW,
    )
    client = desk.sign_in(desk.secretary)
    client.page(f"/layouts/new?copy={shared.id}")
    page = "/layouts/new?kind=study"
    fields = {
        "name": "本支部表",
        "title": "标题",
        "durations": "hours",
        "digits": "2",
        "order_0": "1",
        "order_1": "2",
        "order_3": "3",
    }
    assert client.submit(page, fields, action=page).status_code == 303
    layout = db.session.scalars(select(Layout).where(Layout.unit_id == desk.here.id)).one()
    url = f"/layouts/{layout.id}"
    assert client.submit(url, {**fields, "name": "改名"}, action=url).status_code == 303
    stale = client.submit(url, {**fields, "name": "又改", "version": "1"}, action=url)
    assert stale.status_code == 409
    other = desk.sign_in(desk.make.user(Role.SECRETARY, desk.there))
    assert other.get(url).status_code == 404
    assert other.get(f"/layouts/new?copy={layout.id}").status_code == 404
    client = desk.sign_in(desk.secretary)
    assert client.submit(url, {}, action=f"{url}/delete").status_code == 303
    assert db.session.scalar(select(Layout.id).where(Layout.unit_id == desk.here.id)) is None


def test_a_copy_begins_as_the_other_one(desk):
    said = replace(default_layout(desk.spec.kind("task")), name="全局表", title="上报标题")
    shared = save_layout(desk.campaign, said, unit=None, by=desk.office, at=NOW)
    page = desk.sign_in(desk.secretary).get(f"/layouts/new?copy={shared.id}").text
    assert 'value="上报标题"' in page
    assert 'value="全局表（副本）"' in page


def test_the_page_says_whether_a_sheet_can_be_brought_in_again(desk):
    client = desk.sign_in(desk.secretary)
    assert "这份表可以再导入" in html.text_of(client.page("/layouts?kind=study"))
    whole = default_layout(desk.spec.kind("study"))
    said = replace(whole, name="短表", columns=whole.columns[:4])
    layout = save_layout(desk.campaign, said, unit=None, by=desk.office, at=NOW)
    page = html.text_of(client.page(f"/layouts?kind=study&layout={layout.id}"))
    assert "不能原样再导入" in page
    assert "没有列出：时长、学习来源、学习内容" in page
