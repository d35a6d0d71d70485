"""The workbook of a list."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl

from tracker.files.record_sheet import LONGEST_CELL, record_sheet


def written(rows, headings=("甲", "乙", "丙")):
    content, count = record_sheet("台账", headings, rows, "说明", [("活动", "七")])
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(min_row=2)], count, book


def test_days_and_numbers_keep_their_type():
    rows, count, _ = written([[dt.date(2021, 3, 5), 90, None]])
    assert rows[0][0].date() == dt.date(2021, 3, 5)
    assert rows[0][1:] == [90, None]
    assert count == 1


def test_texts_that_look_like_formulas_or_links_stay_texts():
    texts = ["=1+1", "+1", "-1", "@SUM(A1)", "http://example.org", "{=1}", "0012"]
    rows, _, book = written([[text, "", ""] for text in texts])
    assert [row[0] for row in rows] == texts
    assert not any(
        cell.data_type == "f" or cell.hyperlink for row in book.worksheets[0].iter_rows() for cell in row
    )


def test_what_a_workbook_cannot_hold_is_left_out():
    rows, _, _ = written([["a\x00\x0b\x1f\ufffe\ud800b", "行一\n行二", "长" * 40_000]])
    assert rows[0][:2] == ["ab", "行一\n行二"]
    assert len(rows[0][2]) == LONGEST_CELL


def test_a_list_without_rows_is_a_workbook_all_the_same():
    rows, count, book = written([])
    assert (rows, count) == ([], 0)
    assert book.worksheets[1]["B1"].value == "七"


def test_a_title_too_long_for_a_sheet_is_cut():
    content, _ = record_sheet("长" * 50, ["甲"], [], "说明", [])
    assert len(openpyxl.load_workbook(io.BytesIO(content)).sheetnames[0]) == 31
