"""Names of sheets: what Excel takes, each once."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from tracker.files.record_sheet import sheet_name
from tracker.files.workbook import read_workbook
from tracker.rules.refusal import Refused


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
    assert sheet_name(name) == copied


def test_names_that_are_alike_after_cutting_are_told_apart():
    assert sheet_name("X" * 40 + "2", ["x" * 31]) == "X" * 30 + "2"
    assert sheet_name("问题清单", ["问题清单", "问题清单2"]) == "问题清单3"


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
