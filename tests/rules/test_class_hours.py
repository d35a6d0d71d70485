"""学时 and hours are different units: a campaign says how long one is, and nothing adds the two."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests.rules.test_campaign_file import faults
from tests.rules.test_ledger_rows import REGISTER
from tracker.files.ledger_template import blank_ledger
from tracker.rules.campaign_file import read_campaign
from tracker.rules.ledgers import check_sheets
from tracker.rules.sheets import RawSheet

TODAY = dt.date(2021, 7, 31)
COUNTED = """format = 1
code = "counted"
name = "学时"
starts_on = 2021-01-01
ends_on = 2021-12-31

[[kinds]]
code = "training"
name = "培训"
sheet = "培训"
owners = ["member"]
minutes_in = "class_hours"
class_hour_minutes = 45
columns = [
  { field = "happened_on", heading = "日期", required = true },
  { field = "member_number", heading = "工号" },
  { field = "member_name", heading = "姓名", required = true },
  { field = "minutes", heading = "学习量", aliases = ["学时", "时长"], required = true },
]

[[figures]]
id = "training.min"
title = "最低"
kind = "training"
measure = "minutes"
scope = "member"
reduce = "min"
divide_by = 45
unit = "学时"
"""


def check(heading, *amounts, text=COUNTED, total=None):
    rows = [[dt.date(2021, 3, 1 + n), "M0001", "张三", amount] for n, amount in enumerate(amounts)]
    rows += [["合计", None, None, total]] if total is not None else []
    cells = [["日期", "工号", "姓名", heading], *rows]
    sheet = RawSheet("培训", list(enumerate(cells, 1)))
    return check_sheets([sheet], read_campaign(text), REGISTER, TODAY)


def minutes(plan):
    assert plan.problems == []
    return [entry.minutes for entry in plan.entries]


@pytest.mark.parametrize(
    ("heading", "found"),
    [("学时", 90), ("学习量", 90), ("时长（学时）", 90), ("时长（小时）", 120), ("时长（分钟）", 2)],
)
def test_a_bare_number_is_what_its_heading_says_and_else_what_the_kind_says(heading, found):
    assert minutes(check(heading, 2)) == [found]


def test_a_cell_that_states_its_unit_is_taken_at_its_word():
    assert minutes(check("学时", 2, "2学时", "90分钟", "1.5小时")) == [90, 90, 90, 90]


def test_without_a_rule_a_column_of_class_hours_is_refused():
    text = COUNTED.replace('minutes_in = "class_hours"\nclass_hour_minutes = 45\n', "").replace(
        'divide_by = 45\nunit = "学时"', 'divide_by = 60\nunit = "小时"'
    )
    plan = check("学时", 2, text=text)
    assert [problem.msgid for problem in plan.problems] == [
        "The column counts class hours (学时), which are not hours."
    ]


def test_the_row_of_totals_is_held_against_the_class_hours_above_it():
    assert check("学时", 2, 3, "45分钟", total=6).problems == []
    assert check("学时", 2, 3, total="5学时").problems == []
    (problem,) = check("学时", 2, 3, total=6).problems
    assert problem.params == {"given": "6", "sum": "5"}


def test_half_a_minute_is_told_with_its_cell():
    (problem,) = check("学时", 1.5).problems
    assert "no whole number" in problem.msgid
    assert problem.row == 2


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("class_hour_minutes = 45\n", "", "needs class_hour_minutes"),
        ("class_hour_minutes = 45", "class_hour_minutes = 0", "must be above 0"),
        ("divide_by = 45", "divide_by = 60", "must be 45"),
        ('divide_by = 45\nunit = "学时"', 'divide_by = 45\nunit = "小时"', "must be 60"),
        ("divide_by = 45\n", "", "must be 45"),
    ],
)
def test_a_conversion_that_is_missing_or_does_not_agree_is_a_fault(old, new, fault):
    assert fault in faults(COUNTED.replace(old, new))


def test_a_figure_in_class_hours_over_a_kind_in_hours_is_a_fault():
    text = COUNTED.replace('minutes_in = "class_hours"\nclass_hour_minutes = 45\n', "")
    assert "say in the kind how long one is" in faults(text)


def test_the_blank_workbook_says_how_long_one_is():
    book = load_workbook(BytesIO(blank_ledger(read_campaign(COUNTED), ())))
    note = book["培训"]["D1"].comment
    assert note is not None
    assert "不写单位按学时计。" in note.text
    assert "1学时为45分钟。" in note.text
