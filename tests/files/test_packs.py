"""Summary packs: what stands in them, what does not, and texts of every sort."""

from __future__ import annotations

import datetime as dt
import hashlib
import sys
import unicodedata
from dataclasses import replace

import openpyxl
import pytest

from tests.bulletins import begin, issue
from tests.bureau import DAY, Bureau
from tests.maker import NOW
from tests.packs import BOOK, a_pack
from tracker.files.bulletin_docx import docx_of
from tracker.files.pack_book import write_pack
from tracker.files.pack_ledger import write_ledger
from tracker.files.pack_zip import MANIFEST, csv_bytes, file_name
from tracker.filters import said_in_chinese
from tracker.queries.bulletins import document_of
from tracker.queries.campaigns import spec_of
from tracker.queries.figures import figures_json
from tracker.queries.packs import pack_on
from tracker.rules.packs import FEW, Amount
from tracker.services.records import reverse_record

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture
def bureau(make):
    return Bureau(make)


@pytest.fixture
def pack(bureau, tmp_path):
    return a_pack(bureau.campaign, tmp_path)


def one_of_each_class():
    """A character of each class of Unicode, those that no XML can hold among them."""
    found = {}
    for code in range(sys.maxunicode + 1):
        found.setdefault(unicodedata.category(chr(code)), chr(code))
    return "".join(found.values())


def test_there_is_a_sheet_for_each_goal_with_two_native_charts(pack, bureau):
    book = pack.book()
    goals = [goal.short_name for goal in spec_of(bureau.campaign).goals]
    assert book.sheetnames == ["总览", *goals, "数据项", "党支部", "说明"]
    for name in goals:
        assert len(book[name]._charts) == 2, name
        assert book[name].page_setup.orientation == "landscape"
        assert str(book[name].page_setup.paperSize) == "9"


def test_every_figure_stands_with_value_unit_rule_and_rows(pack, bureau):
    rows = {row[0]: row for row in pack.rows("数据项")[4:] if row[0]}
    spec, truth = spec_of(bureau.campaign), figures_json(bureau.campaign, DAY)["figures"]
    assert list(rows) == [figure.id for figure in spec.figures]
    for figure in spec.figures:
        row, true = rows[figure.id], truth[figure.id]
        assert row[1] == figure.title
        assert row[6] == figure.unit
        assert row[8], figure.id
        assert len(row[9]) == 12
        if isinstance(true, int | float) and row[3] != FEW:
            assert row[3] == pytest.approx(true, abs=0.0011), figure.id
        if isinstance(true, dict) and "low" in true:
            assert [row[4], row[5]] == [true["low"], true["high"]]
    assert rows["study.total_minutes"][7] == 5
    assert rows["members.all"][7] is None


def test_zero_silence_and_not_asked_look_different(make, tmp_path):
    bureau = Bureau(make)
    make.branch("离退休支部", "retired")
    spec = spec_of(bureau.campaign)
    rows = a_pack(bureau.campaign, tmp_path).rows("党支部")
    cells = {row[0]: row[2:] for row in rows[4:] if row[0]}
    said = {cell for row in cells.values() for cell in row}
    assert {"未报", "不适用"} <= said
    column = [goal.code for goal in spec.goals if goal.not_for]
    assert column, "the campaign asks everything of everybody: the test is blind"


def test_nobody_is_named_in_the_workbook_and_codes_stand_where_a_kind_hides_names(pack, bureau):
    names = [person.name for person in bureau.people] + [person.number for person in bureau.people]
    texts = "\n".join(
        str(cell.value) for sheet in pack.book() for row in sheet.iter_rows() for cell in row if cell.value
    )
    assert [name for name in names if name in texts] == []
    for position, kind in enumerate(spec_of(bureau.campaign).kinds, 1):
        rows = pack.rows(kind.sheet, f"台账/{position:02}-{kind.name}.xlsx")
        told = {cell for row in rows for cell in row if isinstance(cell, str)}
        assert bool(told & set(names)) == ("member" in kind.owners and not kind.hides_names), kind.code


def test_the_ledger_holds_the_verified_records_up_to_the_day(pack, bureau):
    rows = pack.rows("读党史", "台账/01-读党史.xlsx")
    assert len(rows) - 1 == 5  # neither what was done later nor what waits
    assert rows[1][0] == 1
    assert isinstance(rows[1][1], dt.datetime)
    assert sum(row[rows[0].index("分钟")] for row in rows[1:]) == 90 + 45 + 6000 + 30 + 60


def test_few_people_in_hardship_are_not_counted_in_it(pack, bureau):
    figures = [one for one in spec_of(bureau.campaign).figures if one.kind == "pairing"]
    shown = {row[0]: row[3] for row in pack.rows("数据项")[4:] if row[0]}
    true = figures_json(bureau.campaign, DAY)["figures"]
    few = [one.id for one in figures if true[one.id] in (1, 2) and str(one.measure) == "subjects"]
    assert few
    for figure_id in few:
        assert shown[figure_id] == FEW
        assert pack.figures["figures"][figure_id] == FEW


def test_the_list_of_files_has_their_digests_and_the_same_ledger_gives_the_same_bytes(pack, bureau, tmp_path):
    listed = {one["name"]: one for one in pack.manifest["files"]}
    assert [*listed, MANIFEST] == pack.names
    for name, one in listed.items():
        content = pack.zip.read(name)
        assert (one["sha256"], one["bytes"]) == (hashlib.sha256(content).hexdigest(), len(content))
    assert pack.manifest["as_of"] == DAY.isoformat()
    assert pack.manifest["figures_sha256"] == hashlib.sha256(pack.zip.read("数据.json")).hexdigest()
    assert all(info.flag_bits & 0x800 for info in pack.zip.infolist() if not info.filename.isascii())
    assert a_pack(bureau.campaign, tmp_path).content == pack.content


