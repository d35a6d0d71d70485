"""How each sheet and column was understood, and changing it: for this file, or saved for the next."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests import html
from tests.bureau import body
from tests.views.test_studio_together import send, work
from tests.workbooks import xlsx
from tracker.db import db
from tracker.models import Batch, BatchState, Mapping, Record, Role

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

HEAD = ["序号", "日期", "工号", "姓名", "党支部", "时长", "备用时长", "学习来源", "身份证号", "心情"]
ID = "11010519491231002X"
ROWS = [
    [1, "2021-03-05", "M0001", "张三", "东湖党支部", 1.5, 60, "学习强国", ID, "好"],
    [2, "2021-03-06", "M0001", "张三", "东湖党支部", 2, 30, "学习强国", ID, "13800000005"],
    ["合计", None, None, None, None, 3.5, 90, None, None, None],
]
BOOK = {
    "读党史": [["学习台账"], ["填报单位：东湖党支部"], HEAD, *ROWS],
    "统计": [["项目", "甲", "乙"], ["次数", 1, 2]],
    "填表说明": [["请逐行填写"]],
}


@pytest.fixture
def office(client, make):
    make.campaign()
    make.member(make.branch("东湖党支部"), name="张三", number="M0001")
    return client.sign_in(make.user(Role.OFFICE))


def sent(office, app, book=BOOK, name="台账.xlsx", **fields):
    send(office, (name, xlsx(book)), **fields)
    work(app)
    return latest()


def latest():
    return db.session.scalars(select(Batch).order_by(Batch.id.desc())).first()


def columns_of(root, sheet):
    """letter -> the cells of its row, on the card of a sheet."""
    card = next(one for one in root.iter("section") if html.text_of(one).strip().startswith(sheet))
    rows = [[html.text_of(cell).strip() for cell in row.iter("td")] for row in card.iter("tr")]
    return {row[0]: row[1:] for row in rows if row}, html.text_of(card)


def explain(office, batch, sheet, **fields):
    page = f"/imports/{batch.id}/columns"
    return office.submit(
        f"{page}?sheet={sheet}&kind={fields.get('kind', '')}", {"unit": "hours", **fields}, action=page
    )


def test_each_column_is_shown_with_its_first_values_and_what_became_of_it(office, app):
    batch = sent(office, app)
    found, said = columns_of(office.page(f"/imports/{batch.id}/understood"), "读党史")
    assert found["A"][:2] == ["序号", "1、2"]
    assert "序号" in found["A"][2]
    assert found["B"][::2] == ["日期", "日期"]
    assert "2021-03-05" in found["B"][1]
    assert found["F"][::2] == ["时长", "时长"]
    assert found["I"][1] == "—"
    assert "不保存" in found["I"][2]
    assert found["J"][1] == "好"
    assert "未识别" in found["J"][2]
    assert "东湖党支部" in said
    assert "第6行为合计" in said
    page = body(office.page(f"/imports/{batch.id}/understood"))
    assert ID not in page
    assert "13800000005" not in page


def test_a_sheet_that_is_in_the_way_is_left_out_and_so_is_the_next_one(office, app):
    batch = sent(office, app)
    assert batch.state is BatchState.REFUSED
    answer = explain(office, batch, "统计", kind="-", name="不读统计表")
    assert answer.status_code == 303
    work(app)
    assert latest().state is BatchState.CHECKED
    assert "不读取" in body(office.page(f"/imports/{batch.id}/understood"))
    assert sent(office, app, {**BOOK, "统计": [["别的", "甲", "乙"], [1, 2, 3]]}).state is BatchState.CHECKED
    assert sent(office, app, {**BOOK, "统计二": BOOK["统计"]}).state is BatchState.REFUSED
    assert "不读取本表" in body(office.page("/imports/mappings"))


def test_a_column_of_the_ledgers_own_sheet_is_read_as_another_once_or_from_now_on(office, app):
    book = {"读党史": BOOK["读党史"]}
    batch = sent(office, app, book)
    # The columns of the kind in its order: day, number, name, branch, minutes, source, title.
    chosen = {"column_0": "日期", "column_1": "工号", "column_2": "姓名", "column_3": "党支部",
              "column_4": "备用时长", "column_5": "学习来源", "unit": "minutes"}  # fmt: skip
    assert explain(office, batch, "读党史", kind="study", **chosen).status_code == 303
    work(app)
    assert latest().state is BatchState.CHECKED, latest().report["problems"]
    assert db.session.scalars(select(Mapping)).all() == []
    found, _ = columns_of(office.page(f"/imports/{batch.id}/understood"), "读党史")
    assert found["G"][2] == "时长"
    assert "未识别" in found["F"][2]
    office.submit(f"/imports/{batch.id}", action=f"/imports/{batch.id}/commit")
    work(app)
    assert sorted(db.session.scalars(select(Record.minutes))) == [30, 60]
    assert sent(office, app, book, "二.xlsx").mapping is None
    assert explain(office, latest(), "读党史", kind="study", name="按备用时长", **chosen).status_code == 303
    work(app)
    third = sent(office, app, book, "三.xlsx")
    assert third.report["mapping"] == "按备用时长"
    assert third.report["counts"]["unchanged"] == 2


def test_what_was_said_of_one_sheet_stays_when_another_is_explained(office, app):
    book = {**BOOK, "杂表": [["谁", "啥", "多久"], ["张三", "书", 3]]}
    batch = sent(office, app, book)
    explain(office, batch, "统计", kind="-")
    work(app)
    assert latest().state is BatchState.REFUSED
    explain(office, latest(), "杂表", kind="-")
    work(app)
    assert latest().state is BatchState.CHECKED
    assert [one["sheet"] for one in latest().mapping["sheets"]] == ["杂表", "统计"]


def test_what_is_read_by_a_saved_layout_is_said_anew_under_its_name(office, app):
    book = {"导出": [["用户姓名", "完成时间", "用时"], ["张三", "2021-03-05", 30]]}
    batch = sent(office, app, book)
    chosen = {"column_0": "完成时间", "column_2": "用户姓名", "column_4": "用时", "fixed_5": "学习强国"}
    explain(office, batch, "导出", kind="study", name="平台", **{**chosen, "unit": "hours"})
    work(app)
    explain(office, latest(), "导出", kind="study", name="平台", **{**chosen, "unit": "minutes"})
    work(app)
    (saved,) = db.session.scalars(select(Mapping)).all()
    assert (saved.version, saved.content["unit"]) == (2, "minutes")
    assert latest().mapping["sheets"][0]["unit"] == "minutes"


def test_a_roster_is_shown_without_a_way_to_change_it(office, app):
    book = {
        "党员名册": [["工号", "姓名", "党支部", "联系电话"], ["M0009", "赵六", "东湖党支部", "13800000005"]]
    }
    batch = sent(office, app, book)
    root = office.page(f"/imports/{batch.id}/understood")
    found, _ = columns_of(root, "党员名册")
    assert found["D"][1:] == ["—", "联系电话"]
    assert "更改读法" not in body(root)


def test_a_file_that_is_gone_or_cannot_be_read_leads_back(office, app, make):
    batch = sent(office, app)
    office.submit(f"/imports/{batch.id}", action=f"/imports/{batch.id}/discard")
    assert office.get(f"/imports/{batch.id}/understood").status_code == 303
    send(office, ("坏.xlsx", b"PK nothing"))
    work(app)
    assert office.get(f"/imports/{latest().id}/understood").status_code == 303


def test_an_auditor_and_a_secretary_do_not_see_what_a_file_holds(office, client, app, make):
    batch = sent(office, app)
    for role, unit in ((Role.AUDITOR, None), (Role.SECRETARY, make.branch())):
        other = app.test_client().sign_in(make.user(role, unit))
        assert other.get(f"/imports/{batch.id}/understood").status_code == 404


def test_rows_that_will_wait_say_what_they_change_once_they_are_verified(office, app):
    batch = sent(office, app, {"读党史": BOOK["读党史"]}, as_verified="")
    assert batch.as_verified is False
    assert batch.report["effects"] == []
    later = {one["figure"]: one["after"] for one in batch.report["once_verified"]}
    assert later["study.total_minutes"] == 210
    said = body(office.page(f"/imports/{batch.id}"))
    assert "核实后哪些数据会变" in said
    office.submit(f"/imports/{batch.id}", action=f"/imports/{batch.id}/commit")
    work(app)
    assert set(db.session.scalars(select(Record.status))) == {"submitted"}
    assert latest().report["effects"] == []
