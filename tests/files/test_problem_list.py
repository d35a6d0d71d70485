"""A workbook gets its problems back as marks, whoever wrote it; or it is refused."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from xml.dom import minidom

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from PIL import Image
from xlsxwriter import Workbook

from tests.files import hostile
from tracker.files.problem_list import (
    CHILD,
    MARK,
    PREFIX,
    SUMMARY,
    ProblemRow,
    marked_workbook,
)
from tracker.files.workbook import Limits, read_workbook
from tracker.rules.refusal import Refused

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

HEADINGS = ["工作表", "行", "列", "单元格", "问题"]
SHEET = "Sheet"
VERDICT = "改一改"


@pytest.fixture
def mark(tmp_path):
    """mark(content, problem, …) -> the marked workbook, as bytes."""

    def run(content: bytes, *problems: ProblemRow, limits: Limits | None = None, **tops: str) -> bytes:
        path = tmp_path / "台账.xlsx"
        path.write_bytes(content)
        return marked_workbook(path, limits or Limits(), problems, HEADINGS, tops=tops, note="改好再交")

    return run


def at(cell, sentence=VERDICT, sheet=SHEET):
    return ProblemRow(sheet, None, "时长", cell, sentence)


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def marked_cells(content):
    return {
        (sheet.title, cell.coordinate)
        for sheet in opened(content)
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.fgColor.rgb == MARK
    }


def saved(book):
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def rows_of(content, path):
    path.write_bytes(content)
    return [(sheet.name, sheet.rows) for sheet in read_workbook(path).sheets]


def test_a_cell_that_was_never_written_is_marked_too(mark):
    content = mark(hostile.harmless(), at("B1"), at("D1"), at("C7"), at("A9"))
    assert marked_cells(content) == {(SHEET, "B1"), (SHEET, "D1"), (SHEET, "C7"), (SHEET, "A9")}
    assert all(opened(content)[SHEET][cell].comment.text == f"{PREFIX}\n{VERDICT}" for cell in ("B1", "C7"))


def test_a_problem_without_a_cell_stands_at_the_row_or_at_the_first_heading(mark):
    row = ProblemRow(SHEET, 5, None, None, "整行")
    whole = ProblemRow(SHEET, None, None, None, "整表")
    nowhere = ProblemRow("", None, None, None, "整个文件")
    content = mark(hostile.harmless(), row, whole, nowhere, **{SHEET: "B3"})
    assert marked_cells(content) == {(SHEET, "B5"), (SHEET, "B3")}
    listed = [[cell.value for cell in line] for line in opened(content)[SUMMARY].iter_rows(min_row=3)]
    assert listed[2] == [None, None, None, None, "整个文件"]
    assert opened(content)[SUMMARY]["D3"].hyperlink.location == "'Sheet'!B5"


def test_two_problems_of_one_cell_are_one_comment(mark):
    content = mark(hostile.harmless(), at("A1", "一"), at("A1", "二"), at("A1", "二"))
    assert opened(content)[SHEET]["A1"].comment.text == f"{PREFIX}\n一\n二"


def test_a_merged_cell_is_marked_where_it_shows(mark):
    book = openpyxl.Workbook()
    book.active["B2"] = "并"
    book.active.merge_cells("B2:C4")
    content = mark(saved(book), at("C3"), at("D3"))
    assert marked_cells(content) == {(SHEET, "B2"), (SHEET, "D3")}


@pytest.mark.parametrize(
    "text", ["=1+1", "<b>&amp;</b>", "]]>", "a\x00b\x1fc", "'", '"', "@SUM(A1)", "长" * 40_000]
)
def test_whatever_a_sentence_says_is_text(mark, text):
    content = mark(hostile.harmless(), at("A1", text))
    comment = opened(content)[SHEET]["A1"].comment.text
    said = text.replace("\x00", "").replace("\x1f", "")[:32_767]
    assert comment == f"{PREFIX}\n{said}"
    cell = opened(content)[SUMMARY]["E3"]
    assert (cell.value, cell.data_type) == (said, "s")
    assert cell.quotePrefix


def test_a_sheet_may_be_called_anything_that_excel_takes(mark):
    name = "'甲' & <乙>"
    book = openpyxl.Workbook()
    book.active.title = name
    book.active["A1"] = 1
    content = mark(saved(book), at("A1", sheet=name))
    assert marked_cells(content) == {(name, "A1")}
    assert opened(content)[SUMMARY]["D3"].hyperlink.location == "'''甲'' & <乙>'!A1"


def test_what_somebody_else_filled_or_said_stays(mark, tmp_path):
    book = openpyxl.Workbook()
    for cell in ("A1", "A2"):
        book.active[cell] = cell
        book.active[cell].comment = Comment("老王说", "老王")
        book.active[cell].fill = PatternFill("solid", fgColor="FF00FF00")
    first = mark(saved(book), at("A1"))
    sheet = opened(first)[SHEET]
    assert sheet["A1"].comment.text == f"老王说\n{PREFIX}\n{VERDICT}"
    assert (sheet["A2"].comment.text, sheet["A2"].fill.fgColor.rgb) == ("老王说", "FF00FF00")
    second = mark(first, at("A2"))
    sheet = opened(second)[SHEET]
    assert sheet["A1"].comment.text == "老王说"
    assert sheet["A2"].comment.text == f"老王说\n{PREFIX}\n{VERDICT}"
    assert marked_cells(second) == {(SHEET, "A2")}


def test_each_comment_has_one_box_however_often_it_comes_back(mark):
    content = hostile.harmless()
    for cells in (("A1", "B2"), ("B2",), ("B2", "C3", "D4")):
        content = mark(content, *(at(cell) for cell in cells))
        archive = zipfile.ZipFile(io.BytesIO(content))
        boxes = [archive.read(name) for name in archive.namelist() if name.endswith(".vml")]
        assert [box.count(b"<v:shape ") for box in boxes] == [len(cells)]
        assert marked_cells(content) == {(SHEET, cell) for cell in cells}
    assert opened(content).sheetnames == [SHEET, SUMMARY]


def test_marks_do_not_change_what_is_read(mark, tmp_path):
    book = openpyxl.Workbook()
    for n in range(50):
        book.active.append([f"行{n}", n, n / 3, n % 2 == 0, None, "末"])
    content = saved(book)
    before = rows_of(content, tmp_path / "a.xlsx")
    after = rows_of(mark(content, at("E5"), at("A60"), at("Z2")), tmp_path / "b.xlsx")
    assert after[0] == before[0]
    assert [name for name, _ in after] == [SHEET, SUMMARY]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sets(st.tuples(st.integers(0, 30), st.integers(1, 60)), max_size=12),
    st.sets(st.tuples(st.integers(0, 30), st.integers(1, 60)), max_size=12),
)
def test_the_marks_are_those_of_the_last_round_alone(mark, first, second):
    def cells(places):
        return [at(f"{openpyxl.utils.get_column_letter(column + 1)}{row}") for column, row in sorted(places)]

    book = openpyxl.Workbook()
    for _ in range(20):
        book.active.append(["a", None, 1, None, "b"])
    content = mark(mark(saved(book), *cells(first)), *cells(second))
    assert marked_cells(content) == {(SHEET, one.cell) for one in cells(second)}
    assert [[c.value for c in row][:5] for row in opened(content)[SHEET].iter_rows(max_row=20)] == [
        ["a", None, 1, None, "b"]
    ] * 20


def test_a_workbook_without_styles_and_with_prefixes_is_marked(mark):
    main = b'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    sheet = (
        b"<x:worksheet %b><x:sheetData><x:row><x:c t='inlineStr'><x:is><x:t>a</x:t></x:is></x:c></x:row>"
        b"<x:row r='3'/></x:sheetData><x:pageMargins left='1' right='1' top='1' bottom='1' header='0' "
        b"footer='0'/></x:worksheet>"
    ) % main
    old = zipfile.ZipFile(io.BytesIO(hostile.altered({hostile.SHEET_PART: hostile.HEAD + sheet})))
    file = io.BytesIO()
    with old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/styles.xml":
                continue
            if name in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
                content = without_styles(content)
            new.writestr(name, content)
    content = mark(file.getvalue(), at("A1"), at("B2"), at("C3"), at("D9"))
    assert marked_cells(content) == {(SHEET, cell) for cell in ("A1", "B2", "C3", "D9")}
    assert opened(content)[SHEET]["D9"].comment is not None


def without_styles(content):
    """A list of parts without that of the styles."""
    root = minidom.parseString(content).documentElement  # noqa: S318  (openpyxl wrote it)
    for one in list(root.childNodes):
        if any("styles" in value for _, value in one.attributes.items()):
            root.removeChild(one)
    return root.toxml().encode()


def test_pictures_of_the_header_are_no_boxes_of_comments(mark, tmp_path):
    picture = tmp_path / "p.png"
    Image.new("RGB", (4, 4), "red").save(picture)
    file = io.BytesIO()
    with Workbook(file) as book:
        sheet = book.add_worksheet(SHEET)
        sheet.write(0, 0, "日期")
        sheet.set_header("&L&[Picture]", {"image_left": str(picture)})
        sheet.add_table("C1:D3")
    content = mark(file.getvalue(), at("A1"))
    part = zipfile.ZipFile(io.BytesIO(content)).read(hostile.SHEET_PART).decode()
    order = [part.index(f"<{name} ") for name in ("legacyDrawing", "legacyDrawingHF", "tableParts")]
    assert order == sorted(order)
    assert opened(content)[SHEET]["A1"].comment is not None


@pytest.mark.parametrize(
    "content",
    [
        hostile.altered(add=[("xl/vbaProject.bin", b"x")]),
        hostile.altered(add=[("xl/externalLinks/externalLink1.xml", hostile.HEAD)]),
        hostile.with_entities(hostile.SHEET_PART, hostile.SHEET % b""),
        hostile.claiming(2**31 - 1),
        b"PK nothing",
        hostile.altered({"xl/workbook.xml": hostile.HEAD + b"<workbook/>"}),
        hostile.altered({hostile.SHEET_PART: hostile.HEAD + b"<worksheet>" * 3_000}),
    ],
    ids=["macros", "links", "entities", "bomb", "no archive", "no sheets", "not closed"],
)
def test_what_is_not_read_is_not_marked(mark, content):
    with pytest.raises(Refused, match="could not be marked"):
        mark(content, at("A1"))


@pytest.mark.parametrize("limits", [Limits(memory=48 * 2**20), Limits(seconds=0)], ids=["memory", "time"])
def test_marking_takes_no_more_than_it_may(mark, limits):
    book = openpyxl.Workbook()
    for _ in range(4_000):
        book.active.append(["x" * 50] * 30)
    with pytest.raises(Refused, match="could not be marked"):
        mark(saved(book), at("A1"), limits=limits)


def test_the_child_stands_alone(tmp_path):
    """It is started by its path: nothing of the application may be needed."""
    code = "import sys,runpy; runpy.run_path(sys.argv[1], run_name='x'); print('flask' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-I", "-c", code, str(CHILD)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
