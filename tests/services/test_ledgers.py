"""Ledgers: every row checked before any is written, recognised when they come again, taken back as one act."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.maker import NOW
from tests.workbooks import ARTICLE, TODAY, sentences, xlsx
from tracker.db import db
from tracker.models import (
    BatchSort,
    BatchState,
    CoOrganiser,
    OwnerType,
    Participation,
    Record,
    Status,
    Unit,
    UnitLevel,
)
from tracker.queries.figures import figures_json
from tracker.rules.refusal import Refused
from tracker.services.batches import problems_of, undo_batch
from tracker.services.records import reverse_participation, reverse_record

STUDY = ["日期", "工号", "姓名", "党支部", "时长", "学习来源", "学习内容"]
ACTIVITY = ["编号", "日期", "活动类型", "主题", "组织单位", "类别", "地点", "参加人员", "参加人次"]
TASK = ["编号", "领办日期", "领办单位类型", "领办单位", "事项", "社区", "状态", "完成日期"]
PAIRING = ["结对日期", "工号", "姓名", "党支部", "对象编号", "对象类别", "社区", "结束日期"]
DAY = dt.date(2021, 3, 5)


class Bureau:
    """Two branches, three members (two of one name), a section, and ways to write rows of them."""

    def __init__(self, make: Any, importer: Any) -> None:
        self.make, self.importer = make, importer
        self.campaign = make.campaign()
        self.first, self.second = make.branch("第一党支部"), make.branch("第二党支部")
        self.group = make.group(self.first, "第一党小组")
        self.section = make.section("办公室")
        self.zhang = make.member(group=self.group, name="张三", number="M0001")
        self.li = make.member(branch=self.first, name="李四", number="M0002")
        self.other_li = make.member(branch=self.second, name="李四", number="M0003")

    def bring(self, as_verified: bool = True, **sheets: list[list[Any]]) -> Any:
        heads = {"读党史": STUDY, "学习活动": ACTIVITY, "微实事": TASK, "结对帮扶": PAIRING}
        return self.importer.ledger(
            self.campaign, {name: [heads[name], *rows] for name, rows in sheets.items()}, as_verified
        )

    def study(self, *rows: list[Any], as_verified: bool = True) -> Any:
        return self.bring(as_verified, 读党史=list(rows))

    def figure(self, figure_id: str) -> Any:
        return figures_json(self.campaign, TODAY)["figures"][figure_id]


def hour(day: object = DAY, number: str | None = "M0001", name: str | None = "张三", **other: Any) -> list[Any]:
    """A row of an hour's study."""
    values = {"党支部": None, "时长": 1, "学习来源": "学习强国", "学习内容": "简史", **other}
    return [day, number, name, *(values[heading] for heading in STUDY[3:])]


def session(ref: str = "S001", kind: str = "专题学习", organiser: str = "第一党支部", **other: Any) -> list[Any]:
    values = {"类别": None, "地点": None, "参加人员": None, "参加人次": None, **other}
    return [ref, DAY, kind, "学习", organiser, *(values[heading] for heading in ACTIVITY[5:])]


@pytest.fixture
def bureau(make: Any, importer: Any) -> Bureau:
    return Bureau(make, importer)


def records(*where: Any) -> list[Record]:
    return list(db.session.scalars(select(Record).where(*where).order_by(Record.id)))


def total(table: Any, *where: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(table).where(*where)) or 0


# ---- what is written ----


def test_a_row_becomes_a_verified_record_with_its_member_in_it(bureau):
    batch = bureau.study(hour(时长="1小时30分"))
    (record,) = records()
    assert (record.status, record.minutes, record.happened_on) == (Status.VERIFIED, 90, DAY)
    assert (record.owner_type, record.member_id, record.group_id) == (
        OwnerType.MEMBER, bureau.zhang.id, bureau.group.id,
    )  # fmt: skip
    assert (record.batch_id, record.batch_sheet, record.batch_row) == (batch.id, "读党史", 2)
    (person,) = record.participations
    assert (person.member_id, person.minutes, person.branch_id) == (bureau.zhang.id, 90, bureau.first.id)
    assert bureau.figure("study.total_minutes") == 90


def test_rows_that_are_not_entered_as_verified_wait_and_do_not_count(bureau):
    bureau.study(hour(), as_verified=False)
    assert [record.status for record in records()] == [Status.SUBMITTED]
    assert bureau.figure("study.total_minutes") == 0


def test_a_session_of_several_branches_is_one_record(bureau):
    bureau.bring(学习活动=[session(organiser="第一党支部、第二党支部", 参加人员="张三（M0001）、李四（M0003）")])
    (record,) = records()
    assert record.branch_id == bureau.first.id
    assert [c.unit_id for c in db.session.scalars(select(CoOrganiser))] == [bureau.second.id]
    assert [p.branch_id for p in record.participations] == [bureau.first.id, bureau.second.id]


