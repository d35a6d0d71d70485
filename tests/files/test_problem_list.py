"""The marked copy of a workbook that nobody's Excel wrote."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from tracker.files.problem_list import ProblemRow, marked_copy
from tracker.files.record_sheet import sheet_name
from tracker.files.workbook import Workbook, read_workbook
from tracker.rules.refusal import Refused
from tracker.rules.sheets import RawSheet

HEADINGS = ["工作表", "行", "列", "单元格", "问题"]


def copy_of(*sheets):
    problems = [ProblemRow(sheet.name, 1, "时长", "A1", "改") for sheet in sheets]
    content = marked_copy(Workbook(list(sheets)), problems, HEADINGS)
    return openpyxl.load_workbook(io.BytesIO(content))


def sheet(name, *cells):
    return RawSheet(name, [(1, list(cells))])


@pytest.mark.parametrize(
    ("name", "copied"),
    [
        ("a/b:c[d]*?", "a_b_c_d___"),
        ("'a'", "a"),
        ("", "_"),
        ("长" * 300, "长" * 31),
        ("History", "History2"),
        ("a\x01b", "ab"),
    ],
)
def test_a_name_that_excel_does_not_take_becomes_one_that_it_takes(name, copied):
    book = copy_of(sheet(name, "甲"))
    assert book.sheetnames == ["问题清单", copied]
    assert book[copied]["A1"].comment is not None


def test_names_that_are_alike_after_cutting_are_told_apart():
    assert copy_of(sheet("x" * 40 + "1", 1), sheet("X" * 40 + "2", 1)).sheetnames == [
        "问题清单",
        "x" * 31,
        "X" * 30 + "2",
    ]
    assert sheet_name("问题清单", ["问题清单", "问题清单2"]) == "问题清单3"


def test_a_number_that_is_none_is_copied_as_text():
    book = copy_of(sheet("读党史", float("nan"), float("inf"), -1e308))
    assert [cell.value for cell in book["读党史"][1]] == ["nan", "inf", -1e308]


def test_two_sheets_of_one_name_are_a_damaged_file(tmp_path):
    book, file, path = openpyxl.Workbook(), io.BytesIO(), tmp_path / "twice.xlsx"
    book.create_sheet("other")
    book.save(file)
    path.write_bytes(file.getvalue())
    assert len(read_workbook(path).sheets) == 2
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'name="other"', b'name="SHEET"'))
    with pytest.raises(Refused, match="damaged"):
        read_workbook(path)
