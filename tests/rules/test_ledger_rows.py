"""One row of a ledger, and how it is recognised."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.maker import SHIPPED
from tracker.models.record import OwnerType
from tracker.models.unit import UnitLevel
from tracker.rules.campaign_file import read_campaign
from tracker.rules.ledger_columns import columns_of, is_notes, kind_of_sheet
from tracker.rules.ledger_entries import Entry, Recogniser
from tracker.rules.ledgers import LedgerPlan, check_sheets
from tracker.rules.registers import MemberFact, Register, Stay, UnitFact
from tracker.rules.sheets import RawSheet

SPEC = read_campaign(SHIPPED.read_text(encoding="utf-8"))
TODAY = dt.date(2021, 7, 31)
DAY = dt.date(2021, 3, 5)
UNITS = [
    UnitFact(1, UnitLevel.COMMITTEE, "市民政局机关党委"),
    UnitFact(2, UnitLevel.BRANCH, "第一党支部", 1),
    UnitFact(3, UnitLevel.BRANCH, "第二党支部", 1),
    UnitFact(4, UnitLevel.GROUP, "第一党小组", 2),
    UnitFact(5, UnitLevel.GROUP, "第一党小组", 3),
    UnitFact(6, UnitLevel.SECTION, "办公室"),
]
REGISTER = Register(
    [MemberFact(1, "M0001", "张三"), MemberFact(2, "M0002", "李四"), MemberFact(3, "M0003", "李四")],
    {
        1: [Stay(None, dt.date(2021, 5, 1), 2, 4, 6), Stay(dt.date(2021, 5, 1), None, 3, 5, 6)],
        2: [Stay(None, None, 2, 4, None)],
        3: [Stay(None, None, 3, 5, None)],
    },
    UNITS,
)


def sheet(name: str, *rows: list[Any], **other: Any) -> RawSheet:
    return RawSheet(name, list(enumerate(map(list, rows), start=1)), **other)


def check(*sheets: RawSheet) -> LedgerPlan:
    return check_sheets(sheets, SPEC, REGISTER, TODAY)


def said(plan: LedgerPlan) -> list[str]:
    return [problem.message for problem in plan.problems]


STUDY = ["日期", "工号", "姓名", "党支部", "时长", "学习来源"]


@pytest.mark.parametrize("heading", ["学习时长", "学习时间（小时）", "时长"])
@pytest.mark.parametrize("amount", [1.5, "1.5", "1.5小时", "１小时30分", "90分钟", "90min"])
def test_durations_are_minutes_however_they_are_written(heading, amount):
    head = [*STUDY[:4], heading, "学习来源"]
    plan = check(sheet("读党史", head, ["2021.3.5", "M0001", "张　三", "第一党支部", amount, "自学"]))
    assert said(plan) == []
    assert [(e.minutes, e.source, e.happened_on) for e in plan.entries] == [(90, "个人自学", DAY)]


def test_a_heading_in_minutes_makes_bare_numbers_minutes():
    head = [*STUDY[:4], "学习时间(分钟)", "学习来源"]
    plan = check(sheet("读党史", head, [DAY, "M0001", "张三", None, 90, "学习强国"]))
    assert [entry.minutes for entry in plan.entries] == [90]


def test_places_are_those_of_the_day():
    rows = [
        [day, "M0001", "张三", None, 1, "学习强国"] for day in (dt.date(2021, 4, 30), dt.date(2021, 5, 1))
    ]
    plan = check(sheet("读党史", STUDY, *rows))
    assert [(e.branch_id, e.group_id, e.section_id) for e in plan.entries] == [(2, 4, 6), (3, 5, 6)]


def test_a_group_is_that_of_its_branch():
    head = ["日期", "党支部", "党小组", "服务内容", "社区", "时长", "参加人员"]
    plan = check(sheet("志愿服务", head, [DAY, "第二党支部", "第一党小组", "走访", "北园社区", 2, "李四"]))
    (entry,) = plan.entries
    assert (entry.owner_type, entry.branch_id, entry.group_id, entry.people) == (OwnerType.GROUP, 3, 5, (3,))


def test_a_group_that_the_branch_does_not_have_is_a_problem():
    head = ["日期", "党支部", "党小组", "服务内容", "社区", "时长"]
    plan = check(sheet("志愿服务", head, [DAY, "第二党支部", "第九党小组", "走访", "北园社区", 2]))
    assert said(plan) == ["第二党支部 has no group 第九党小组."]


def test_the_committee_is_the_bureau():
    head = ["日期", "活动类型", "主题", "组织单位"]
    plan = check(sheet("学习活动", head, [DAY, "主题党日", "七一", "市民政局 机关党委"]))
    assert [(e.owner_type, e.branch_id) for e in plan.entries] == [(OwnerType.BUREAU, None)]


def test_progress_is_told_in_rows():
    told: list[tuple[int, int]] = []
    rows = [[DAY, "M0001", "张三", None, 0.1, "学习强国"] for _ in range(2_500)]
    check_sheets([sheet("读党史", STUDY, *rows)], SPEC, REGISTER, TODAY, lambda *done: told.append(done))
    assert told == [(1_000, 2_501), (2_000, 2_501)]


# ---- which sheet is which ----


@pytest.mark.parametrize("name", ["读党史", " 读 党 史 ", "读党史2月", "Sheet1"])
def test_a_sheet_is_known_by_its_name_or_its_headings(name):
    kind, _ = kind_of_sheet(sheet(name, STUDY), SPEC)
    assert kind is not None
    assert kind.code == "study"


def test_headings_that_fit_two_kinds_decide_nothing():
    twins = read_campaign(
        SHIPPED.read_text(encoding="utf-8")
        + """
