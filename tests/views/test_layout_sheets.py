"""Ledgers in the office's layout: chosen, looked at, taken away."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from tests import html
from tests.layout_desk import Desk, texts
from tests.maker import DAY, NOW
from tracker.db import db
from tracker.models import AuditEvent, Status
from tracker.rules.layouts import default_layout
from tracker.services.layouts import save_layout

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture
def desk(make, client):
    return Desk(make, client)


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
