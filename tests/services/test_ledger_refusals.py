"""A ledger with problems: each is named with its place, and nothing is written."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.ledger_rows import STUDY, hour, session, total
from tests.workbooks import sentences, xlsx
from tracker.models import (
    BatchSort,
    BatchState,
    Participation,
    Record,
)
from tracker.services.batches import problems_of

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


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


@pytest.mark.parametrize(
    ("given", "agrees"), [(3.75, True), (3.8, True), (4, True), (3.6, False), ("3小时45分", True)]
)
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
