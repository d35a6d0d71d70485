"""The blank ledger: filled in by a script, it comes in as it is."""

from __future__ import annotations

import datetime as dt
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.maker import SHIPPED
from tests.workbooks import Importer, sentences
from tracker.files.ledger_template import EXAMPLE, NOTES, blank_ledger
from tracker.files.problem_list import ProblemRow, problem_list
from tracker.models import BatchSort, BatchState
from tracker.rules.campaign_file import read_campaign

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

SPEC = read_campaign(SHIPPED.read_text(encoding="utf-8"))
FILLED: dict[str, dict[str, Any]] = {
    "study": {
        "日期": dt.date(2021, 3, 5),
        "工号": "M0001",
        "姓名": "张三",
        "时长": 1.5,
        "学习来源": "学习强国",
    },
    "activity": {
        "日期": dt.date(2021, 3, 5),
        "活动类型": "现场教学",
        "主题": "参观",
        "组织单位": "第一党支部",
        "参加人次": 12,
    },
    "work": {
        "日期": dt.date(2021, 3, 5),
        "工号": "M0001",
        "姓名": "张三",
        "类型": "征文",
        "题目": "初心",
        "是否优秀": "是",
    },
    "pairing": {
        "结对日期": dt.date(2021, 3, 5),
        "工号": "M0001",
        "姓名": "张三",
        "对象编号": "KN1",
        "社区": "北园社区",
    },
    "service": {
        "日期": dt.date(2021, 3, 5),
        "党支部": "第一党支部",
        "党小组": "第一党小组",
        "服务内容": "走访",
        "社区": "北园社区",
        "时长": 2,
        "参加人员": "张三（M0001）",
        "服务人次": 8,
    },
    "task": {
        "编号": "W1",
        "领办日期": dt.date(2021, 3, 5),
        "领办单位类型": "支部",
        "领办单位": "第一党支部",
        "事项": "修灯",
        "状态": "完成",
        "完成日期": dt.date(2021, 4, 5),
    },
    "reading": {
        "工号": "M0001",
        "姓名": "张三",
        "已完成专题数": 4,
        "已读书目数": 3,
    },
    "other": {
        "日期": dt.date(2021, 3, 5),
        "单位": "第一党支部",
        "类别": "慰问",
        "事项": "走访",
    },
}


@pytest.fixture
def importer(make: Any, tmp_path: Path) -> Importer:
    branch = make.branch("第一党支部")
    make.member(group=make.group(branch, "第一党小组"), name="张三", number="M0001")
    return Importer(make.office, tmp_path)


def filled(rows: dict[str, dict[str, Any]]) -> bytes:
    """The blank workbook with one row in each sheet, written as Excel would."""
    book = openpyxl.load_workbook(BytesIO(blank_ledger(SPEC, ["第一党支部"])))
    for kind in SPEC.kinds:
        headings = [column.heading for column in kind.columns]
        for heading, value in rows.get(kind.code, {}).items():
            book[kind.sheet].cell(3, headings.index(heading) + 1, value)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def test_the_blank_ledger_has_a_sheet_for_each_kind_with_notes_drop_downs_and_an_example():
    book = openpyxl.load_workbook(BytesIO(blank_ledger(SPEC, ["第一党支部"], ["办公室"], ["第一党小组"])))
    assert book.sheetnames == [*(kind.sheet for kind in SPEC.kinds), NOTES]
    study = book["读党史"]
    assert [cell.value for cell in study[1]][:7] == [column.heading for column in SPEC.kinds[0].columns]
    assert "必填" in study["A1"].comment.text
    assert EXAMPLE in [cell.value for cell in study[2]]
    lists = [rule.formula1 for rule in study.data_validations.dataValidation]
    assert '"第一党支部"' in lists
    assert any("学习强国" in source for source in lists)
    assert study.freeze_panes == "A2"


def test_a_list_that_is_too_long_for_a_cell_stands_on_a_hidden_sheet():
    book = openpyxl.load_workbook(BytesIO(blank_ledger(SPEC, [f"第{n}个党支部" for n in range(80)])))
    assert book["选项"].sheet_state == "hidden"
    lists = [rule.formula1 for rule in book["读党史"].data_validations.dataValidation]
    assert "'选项'!$A$1:$A$80" in lists


def test_filled_in_it_comes_in(importer, make):
    campaign = make.campaign()
    batch = importer.commit(importer.upload(filled(FILLED), BatchSort.LEDGER, campaign))
    assert sentences(batch) == []
    assert batch.state is BatchState.COMMITTED
    assert {s["kind"]: s["read"] for s in batch.report["sheets"] if s["kind"]} == dict.fromkeys(FILLED, 1)
    assert all(sheet["columns"] for sheet in batch.report["sheets"] if sheet["kind"])


def test_filled_in_wrongly_it_is_refused(importer, make):
    wrong = {"study": {**FILLED["study"], "学习来源": "道听途说"}}
    batch = importer.commit(importer.upload(filled(wrong), BatchSort.LEDGER, make.campaign()))
    assert batch.state is BatchState.REFUSED
    assert sentences(batch)[0].startswith("读党史 3 F3: ")


def test_the_list_of_problems_is_a_workbook_without_formulas():
    rows = [
        ProblemRow("读党史", 3, "时长", "E3", "=1+1 is not a duration."),
        ProblemRow("读党史", None, None, None, "x"),
    ]
    content = problem_list(rows, ["表", "行", "列", "单元格", "问题"])
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    assert [cell.value for cell in sheet[2]] == list(rows[0])
    assert b"<f>" not in zipfile.ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml")