def test_a_count_without_names_is_kept_and_one_that_agrees_with_the_names_is_not(bureau):
    bureau.bring(学习活动=[session(参加人次=79), session("S002", 参加人员="张三", 参加人次=1)])
    assert [record.headcount for record in records()] == [79, None]


def test_a_count_that_disagrees_with_the_names_is_refused(bureau):
    batch = bureau.bring(学习活动=[session(参加人员="张三", 参加人次=3)])
    assert "The count says 3, but 1 people are named." in sentences(batch)[0]


def test_a_name_that_two_members_bear_is_told_apart_by_the_branch(bureau):
    bureau.study(hour(number=None, name="李四", 党支部="第二党支部"))
    assert records()[0].member_id == bureau.other_li.id


def test_a_name_that_two_members_bear_is_refused_without_number_and_branch(bureau):
    batch = bureau.study(hour(number=None, name="李四"))
    assert "2 members are called 李四. Write the number" in sentences(batch)[0]


def test_a_record_belongs_to_the_branch_of_its_day(bureau, make):
    moved = make.member(bureau.first, name="王五", number="M0009", ends_on=dt.date(2021, 4, 1))
    make.membership(moved, bureau.second, starts_on=dt.date(2021, 4, 1))
    bureau.study(hour(dt.date(2021, 3, 31), "M0009", "王五"), hour(dt.date(2021, 4, 1), "M0009", "王五"))
    assert [record.branch_id for record in records()] == [bureau.first.id, bureau.second.id]


def test_a_day_on_which_somebody_was_no_member_is_refused(bureau, make):
    make.member(bureau.first, name="王五", number="M0009", starts_on=dt.date(2021, 4, 1))
    batch = bureau.study(hour(DAY, "M0009", "王五"))
    assert "王五 was no member of the bureau on 2021-03-05." in sentences(batch)[0]


def test_a_kind_with_several_amounts_in_a_row_makes_a_record_of_each(bureau):
    head = ["工号", "姓名", "党支部", "已完成专题数", "已读书目数"]
    bureau.importer.ledger(bureau.campaign, {"专题书目": [head, ["M0001", "张三", "第一党支部", 4, 3]]})
    assert [(r.type, r.quantity, r.is_dated) for r in records()] == [("专题", 4, False), ("书目", 3, False)]
    assert {record.happened_on for record in records()} == {bureau.campaign.starts_on}


def test_an_end_makes_the_stage_where_the_kind_asks_for_none(bureau):
    rows = [
        [DAY, "M0001", "张三", None, "KN1", "孤寡老人", "北园社区", None],
        [DAY, "M0001", "张三", None, "KN2", "孤寡老人", "北园社区", dt.date(2021, 6, 1)],
    ]
    bureau.bring(结对帮扶=rows)
    assert [record.stage for record in records()] == ["结对中", "已结束"]


def test_owners_are_branches_and_sections_and_an_end_fits_the_stage(bureau):
    done = dt.date(2021, 5, 7)
    bureau.bring(
        微实事=[
            ["W1", DAY, "党支部", "第一党支部", "修灯", "北园社区", "办结", done],
            ["W2", DAY, "科室", "办公室", "修路", "北园社区", "领办", None],
        ]
    )
    assert [(r.owner_type, r.stage, r.ended_on) for r in records()] == [
        (OwnerType.BRANCH, "完成", done), (OwnerType.SECTION, "领办", None),
    ]  # fmt: skip


def test_an_end_that_does_not_fit_the_stage_is_refused(bureau):
    done = dt.date(2021, 5, 7)
    batch = bureau.bring(
        微实事=[
            ["W1", DAY, "支部", "第一党支部", "修灯", None, "完成", None],
            ["W2", DAY, "支部", "第一党支部", "修灯", None, "在办", done],
            ["W3", DAY, "支部", "第一党支部", "修灯", None, "完成", dt.date(2021, 3, 1)],
            ["W4", DAY, "科室", "第一党支部", "修灯", None, "领办", None],
        ]
    )
    assert [sentence.split(": ", 1)[1] for sentence in sentences(batch)] == [
        "At the stage 完成 the day on which it was reached is needed.",
        "At the stage 在办 there is no end yet. Correct the stage, or take the day out.",
        "It ends on 2021-03-01, before it begins on 2021-03-05.",
        "There is no section 第一党支部 in the roster.",
    ]


