"""Ledgers in the office's layout: chosen, looked at, taken away; and the layouts themselves."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from urllib.parse import urlencode

import openpyxl
import pytest
from sqlalchemy import select

from tests import html
from tests.maker import DAY, NOW
from tracker.db import db
from tracker.models import AuditEvent, Layout, Role, Status
from tracker.queries.campaigns import spec_of
from tracker.rules.layouts import default_layout
from tracker.services.layouts import save_layout

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


class Desk:
    """Two branches, a member in each, a few rows, and people who take ledgers away."""

    def __init__(self, make, client):
        self.make, self.client = make, client
        self.campaign = make.campaign()
        self.spec = spec_of(self.campaign)
        self.here, self.there = make.branch("东湖党支部"), make.branch("西山党支部")
        self.zhang = make.member(self.here, name="张三", number="M0001")
        self.li = make.member(self.there, name="李四", number="M0002")
        self.study = make.record(
            self.campaign, member=self.zhang, minutes=100, source="学习强国", title="=1+1"
        )
        make.record(self.campaign, member=self.li, minutes=30, source="学习强国", title="简史")
        self.joint = make.record(
            self.campaign,
            "activity",
            owner=self.there,
            people=[self.zhang, self.li],
            type="主题党日",
            title="共学",
        )
        self.office = make.user(Role.OFFICE)
        self.secretary = make.user(Role.SECRETARY, self.here)

    def sign_in(self, user):
        return self.client.sign_in(user)

    def sheet(self, client, **asked):
        url = "/layouts?" + urlencode(asked)
        form = next(
            one for one in client.page(url).iter("form") if one.get("action").startswith("/layouts.xlsx")
        )
        answer = client.submit(url, {}, action=form.get("action"))
        assert answer.status_code == 200, answer.text[:500]
        return openpyxl.load_workbook(io.BytesIO(answer.data))


@pytest.fixture
def desk(make, client):
    return Desk(make, client)


def texts(sheet):
    rows = [
        [cell.date() if isinstance(cell, dt.datetime) else cell for cell in row if cell is not None]
        for row in sheet.iter_rows(values_only=True)
    ]
    return [row for row in rows if row]


# ---- taking a ledger away ----


def test_the_office_sees_the_first_rows_and_takes_the_sheet_with_codes_for_names(desk):
    client = desk.sign_in(desk.office)
    page = html.text_of(client.page("/layouts?kind=study"))
    assert "代号" in page
    assert "张三" not in page
    assert "M0001" not in page
    book = desk.sheet(client, kind="study")
    rows = texts(book.active)
    assert rows[0] == ["“七个一百”行动计划读党史台账（2021年2月26日至2021年7月31日）"]
    assert rows[1][0].startswith("填报单位：")
    assert rows[2][:3] == ["序号", "日期", "代号"]
    assert "张三" not in str(rows)
    total = [row for row in rows if row[0] == "合计"]
    assert total == [["合计", "2人", pytest.approx(130 / 60)]]
    assert rows[-1] == ["填报人：", "审核人：", "单位负责人："]


def test_a_secretary_takes_the_own_branchs_sheet_with_names_and_texts_stay_texts(desk):
    client = desk.sign_in(desk.secretary)
    book = desk.sheet(client, kind="study")
    rows = texts(book.active)
    assert rows[1][0] == "填报单位：东湖党支部"
    assert rows[3] == [
        1,
        DAY,
        "M0001",
        "张三",
        "东湖党支部",
        pytest.approx(100 / 60),
        "学习强国",
        "=1+1",
    ]
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)
    assert len([row for row in rows if "M0002" in row]) == 0


def test_of_a_session_of_both_branches_a_secretary_reads_the_own_people_and_how_many_there_were(desk):
    rows = texts(desk.sheet(desk.sign_in(desk.secretary), kind="activity").active)
    row = next(row for row in rows if "共学" in row)
    assert row[-2:] == ["张三（M0001）、等2人", 2]
    assert "李四" not in str(rows)
    rows = texts(desk.sheet(desk.sign_in(desk.office), kind="activity").active)
    assert next(row for row in rows if "共学" in row)[-2:] == ["张三（M0001）、李四（M0002）", 2]
    assert next(row for row in rows if row[0] == "合计")[1:] == ["2人次、2人", 2]


def test_the_branch_of_another_secretary_is_not_there(desk):
    client = desk.sign_in(desk.secretary)
    assert client.get(f"/layouts?kind=study&unit={desk.there.id}").status_code == 404
    assert client.get("/layouts?kind=study&layout=4711").status_code == 404


def test_rows_that_wait_are_written_only_if_asked_for_and_marked(desk):
    desk.make.record(desk.campaign, member=desk.zhang, minutes=60, source="学习强国", status=Status.SUBMITTED)
    client = desk.sign_in(desk.secretary)
    assert len([row for row in texts(desk.sheet(client, kind="study").active) if "M0001" in row]) == 1
    rows = texts(desk.sheet(client, kind="study", waiting="y").active)
    assert rows[0][0].endswith("（含未核实记录）")
    assert rows[2][-1] == "核实情况"
    assert sorted(row[-1] for row in rows if "M0001" in row) == ["已核实", "待核实"]
    assert "含未核实记录" in html.text_of(client.page("/layouts?kind=study&waiting=y"))


def test_a_period_is_that_of_the_day_on_which_it_happened(desk):
    client = desk.sign_in(desk.secretary)
    assert "M0001" in str(texts(desk.sheet(client, kind="study", period="2021-03").active))
    rows = texts(desk.sheet(client, kind="study", period="2021-04").active)
    assert rows[0] == ["“七个一百”行动计划读党史台账（2021年4月）"]
    assert "M0001" not in str(rows)


def test_who_took_it_away_is_noted_without_a_name(desk):
    desk.sheet(desk.sign_in(desk.secretary), kind="study", period="2021-03")
    event = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (event.action, event.actor_id) == ("record:export", desk.secretary.id)
    assert event.detail["rows"] == 1
    assert event.detail["chosen"] == {"kind": "study", "period": "2021-03", "unit": desk.here.id}


def test_each_branch_has_a_sheet_of_its_own_with_its_own_totals(desk):
    desk.make.record(desk.campaign, "task", owner=desk.here, title="修灯", stage="领办", ref="W1")
    desk.make.record(
        desk.campaign, "task", owner=desk.make.section("办公室"), title="补路", stage="领办", ref="W2"
    )
    said = replace(default_layout(desk.spec.kind("task")), name="分支部", by_branch=True)
    layout = save_layout(desk.campaign, said, unit=None, by=desk.office, at=NOW)
    book = desk.sheet(desk.sign_in(desk.office), kind="task", layout=layout.id)
    assert book.sheetnames == ["微实事-东湖党支部", "微实事-机关及科室"]
    assert texts(book.worksheets[0])[1][0] == "填报单位：东湖党支部"
    assert [len([row for row in texts(one) if row[0] == 1]) for one in book.worksheets] == [1, 1]


def test_a_sheet_without_rows_has_its_frame(desk):
    said = replace(default_layout(desk.spec.kind("task")), name="分支部", by_branch=True)
    layout = save_layout(desk.campaign, said, unit=None, by=desk.office, at=NOW)
    client = desk.sign_in(desk.office)
    for asked in ({}, {"layout": layout.id}):
        rows = texts(desk.sheet(client, kind="task", **asked).active)
        assert [row[0] for row in rows if row] == [rows[0][0], rows[1][0], "序号", "合计", "填报人："]


def test_people_in_need_are_not_counted_below_three(desk):
    for n in range(4):
        desk.make.record(desk.campaign, "pairing", member=desk.zhang, subject=f"KN{n}", community="北园")
        if n in (1, 2):
            rows = texts(desk.sheet(desk.sign_in(desk.office), kind="pairing").active)
            assert ("少于3名" in str(rows)) is (n == 1)


def test_the_statements_do_not_grow_with_the_rows(desk, statements):
    client = desk.sign_in(desk.secretary)
    counts = []
    for _ in range(2):
        with statements() as seen:
            client.page("/layouts?kind=study")
        counts.append(len(seen))
        for _ in range(6):
            desk.make.record(desk.campaign, member=desk.zhang, minutes=10, source="学习强国")
    assert counts[0] == counts[1]


# ---- the layouts ----


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