[[kinds]]
code = "twin"
name = "双胞胎"
sheet = "双胞胎"
owners = ["member"]
columns = [
  { field = "happened_on", heading = "日期", required = true },
  { field = "member_number", heading = "工号" },
  { field = "member_name", heading = "姓名", required = true },
  { field = "branch", heading = "党支部" },
  { field = "minutes", heading = "时长", required = true },
  { field = "source", heading = "学习来源", required = true },
  { field = "title", heading = "学习内容" },
]
"""
    )
    plan = check_sheets([sheet("Sheet1", STUDY)], twins, REGISTER, TODAY)
    assert said(plan) == [
        "The headings fit several kinds: 读党史、双胞胎. Give the sheet the name of its kind."
    ]


@pytest.mark.parametrize(
    ("found", "notes"),
    [
        (sheet("填表说明", ["甲", "乙", "丙"]), True),
        (sheet("Sheet2", ["一、各支部按月报送。"], ["二、联系人：办公室"]), True),
        (sheet("Sheet2", ["甲", "乙", "丙"], [1, 2, 3]), False),
    ],
)
def test_prose_is_notes_and_a_table_is_not(found, notes):
    assert is_notes(found) is notes


def test_a_hidden_sheet_is_not_read_and_that_is_said():
    plan = check(sheet("读党史", STUDY, [DAY, "M0001", "张三", None, 1, "学习强国"], is_hidden=True))
    assert plan.entries == []
    assert [remark.message for remark in plan.remarks] == ["The sheet is hidden; it was not read."]


def test_columns_of_a_kind_have_the_aliases_of_everybody():
    study = columns_of(SPEC.kind("study"))
    assert "所在支部" in next(column for column in study if column.field == "branch").aliases
    assert len({column.field for column in columns_of(SPEC.kind("reading"))}) == 5


# ---- recognising a row again ----


def marked(*entries: Entry, kind: str = "study") -> list[Entry]:
    recogniser = Recogniser()
    for entry in entries:
        recogniser.mark(entry, SPEC.kind(kind))
    return list(entries)


def test_two_rows_alike_to_the_letter_are_two_and_both_are_known_again():
    def rows() -> list[Entry]:
        return marked(*(Entry("study", "读党史", n, DAY, minutes=60, member_id=1) for n in (2, 3)))

    first, second = rows()
    assert first.identity != second.identity
    assert first.content == second.content
    assert [entry.identity for entry in rows()] == [first.identity, second.identity]


def test_a_row_with_a_number_is_the_same_row_whatever_else_it_says():
    old, new = (
        Entry("task", "微实事", 2, DAY, ref="W1", stage="领办"),
        Entry("task", "微实事", 9, DAY, ref="W1"),
    )
    marked(old, kind="task")
    marked(new, kind="task")
    assert old.identity == new.identity
    assert old.content != new.content


def test_a_row_without_its_number_is_known_by_all_it_says():
    one, other = Entry("task", "微实事", 2, DAY, title="修灯"), Entry("task", "微实事", 3, DAY, title="修路")
    marked(one, other, kind="task")
    assert one.identity != other.identity


def test_the_order_of_the_names_in_a_cell_changes_nothing():
    one = Entry("activity", "学习活动", 2, DAY, ref="S1", people=(1, 2))
    other = Entry("activity", "学习活动", 2, DAY, ref="S1", people=(2, 1))
    marked(one, kind="activity")
    marked(other, kind="activity")
    assert one.content == other.content
