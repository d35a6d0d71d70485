"""A platform's own headings are read as a mapping says, and its rows stay where the file has them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from tests.maker import SHIPPED
from tracker.models import UnitLevel
from tracker.rules.campaign_file import read_campaign
from tracker.rules.ledgers import check_sheets
from tracker.rules.mappings import UNFIT, MappingSpec, check_mapping, head_of, recognise
from tracker.rules.refusal import Refused
from tracker.rules.registers import MemberFact, Register, Stay, UnitFact
from tracker.rules.sheets import RawSheet

SPEC = read_campaign(SHIPPED.read_text(encoding="utf-8"))
STUDY = SPEC.kind("study")
TODAY = dt.date(2021, 6, 26)
HEADINGS = ["序号", "用户姓名", "所属单位", "完成时间", "学习用时(分钟)", "积分", "身份证号"]
ROWS = [
    (1, ["某某学习平台导出"]),
    (2, HEADINGS),
    (3, [1, "张三", "第一党支部", "2021-03-05", 45, 12, "110101199003070732"]),
    (4, [2, "张三", "第一党支部", "2021-03-06", 90, 20, "110101199003070732"]),
]
MAPPING = MappingSpec(
    "学习平台",
    "study",
    {"member_name": "用户姓名", "branch": "所属单位", "happened_on": "完成时间", "minutes": "学习用时(分钟)"},
    {"source": "学习强国"},
    "minutes",
    tuple(HEADINGS),
)


def sheet(name="Sheet1", rows=ROWS, **kw):
    return RawSheet(name, rows, **kw)


@pytest.fixture(scope="module")
def register():
    branch = UnitFact(1, UnitLevel.BRANCH, "第一党支部", None, True)
    return Register([MemberFact(1, "M0001", "张三")], {1: [Stay(None, None, 1, None, None)]}, [branch])


def check(register, *sheets, mapping=MAPPING):
    return check_sheets(sheets, SPEC, register, TODAY, mappings=(mapping,) if mapping else ())


def test_rows_are_read_by_the_mapping_with_what_is_the_same_in_all_of_them(register):
    plan = check(register, sheet())
    assert plan.problems == []
    assert [(e.kind, e.row, e.minutes, e.source) for e in plan.entries] == [
        ("study", 3, 45, "学习强国"),
        ("study", 4, 90, "学习强国"),
    ]
    (read,) = plan.sheets
    assert ["完成时间", "日期"] in read.columns
    assert read.fixed == [["学习强国", "学习来源"]]
    assert "身份证号" in read.dropped


def test_they_are_the_rows_that_a_ledger_with_its_own_headings_would_bring(register):
    rows = [
        ["日期", "姓名", "党支部", "时长", "学习来源"],
        ["2021-03-05", "张三", "第一党支部", "45分钟", "学习强国"],
        ["2021-03-06", "张三", "第一党支部", "90分钟", "学习强国"],
    ]
    own = sheet("读党史", list(enumerate(rows, 1)))
    mapped, plain = check(register, sheet()), check(register, own, mapping=None)
    assert len(mapped.entries) == 2
    assert [e.identity for e in mapped.entries] == [e.identity for e in plain.entries]


def test_a_problem_names_sheet_row_column_and_cell_of_the_file_as_it_is(register):
    rows = [*ROWS[:3], (7, [2, "李四", "第一党支部", "2021-02-30", 90])]
    plan = check(register, sheet(rows=rows))
    assert [(p.sheet, p.row, p.column, p.cell) for p in plan.problems][:1] == [
        ("Sheet1", 7, "完成时间", "D7"),
    ]


def test_a_bare_number_is_in_the_unit_that_was_chosen(register):
    headings = [*HEADINGS[:4], "学习用时"]
    rows = [(1, headings), (2, [1, "张三", "第一党支部", "2021-03-05", 2])]
    columns = {**MAPPING.columns, "minutes": "学习用时"}
    by_unit = {
        unit: check(register, sheet(rows=rows), mapping=replace(MAPPING, columns=columns, unit=unit))
        for unit in ("minutes", "hours")
    }
    assert {unit: plan.entries[0].minutes for unit, plan in by_unit.items()} == {"minutes": 2, "hours": 120}


def test_a_file_without_the_headings_is_refused_with_their_names(register):
    plan = check(register, sheet(rows=[(1, ["说明"]), (2, ["别的"])]))
    assert plan.problems[-1].msgid == UNFIT
    assert "用户姓名" in plan.problems[-1].message


def test_a_workbook_is_recognised_by_the_very_headings_it_was_made_for():
    assert recognise([sheet()], [MAPPING], SPEC) == (MAPPING,)
    more = [ROWS[0], (2, [*HEADINGS, "课程"]), *ROWS[2:]]
    assert recognise([sheet(rows=more)], [MAPPING], SPEC) == ()
    assert recognise([sheet(is_hidden=True)], [MAPPING], SPEC) == ()


def test_a_sheet_with_the_name_of_a_kind_is_the_ledgers_own():
    assert recognise([sheet("读党史")], [MAPPING], SPEC) == ()


def test_a_mapping_to_a_kind_that_is_gone_recognises_nothing(register):
    gone = replace(MAPPING, kind="gone")
    assert recognise([sheet()], [gone], SPEC) == ()
    assert check(register, sheet(), mapping=gone).problems[-1].msgid == UNFIT


def test_the_head_of_a_file_shows_headings_and_rows_without_what_may_not_be_kept():
    head = head_of(sheet(), STUDY)
    assert head.headings == tuple(HEADINGS[:-1])
    assert head.rows[0] == ["1", "张三", "第一党支部", "2021-03-05", "45", "12"]


def test_headings_that_the_kind_knows_are_chosen_already():
    rows = [
        (1, ["姓名", "部门", "学习日期", "学习时长(分钟)", "积分"]),
        (2, ["张三", "办公室", "2021-03-05", 45, 3]),
    ]
    assert head_of(sheet(rows=rows), STUDY).presets == {
        "member_name": "姓名",
        "happened_on": "学习日期",
        "minutes": "学习时长(分钟)",
    }


def test_headings_of_which_the_kind_knows_none_are_the_widest_row_of_text():
    rows = [(1, ["导出"]), (2, ["甲", "乙", "丙"]), (3, ["张三", "x", 3])]
    head = head_of(sheet(rows=rows), STUDY)
    assert (head.headings, head.rows, head.presets) == (("甲", "乙", "丙"), [["张三", "x", "3"]], {})


def without(name):
    return {key: heading for key, heading in MAPPING.columns.items() if key != name}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"columns": without("happened_on")}, "happened_on"),
        ({"fixed": {}}, "source"),
        ({"fixed": {"source": "没有的来源"}}, "source"),
        ({"fixed": {"source": "学习强国", "branch": "第一党支部"}}, "branch"),
        ({"columns": without("happened_on"), "fixed": {"source": "学习强国", "happened_on": "2021-03-05"}},
         "happened_on"),
        ({"columns": {**MAPPING.columns, "title": "用户姓名"}}, "title"),
        ({"unit": "hours"}, "unit"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_beside_its_field(changed, field):
    check_mapping(MAPPING, STUDY)
    with pytest.raises(Refused) as refused:
        check_mapping(replace(MAPPING, **changed), STUDY)
    assert refused.value.field == field