def test_only_what_was_asked_for_is_in_it(bureau, tmp_path):
    assert a_pack(bureau.campaign, tmp_path, parts=()).names == [BOOK, "数据.json", MANIFEST]
    assert not [name for name in a_pack(bureau.campaign, tmp_path, parts=["charts"]).names if "台账" in name]


def test_the_bulletins_that_were_issued_by_the_day_are_in_it(bureau, make, tmp_path):
    issued = issue(begin(bureau.campaign, make.office), make.office)
    begin(bureau.campaign, make.office)
    name = f"简报/{issued.name}-第1期-{DAY.isoformat()}.docx"
    pack = a_pack(bureau.campaign, tmp_path, parts=["bulletins"])
    assert [one for one in pack.names if one.startswith("简报")] == [name]
    assert pack.zip.read(name) == docx_of(document_of(issued))
    before = DAY - dt.timedelta(days=1)
    earlier = a_pack(bureau.campaign, tmp_path, before, parts=["bulletins"])
    assert [one for one in earlier.names if one.startswith("简报")] == []


def test_an_empty_ledger_and_an_empty_roster_give_a_pack(make, tmp_path):
    pack = a_pack(make.campaign(), tmp_path)
    assert pack.rows("总览")[4][7] in ("没有统计对象", "尚无进度，无法预测")
    assert pack.manifest["bureau"] == ""


@pytest.mark.parametrize("day", [dt.date(2021, 2, 26), dt.date(2021, 12, 31)])
def test_the_first_and_the_last_day_give_a_pack(bureau, tmp_path, day):
    assert a_pack(bureau.campaign, tmp_path, day).manifest["as_of"] == day.isoformat()


HOSTILE = ("=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "<r>x</r>", "&amp;<b>", "{=A1}", "http://x.example", "'")


@pytest.mark.parametrize("text", [*HOSTILE, "every class"])
def test_a_text_of_any_sort_stays_a_text_in_the_workbook(bureau, tmp_path, text):
    text = one_of_each_class() if text == "every class" else text
    pack = pack_on(bureau.campaign, DAY, said_in_chinese, DAY)
    goal = pack.goals[0]
    cells = [replace(goal.cells[0], name=text, said=text), *goal.cells[1:]]
    pack = replace(
        pack, campaign=text, bureau=text,
        goals=[replace(goal, name=text, short_name=text, title=text, unit=text, actual=text, cells=cells,
                       pairs=[text], row=[Amount(text), *goal.row[1:]]), *pack.goals[1:]],
        figures=[replace(pack.figures[0], title=text, rule=text, unit=text), *pack.figures[1:]],
    )  # fmt: skip
    path = tmp_path / "book.xlsx"
    write_pack(pack, path)
    book = openpyxl.load_workbook(path)
    assert all(
        cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row if cell.value
    )
    if len(text) < 20:
        assert book["总览"]["A5"].value == text
    assert all(len(name) <= 31 for name in book.sheetnames)


@pytest.mark.parametrize("text", [*HOSTILE, "every class"])
def test_a_text_of_any_sort_stays_a_text_in_the_ledger(tmp_path, text):
    text = one_of_each_class() if text == "every class" else text
    path = tmp_path / "ledger.xlsx"
    count = write_ledger(
        path, text, ["甲", text], [[1, text], [2, None]], note=text, day=DAY, folder=tmp_path
    )
    book = openpyxl.load_workbook(path)
    assert count == 2
    assert book.worksheets[0]["B2"].data_type in ("s", "inlineStr")
    if len(text) < 20:
        assert book.worksheets[0]["B2"].value == text


def test_rows_that_no_sheet_can_hold_go_on_in_another(tmp_path):
    path, steps = tmp_path / "ledger.xlsx", []
    rows = ([n, f"第{n}行"] for n in range(1, 2501))
    count = write_ledger(
        path, "读党史", ["序号", "题目"], rows, note="", day=DAY, folder=tmp_path, most=1000,
        step=lambda: steps.append(1),
    )  # fmt: skip
    book = openpyxl.load_workbook(path)
    assert (count, len(steps)) == (2500, 2)
    assert book.sheetnames == ["读党史", "读党史2", "读党史3", "说明"]
    assert [book[name].max_row for name in book.sheetnames[:3]] == [1001, 1001, 501]
    assert book["读党史3"]["A2"].value == 2001


def test_a_table_of_a_chart_is_harmless_as_csv():
    text = csv_bytes(["日期", "=甲"], [["@x", -1], [None, "\ud800"]]).decode("utf-8-sig")
    assert text.splitlines() == ["日期,'=甲", "'@x,-1", ",?"]


@pytest.mark.parametrize(
    ("text", "name"),
    [("a/b\\c:d", "a_b_c_d"), ("..", "_"), ("", "_"), ("\ud800甲\x00", "甲_"), ("甲" * 99, "甲" * 60)],
)
def test_a_name_becomes_one_that_a_file_can_have(text, name):
    assert file_name(text) == name


def test_what_was_reversed_is_neither_counted_nor_listed(bureau, tmp_path):
    assert "第一章" in a_pack(bureau.campaign, tmp_path).everything()
    reverse_record(bureau.study, version=bureau.study.version, why="重了", by=bureau.study.entered_by, at=NOW)
    assert "第一章" not in a_pack(bureau.campaign, tmp_path).everything()
