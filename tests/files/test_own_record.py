"""The workbook about one person: what is long has room, whichever program opens it."""

from __future__ import annotations

import io

import openpyxl

from tracker.files.own_record import LINE, WIDEST, Part, own_record


def test_a_text_that_wraps_has_a_row_of_its_height_and_a_short_one_has_not():
    rows = (("短", "短"), ("长" * 100, "一\n二\n三"))
    book = openpyxl.load_workbook(io.BytesIO(own_record([Part("表", ("原因", "内容"), rows, is_text=True)])))
    sheet = book.active
    assert sheet.row_dimensions[2].height is None
    assert sheet.row_dimensions[3].height == LINE * 5  # 200 across in columns of 46
    assert sheet.column_dimensions["A"].width >= WIDEST
    assert sheet["A3"].alignment.wrap_text and sheet.page_setup.orientation == "landscape"
