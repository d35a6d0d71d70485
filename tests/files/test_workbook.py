"""Workbooks are read in a child process, or refused with what to do about it."""

from __future__ import annotations

import datetime as dt
import io
import json
import random
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from tests.files import hostile
from tracker.files.read_child import beyond
from tracker.files.workbook import _SENTENCES, CHILD, Limits, read_workbook
from tracker.rules.headings import ROSTER_COLUMNS
from tracker.rules.refusal import Refused
from tracker.rules.sheets import understand

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

ARTICLE = Path(__file__).parents[2] / "tracker" / "demo"


@pytest.fixture
def book(tmp_path):
    """save(workbook) -> its path."""

    def save(workbook: openpyxl.Workbook) -> Path:
        workbook.save(tmp_path / "台账.xlsx")
        return tmp_path / "台账.xlsx"

    return save


def test_every_sort_of_cell_arrives_as_what_it_is(book):
    workbook = openpyxl.Workbook()
    cells = workbook.worksheets[0]
    written = [
        "日期　", 1.5, 7, True, dt.date(2021, 3, 5), dt.datetime.fromisoformat("2021-03-05 14:30"),
        dt.time(1, 30),
        dt.timedelta(hours=30),
    ]  # fmt: skip
    for row, value in enumerate(written, 3):
        cells.cell(row, 2, value)
    assert read_workbook(book(workbook)).sheets[0].rows == [(n, [None, v]) for n, v in enumerate(written, 3)]


def test_rows_keep_the_numbers_that_excel_shows_and_blank_ones_are_left_out(book):
    workbook = openpyxl.Workbook()
    workbook.worksheets[0]["C5"] = "x"
    workbook.worksheets[0]["A9"] = "y"
    assert read_workbook(book(workbook)).sheets[0].rows == [(5, ["", "", "x"]), (9, ["y"])]


def test_formulas_errors_merged_cells_and_hidden_things_are_told(book):
    workbook = openpyxl.Workbook()
    cells = workbook.worksheets[0]
    cells["A1"], cells["B2"], cells["C2"] = "标题", "=SUM(1,2)", "#N/A"
    cells["C2"].data_type = "e"
    cells.merge_cells("A1:C1")
    cells.row_dimensions[2].hidden = True
    workbook.create_sheet("选项").sheet_state = "hidden"
    read = read_workbook(book(workbook))
    assert read.formulas == [("Sheet", 2, 1)]
    assert read.merged["Sheet"] == ((1, 0, 1, 2),)
    assert read.hidden_sheets == ["选项"]
    assert read.sheets[0].hidden_rows == (2,)
    assert read.sheets[0].rows[1] == (2, ["", "", "#N/A"])


def test_control_characters_arrive_so_that_the_rules_can_refuse_them(tmp_path):
    row = b'<row r="1"><c r="A1" t="inlineStr"><is><t>a_x0007_b</t></is></c></row>'
    path = hostile.write(tmp_path / "x", hostile.with_rows(row))
    assert read_workbook(path).sheets[0].rows == [(1, ["a\x07b"])]


def test_formats_far_below_the_table_do_no_harm(tmp_path):
    rows = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    path = hostile.write(tmp_path / "x", hostile.with_rows(rows))
    assert read_workbook(path).sheets[0].rows == [(1, [1.0])]


def test_an_ordinary_link_in_a_cell_is_no_external_link(book):
    workbook = openpyxl.Workbook()
    workbook.worksheets[0]["A1"] = "网页"
    workbook.worksheets[0]["A1"].hyperlink = "https://example.org/"
    assert read_workbook(book(workbook)).sheets[0].rows == [(1, ["网页"])]


@pytest.mark.parametrize("name", hostile.REFUSED)
def test_a_hostile_or_mistaken_file_is_refused_with_what_to_do(name, tmp_path):
    make, sentence = hostile.REFUSED[name]
    with pytest.raises(Refused, match=sentence) as refused:
        read_workbook(hostile.write(tmp_path / "x.xlsx", make()))
    assert refused.value.field == "file"


def test_what_comes_out_of_the_child_is_bounded_too(tmp_path):
    path = hostile.write(tmp_path / "x", hostile.one_string_in_many_cells())
    with pytest.raises(Refused, match="unpacks to more than 8 MiB"):
        read_workbook(path, Limits(unpacked=8 * 2**20))


