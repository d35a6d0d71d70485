"""A sheet as offices hand it in, understood as a table."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.headings import ROSTER_COLUMNS, STANDARD_ALIASES, ColumnSpec
from tracker.rules.sheets import RawSheet, column_letter, understand


def spec(field: str, heading: str, required: bool = False) -> ColumnSpec:
    return ColumnSpec(field, heading, STANDARD_ALIASES[field], required)


STUDY = [
    spec("happened_on", "日期", True),
    spec("member_number", "工号"),
    spec("member_name", "姓名", True),
    spec("branch", "党支部"),
    spec("minutes", "时长", True),
    spec("source", "学习来源"),
]
SESSION = [
    spec("happened_on", "日期", True),
    spec("title", "主题", True),
    spec("people", "参加人员"),
    spec("headcount", "参加人次"),
]
ID_NUMBER = "11010519491231002X"  # the example of the standard itself
DAY = dt.date(2021, 3, 5)


def sheet(*rows: list, **more) -> RawSheet:
    return RawSheet("学习", [(number, list(row)) for number, row in enumerate(rows, 1) if row], **more)


def messages(problems) -> list[str]:
    return [problem.message for problem in problems]


def test_a_plain_table_is_understood():
    found = understand(sheet(["日期", "工号", "姓名", "时长"], [DAY, "M1", "张三", 1.5]), STUDY)
    assert found.heading_rows == (1,)
    assert found.rows == [
        (2, {"happened_on": DAY, "member_number": "M1", "member_name": "张三", "minutes": 1.5})
    ]
    assert [found.problems, found.remarks, found.unknown_headings, found.not_understood] == [
        [],
        [],
        [],
        False,
    ]


def test_headings_are_found_below_a_title_and_a_line_of_notes_and_beside_a_blank_column():
    found = understand(
        sheet(
            ["党员学习台账（2021年）"],
            [],
            ["填报单位：局机关第一党支部    填报日期：2021年6月26日"],
            [None, "序号", "学习日期", "所在支部", "党员\n姓名", "学习时长（分钟） *"],
            [],
            ["", 1.0, "2021.3.5", "第一支部", "张　三", 90.0],
        ),
        STUDY,
    )
    assert found.heading_rows == (4,)
    assert found.note_unit == "局机关第一党支部"
    assert found.units == {"minutes": "minutes"}
    assert found.columns["minutes"].letter == "F"
    assert found.columns["member_name"].heading == "党员 姓名"
    assert found.rows[0][0] == 6
    assert found.rows[0][1]["branch"] == "第一支部"
    assert found.unknown_headings == []


def test_headings_in_two_rows_are_read_together():
    found = understand(
        sheet(
            ["活动台账"],
            ["时间", "活动主题", "参加", None, "备注"],
            [None, None, "人员", "人次", None],
            [DAY, "主题党日", "张三、李四", 2.0, None],
        ),
        SESSION,
    )
    assert found.heading_rows == (2, 3)
    letters = {name: column.letter for name, column in found.columns.items()}
    assert letters == {"happened_on": "A", "title": "B", "people": "C", "headcount": "D"}
    assert found.rows == [
        (4, {"happened_on": DAY, "title": "主题党日", "people": "张三、李四", "headcount": 2.0})
    ]
    assert found.unknown_headings == ["备注"]


def test_a_first_row_of_data_that_is_all_text_is_no_second_row_of_headings():
    found = understand(
        sheet(["姓名", "日期", "时长"], ["张三", "2021-03-05", "支部"], ["李四", "2021-03-06", "1"]), STUDY
    )
    assert found.heading_rows == (1,)
    assert [row for row, _ in found.rows] == [2, 3]


def test_a_sheet_without_headings_is_not_understood_and_says_what_was_expected():
    found = understand(sheet(["填表说明"], ["请按月填报"]), STUDY)
    assert found.not_understood
    assert messages(found.problems) == [
        "No row with headings was found. Expected are: 日期、工号、姓名、党支部、时长、学习来源."
    ]
    assert understand(RawSheet("空", []), STUDY).not_understood


def test_missing_columns_are_all_named():
    found = understand(sheet(["工号", "党支部"], ["M1", "第一支部"]), STUDY)
    assert found.missing_required == ["日期", "姓名", "时长"]
    assert len(found.problems) == 3


def test_its_own_heading_beats_an_alias_and_the_loser_is_named():
    found = understand(sheet(["时间", "日期", "姓名", "时长"], ["上午", DAY, "张三", 1.0]), STUDY)
    assert found.columns["happened_on"].letter == "B"
    assert found.unknown_headings == ["时间"]
    assert not found.problems


def test_an_alias_beats_a_heading_with_a_remark():
    found = understand(sheet(["日期（年月日）", "学习日期", "姓名", "时长"], [DAY, DAY, "张三", 1.0]), STUDY)
    assert found.columns["happened_on"].letter == "B"


def test_two_columns_that_mean_the_same_are_refused():
    found = understand(sheet(["学习日期", "活动日期", "姓名", "时长"], [DAY, DAY, "张三", 1.0]), STUDY)
    assert messages(found.problems) == ["Several columns could mean the same: 学习日期、活动日期. Keep one."]


def test_a_time_with_a_unit_is_a_duration_and_one_without_is_a_day():
    found = understand(sheet(["学习时间", "姓名", "学习时间（分钟）"], [DAY, "张三", 90.0]), STUDY)
    assert (found.columns["happened_on"].letter, found.columns["minutes"].letter) == ("A", "C")
    assert found.units == {"minutes": "minutes"}


def test_class_hours_are_not_taken_for_hours():
    found = understand(sheet(["日期", "姓名", "时长（学时）"], [DAY, "张三", 2.0]), STUDY)
    assert messages(found.problems) == ["The column counts class hours (学时), which are not hours."]


def test_totals_are_set_apart_with_their_values():
    found = understand(
        sheet(
            ["日期", "姓名", "时长"],
            [DAY, "张三", 1.5],
            ["合 计", None, 1.5],
            [None, "小计：", 2.0],
            ["总计（小时）", None, 3.5],
        ),
        STUDY,
    )
    assert found.totals == [(3, {"minutes": 1.5}), (4, {"minutes": 2.0}), (5, {"minutes": 3.5})]
    assert [row for row, _ in found.rows] == [2]


def test_a_title_that_speaks_of_totals_is_data():
    found = understand(sheet(["日期", "主题"], [DAY, "合计算清民生账"], [DAY, "总计划"]), SESSION)
    assert len(found.rows) == 2


@pytest.mark.parametrize("mark", ["示例", "（示例）张三", "示例：", "例：张三", "【填写示例】"])
def test_an_example_is_left_out_and_said_so(mark):
    found = understand(sheet(["日期", "姓名", "时长"], [DAY, mark, 1.5], [DAY, "李四", 1.0]), STUDY)
    assert [row for row, _ in found.rows] == [3]
    assert [(remark.row, remark.message) for remark in found.remarks] == [(2, "The example was not read.")]


def test_what_stands_below_the_signatures_is_no_data_unless_it_is_a_whole_row():
    found = understand(
        sheet(
            ["日期", "姓名", "时长"],
            [DAY, "张三", 1.0],
            ["填表人：王五", None, "审核人：赵六"],
            ["1.时长以小时计", None, None],
            [DAY, "李四", 2.0],
            ["备注：以上属实"],
        ),
        STUDY,
    )
    assert [row for row, _ in found.rows] == [2, 5]
    assert [remark.row for remark in found.remarks] == [4]


def test_rows_that_hold_only_a_running_number_are_blank():
    found = understand(sheet(["序号", "日期", "姓名", "时长"], [1.0, DAY, "张三", 1.0], [2.0], [3.0]), STUDY)
    assert len(found.rows) == 1
    assert found.remarks == []


def test_a_row_with_nothing_in_known_columns_is_said():
    found = understand(
        sheet(["日期", "姓名", "时长", "心情"], [DAY, "张三", 1.0], [None, None, None, "好"]), STUDY
    )
    assert messages(found.remarks) == ["Nothing stands in the columns that are read."]
    assert found.unknown_headings == ["心情"]


def test_a_column_with_values_and_no_heading_is_named_by_its_letter():
    found = understand(
        sheet(["日期", "姓名", "时长"], [DAY, "张三", 1.0, "好"], [DAY, "李四", 1.0, "好"]), STUDY
    )
    assert found.unknown_headings == ["D"]


def test_headings_printed_again_on_the_next_page_are_skipped():
    found = understand(
        sheet(["日期", "姓名", "时长"], [DAY, "张三", 1.0], ["日期", "姓名", "时长"], [DAY, "李四", 2.0]),
        STUDY,
    )
    assert [row for row, _ in found.rows] == [2, 4]
    assert messages(found.remarks) == ["The headings stand here again."]


def test_columns_that_may_not_be_kept_are_dropped_by_heading_and_by_content():
    found = understand(
        sheet(
            ["工号", "姓名", "党支部", "身份证号码", "家庭住址", "附加", "月收入"],
            ["M1", "张三", "第一支部", "不详", "某路1号", ID_NUMBER, 5000.0],
        ),
        ROSTER_COLUMNS,
    )
    assert found.dropped_headings == ["身份证号码", "家庭住址", "附加", "月收入"]
    assert set(found.columns) == {"number", "name", "branch"}
    assert not found.problems


def test_a_column_of_id_numbers_under_another_heading_is_dropped_and_refused():
    found = understand(sheet(["编号", "姓名", "党支部"], [ID_NUMBER, "张三", "第一支部"]), ROSTER_COLUMNS)
    assert found.dropped_headings == ["编号"]
    assert "number" not in found.rows[0][1]
    assert messages(found.problems)[0] == "The column holds ID numbers, which are not kept. Use another code."


def test_one_id_number_in_a_text_is_taken_out_and_refused():
    rows = [[f"M{n}", "张三", "第一支部"] for n in range(5)]
    rows[3][1] = f"张三 {ID_NUMBER}"
    found = understand(sheet(["工号", "姓名", "党支部"], *rows), ROSTER_COLUMNS)
    assert found.rows[3][1]["name"] is None
    assert [(p.cell, p.column, p.message) for p in found.problems] == [
        ("B5", "姓名", "The cell holds an ID number. Take it out.")
    ]


def test_a_day_merged_over_rows_holds_for_each_and_an_amount_is_refused():
    found = understand(
        sheet(
            ["日期", "姓名", "时长"], [DAY, "张三", 1.0], [None, "李四", 2.0], [None, "王五", None],
            merged=((2, 0, 4, 0), (3, 2, 4, 2)),
        ),
        STUDY,
    )  # fmt: skip
    assert [values["happened_on"] for _, values in found.rows] == [DAY] * 3
    assert [(p.cell, p.message) for p in found.problems] == [
        ("C3", "One merged cell covers rows 3 to 4. Write the amount in each row.")
    ]


def test_a_formula_in_a_cell_that_is_read_is_reported_with_its_field():
    found = understand(
        sheet(
            ["日期", "姓名", "时长"],
            [DAY, "张三", 1.0],
            ["合计", None, 1.0],
            formulas=frozenset({(2, 2), (3, 2), (2, 9)}),
        ),
        STUDY,
    )
    assert found.formulas == [(2, "minutes")]


@given(
    st.lists(st.lists(st.text(max_size=8) | st.floats() | st.none() | st.dates(), max_size=6), max_size=12)
)
def test_no_sheet_breaks_the_reader_and_no_row_is_lost_twice(rows):
    raw = sheet(["日期", "姓名", "时长"], *rows)
    found = understand(raw, STUDY)
    seen = [row for row, _ in found.rows + found.totals]
    assert len(seen) == len(set(seen))
    assert set(seen) <= {row for row, _ in raw.rows}


def test_columns_have_the_letters_of_excel():
    assert [column_letter(index) for index in (0, 25, 26, 59, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "BH",
        "ZZ",
        "AAA",
    ]