def test_an_organiser_in_no_roster_becomes_the_committee_if_it_has_no_name(importer, make):
    campaign = make.campaign()
    importer.roster((ARTICLE / "roster.xlsx").read_bytes())
    batch = importer.ledger(campaign, {"学习活动": [ACTIVITY, session(organiser="市民政局机关党委")]})
    assert batch.report["organiser"] == "市民政局机关党委"
    assert db.session.scalars(select(Unit.name).where(Unit.level == UnitLevel.COMMITTEE)).one() == "市民政局机关党委"
    undo_batch(batch, by=importer.by, at=NOW)
    assert db.session.scalars(select(Unit.name).where(Unit.level == UnitLevel.COMMITTEE)).one() == "机关党委"


def test_an_organiser_in_no_roster_is_refused_where_the_committee_has_a_name(bureau):
    bureau.make.committee()
    batch = bureau.bring(学习活动=[session(organiser="第一党之部")])
    assert "第一党之部 is in no roster." in sentences(batch)[0]


def test_two_organisers_in_no_roster_are_refused(importer, make):
    campaign = make.campaign()
    importer.roster((ARTICLE / "roster.xlsx").read_bytes())
    batch = importer.ledger(
        campaign, {"学习活动": [ACTIVITY, session(organiser="民政局党委"), session("S2", organiser="民证局党委")]}
    )
    assert len(sentences(batch)) == 2


# ---- coming again ----


def test_the_same_file_again_changes_nothing(bureau):
    rows = [hour(), hour(), hour(时长=2)]
    bureau.study(*rows)
    again = bureau.study(*rows)
    assert again.report["counts"] == {
        "read": 3, "new": 0, "unchanged": 3, "changed": 0, "reversed_before": 0,
    }  # fmt: skip
    assert (total(Record), bureau.figure("study.total_minutes")) == (3, 240)


def test_a_longer_file_adds_only_what_is_new_alike_rows_included(bureau):
    bureau.study(hour(), hour(时长=2))
    bureau.study(hour(), hour(), hour(时长=2))
    assert bureau.figure("study.total_minutes") == 240


def test_a_row_whose_content_changed_replaces_the_old_one_and_undoing_brings_it_back(bureau):
    bureau.bring(微实事=[["W1", DAY, "支部", "第一党支部", "修灯", None, "在办", None]])
    batch = bureau.bring(微实事=[["W1", DAY, "支部", "第一党支部", "修灯", None, "完成", dt.date(2021, 6, 1)]])
    assert batch.report["counts"]["changed"] == 1
    assert [r.status for r in records()] == [Status.REVERSED, Status.VERIFIED]
    assert bureau.figure("tasks.done") == 1
    undo_batch(batch, by=bureau.importer.by, at=NOW)
    assert [r.status for r in records()] == [Status.VERIFIED, Status.REVERSED]
    assert bureau.figure("tasks.done") == 0
    again = bureau.bring(微实事=[["W1", DAY, "支部", "第一党支部", "修灯", None, "在办", None]])
    assert again.report["counts"]["unchanged"] == 1


def test_an_import_that_was_corrected_later_is_not_undone_first(bureau):
    first = bureau.bring(微实事=[["W1", DAY, "支部", "第一党支部", "修灯", None, "在办", None]])
    bureau.bring(微实事=[["W1", DAY, "支部", "第一党支部", "修灯", None, "领办", None]])
    with pytest.raises(Refused, match="Undo it first"):
        undo_batch(first, by=bureau.importer.by, at=NOW)


def test_a_row_that_was_reversed_is_not_brought_in_again(bureau):
    bureau.study(hour(), hour(时长=2))
    reverse_record(records()[0], version=1, why="重复登记", by=None, at=NOW)
    batch = bureau.study(hour(), hour(时长=2))
    assert batch.report["counts"]["reversed_before"] == 1
    assert bureau.figure("study.total_minutes") == 120


def test_an_attendance_that_was_reversed_does_not_return_with_a_correction(bureau):
    bureau.bring(学习活动=[session(参加人员="张三、李四（M0003）")])
    reverse_participation(records()[0].participations[0], version=1, why="没有到场", by=None, at=NOW)
    bureau.bring(学习活动=[session(参加人员="张三、李四（M0003）", 地点="会议室")])
    new = records(Record.status == Status.VERIFIED)[0]
    assert [p.reversed_why for p in new.participations] == ["没有到场", None]


def test_an_undone_import_counts_for_nothing_and_can_come_again(bureau):
    batch = bureau.study(hour(), hour())
    undo_batch(batch, by=bureau.importer.by, at=NOW)
    assert bureau.figure("study.total_minutes") == 0
    assert bureau.study(hour(), hour()).report["counts"]["new"] == 2
    assert bureau.figure("study.total_minutes") == 120


def test_an_undone_import_is_not_undone_again(bureau):
    batch = bureau.study(hour())
    undo_batch(batch, by=bureau.importer.by, at=NOW)
    with pytest.raises(Refused, match="Somebody else was faster"):
        undo_batch(batch, by=bureau.importer.by, at=NOW)


# ---- what is refused ----