def test_no_truncation_and_no_flipped_byte_gets_past_the_refusals(tmp_path):
    content = hostile.harmless()
    chance = random.Random(7)
    for _ in range(5):
        broken = bytearray(content[: chance.randrange(1, len(content))])
        flipped = bytearray(content)
        flipped[chance.randrange(4, len(content))] ^= 1 << chance.randrange(8)
        for candidate in (broken, flipped):
            try:
                read_workbook(hostile.write(tmp_path / "x", bytes(candidate)))
            except Refused:
                continue


def test_a_file_one_byte_too_large_is_refused_unopened(tmp_path):
    path = hostile.write(tmp_path / "x", hostile.harmless())
    size = path.stat().st_size
    assert read_workbook(path, Limits(file=size)).sheets
    with pytest.raises(Refused, match="larger than"):
        read_workbook(path, Limits(file=size - 1))


def test_a_child_that_takes_too_long_is_stopped(tmp_path):
    path = hostile.write(tmp_path / "x", hostile.harmless())
    with pytest.raises(Refused, match="longer than 0 seconds"):
        read_workbook(path, Limits(seconds=0))


def test_a_child_that_runs_out_of_memory_is_a_refusal(tmp_path):
    path = hostile.write(tmp_path / "x", hostile.harmless())
    with pytest.raises(Refused, match=r"too much memory|could not be read"):
        read_workbook(path, Limits(memory=2**20))


def test_every_sentence_fits_the_words_that_the_child_sends_with_it():
    source = CHILD.read_text(encoding="utf-8")
    params = dict.fromkeys(("most", "seconds", "sheet", "cell", "rows", "columns"), 1)
    assert all(sentence % params for sentence in _SENTENCES.values())
    for code in (
        "damaged",
        "encrypted",
        "parts",
        "unpacked",
        "ratio",
        "not_excel",
        "dtd",
        "extent",
        "merged",
        "cell",
    ):
        assert f'"{code}"' in source
        assert code in _SENTENCES


def test_the_child_needs_nothing_of_the_application(tmp_path):
    path = hostile.write(tmp_path / "x", hostile.harmless())
    limits = json.dumps({field: getattr(Limits(), field) for field in Limits.__slots__})
    command = [sys.executable, "-I", "-X", "importtime", str(CHILD), str(path), limits]
    done = subprocess.run(command, capture_output=True, env={}, check=True)
    assert b"flask" not in done.stderr
    assert b"tracker" not in done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {"end": True}


@pytest.mark.parametrize(
    ("most", "last", "within", "past"),
    [
        ("60100", "9", "60100", "60101"),
        ("99", "9", "7", "100"),
        ("BH", "Z", "BH", "BI"),
        ("Z", "Z", "Z", "AA"),
    ],
)
def test_the_pattern_for_what_lies_beyond_is_exact(most, last, within, past):
    assert re.fullmatch(beyond(most, last), within) is None
    assert re.fullmatch(beyond(most, last), past)


def test_rows_over_all_sheets_are_counted_together(book):
    workbook = openpyxl.Workbook(write_only=True)
    for name in ("一", "二"):
        cells = workbook.create_sheet(name)
        for _ in range(400):
            cells.append(["x"])
    path = book(workbook)
    progress: list[int] = []
    assert len(read_workbook(path, Limits(rows=600), progress.append).sheets) == 2
    assert progress == [400, 800]
    with pytest.raises(Refused, match="more than 599 rows"):
        read_workbook(path, Limits(rows=599))


def test_the_whole_acceptance_ledger_and_roster_are_read():
    ledger = read_workbook(ARTICLE / "ledger.xlsx")
    assert [len(sheet.rows) - 1 for sheet in ledger.sheets] == [11433, 74, 551, 96, 496, 74, 124]
    assert ledger.formulas == []
    roster = understand(read_workbook(ARTICLE / "roster.xlsx").sheets[0], ROSTER_COLUMNS)
    assert len(roster.rows) == 126
    assert [roster.problems, roster.remarks, roster.unknown_headings] == [[], [], []]


def test_a_workbook_is_recognised_by_its_content_whatever_its_name(tmp_path):
    workbook = openpyxl.Workbook()
    workbook.worksheets[0]["A1"] = 1
    file = io.BytesIO()
    workbook.save(file)
    assert read_workbook(hostile.write(tmp_path / "9f3a", file.getvalue())).sheets[0].rows == [(1, [1.0])]