@pytest.mark.parametrize(
    ("row", "cell", "sentence"),
    [
        (hour(dt.date(2021, 2, 25)), "A2", "before the campaign"),
        (hour(dt.date(2021, 8, 1)), "A2", "has not come yet"),
        (hour("2021-02-30"), "A2", "2021-02-30"),
        (hour(number="M9999"), "B2", "Nobody in the roster has the number M9999."),
        (hour(number=None, name="赵六"), "C2", "赵六 is not in the roster."),
        (hour(name="张山"), "C2", "The number M0001 is 张三, not 张山."),
        (hour(党支部="第九党支部"), "D2", "There is no branch 第九党支部"),
        (hour(number=None, 党支部="第二党支部"), "D2", "张三 belongs to 第一党支部, not to 第二党支部"),
        (hour(时长=0), "E2", "is not above zero"),
        (hour(时长=25), "E2", "1500 minutes are more than one entry may have"),
        (hour(时长=None), "E2", "Fill in this cell."),
        (hour(时长="=1+1"), "E2", "The formula in this cell has no value."),
        (hour(学习来源="道听途说"), "F2", "is not in the list"),
        (hour(学习内容="简\x01史"), "G2", "control character"),
    ],
)
def test_a_wrong_cell_is_named_with_what_is_wrong(bureau, row, cell, sentence):
    batch = bureau.study(row)
    assert batch.state is BatchState.REFUSED
    (problem,) = sentences(batch)
    assert problem.startswith(f"读党史 2 {cell}: ")
    assert sentence in problem
    assert total(Record) == 0


def test_a_day_has_24_hours_over_all_rows_and_over_what_is_stored(bureau):
    bureau.study(hour(时长=10), as_verified=False)
    assert "at most 1440" in sentences(bureau.study(hour(时长=8), hour(时长=7)))[0]
    assert bureau.study(hour(时长=8), hour(时长=6)).state is BatchState.COMMITTED


def test_a_number_of_the_file_stands_only_once(bureau):
    batch = bureau.bring(学习活动=[session(), session()])
    assert "The number S001 stands in row 2 of sheet 学习活动 too." in sentences(batch)[0]


def test_everybody_unknown_in_a_cell_is_a_problem_of_its_own(bureau):
    batch = bureau.bring(学习活动=[session(参加人员="张三、赵六、钱七")])
    assert [p.params["name"] for p in problems_of(batch)] == ["赵六", "钱七"]




@pytest.mark.parametrize(("given", "agrees"), [(3.75, True), (3.8, True), (4, True), (3.6, False), ("3小时45分", True)])
def test_a_total_agrees_within_its_printed_digits(bureau, given, agrees):
    total_row = ["合计", None, None, None, given, None, None]
    batch = bureau.study(hour(时长=1.25), hour(时长=2.5), total_row)
    assert (batch.state is BatchState.COMMITTED) is agrees
    assert batch.report["sheets"][0]["totals"] == 1
    assert batch.report["sheets"][0]["read"] == 2


def test_sheets_are_known_by_their_headings_and_notes_are_left_out(bureau):
    sheets = {"3月": [STUDY, hour()], "填写说明": [["请按格式填写"]], "空": []}
    batch = bureau.importer.ledger(bureau.campaign, sheets)
    assert [(s["sheet"], s["kind"]) for s in batch.report["sheets"]] == [
        ("3月", "study"), ("填写说明", None), ("空", None),
    ]  # fmt: skip


def test_a_sheet_that_fits_no_kind_is_a_problem(bureau):
    sheets = {"读党史": [STUDY, hour()], "考勤": [["甲", "乙", "丙"], [1, 2, 3]]}
    batch = bureau.importer.ledger(bureau.campaign, sheets)
    assert "The sheet fits no kind of the campaign" in sentences(batch)[0]


def test_values_of_open_lists_that_are_new_are_shown(bureau):
    first = bureau.bring(学习活动=[session(类别="烈士陵园", 地点="甲")])
    assert first.report["new_values"] == {"category": ["烈士陵园"], "place": ["甲"]}
    second = bureau.bring(学习活动=[session("S2", 类别="烈士陵园", 地点="乙")])
    assert second.report["new_values"] == {"place": ["乙"]}


def test_the_dry_run_shows_the_effect_on_the_figures_and_writes_nothing(bureau, importer):
    batch = importer.check(
        importer.upload(xlsx({"读党史": [STUDY, hour()]}), BatchSort.LEDGER, bureau.campaign)
    )
    effects = {effect["figure"]: (effect["before"], effect["after"]) for effect in batch.report["effects"]}
    assert effects["study.total_minutes"] == (0, 60)
    assert (batch.state, total(Record), total(Participation)) == (BatchState.CHECKED, 0, 0)
    assert bureau.figure("study.total_minutes") == 0
