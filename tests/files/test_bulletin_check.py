"""What is measured against GB/T 9704-2012: our own file has no finding, each change has exactly its own."""

from __future__ import annotations

import io

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from tests.papers_of_bulletins import bulletin, draft, hostile_bulletin, paragraph
from tracker.files.bulletin_check import BODY, CLAUSES, HEADING1, MESSAGES, TITLE, check_docx
from tracker.files.bulletin_docx import docx_of
from tracker.rules.refusal import Refused

pytestmark = pytest.mark.slow


def codes(data):
    return [(one.code, one.params.get("kind")) for one in check_docx(data)]


@pytest.mark.parametrize("made", [bulletin, draft, hostile_bulletin])
def test_our_own_file_is_as_the_standard_wants_it(made):
    assert codes(docx_of(made())) == []


def _section(file):
    return file.sections[0]


def _grid(file):
    return _section(file)._sectPr.find(qn("w:docGrid"))


def _east_asian(style, font):
    style.element.rPr.rFonts.set(qn("w:eastAsia"), font)


def _first(file, name):
    return next(one for one in file.paragraphs if one.style.name == name)


def _no_page(file):
    for part in file.sections[0].footer.paragraphs[0]._p.xpath(".//w:instrText"):
        part.text = " DATE "


def _no_dashes(file):
    for run in file.sections[0].footer.paragraphs[0].runs:
        if "—" in run.text:
            run.text = run.text.replace("—", "-")


def _no_title(file):
    for one in file.paragraphs:
        if one.style.name == "公文标题":
            one.style = "图表标题"


def _wide(file):
    properties = file.styles["公文一级标题"].element.get_or_add_rPr()
    properties.append(docx.oxml.parse_xml(f'<w:spacing xmlns:w="{WORD}" w:val="20"/>'))


FOOTER = "页码（单页）"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
CHANGES = {
    "letter paper": (lambda file: setattr(_section(file), "page_width", Mm(216)), ("page", None)),
    "margin above": (lambda file: setattr(_section(file), "top_margin", Mm(30)), ("top", None)),
    "margin at the left": (lambda file: setattr(_section(file), "left_margin", Mm(20)), ("left", None)),
    "margin at the right": (lambda file: setattr(_section(file), "right_margin", Mm(20)), ("area", None)),
    "margin below": (lambda file: setattr(_section(file), "bottom_margin", Mm(30)), ("area", None)),
    "no grid": (lambda file: _section(file)._sectPr.remove(_grid(file)), ("grid", None)),
    "grid of 25 lines": (lambda file: _grid(file).set(qn("w:linePitch"), "510"), ("lines", None)),
    "grid of 27 characters": (lambda file: _grid(file).set(qn("w:charSpace"), "0"), ("characters", None)),
    "body in another font": (lambda file: _east_asian(file.styles["Normal"], "宋体"), ("font", BODY)),
    "heading in another font": (
        lambda file: _east_asian(file.styles["公文一级标题"], "仿宋_GB2312"),
        ("font", HEADING1),
    ),
    "one run by hand": (
        lambda file: setattr(_first(file, "公文标题").runs[0].font, "size", Pt(18)),
        ("size", TITLE),
    ),
    "title at the left": (
        lambda file: setattr(_first(file, "公文标题"), "alignment", WD_ALIGN_PARAGRAPH.LEFT),
        ("centred", TITLE),
    ),
    "no indent": (
        lambda file: file.styles["公文一级标题"].element.get_or_add_pPr().append(
            docx.oxml.parse_xml(f'<w:ind xmlns:w="{WORD}" w:firstLineChars="0" w:firstLine="0"/>')
        ),
        ("indent", HEADING1),
    ),
    "characters apart": (_wide, ("pitch", HEADING1)),
    "lines apart": (
        lambda file: setattr(file.styles["公文一级标题"].paragraph_format, "line_spacing", Pt(35)),
        ("line", HEADING1),
    ),
    "no title": (_no_title, ("title", None)),
    "no page number": (_no_page, ("number", None)),
    "page number in another font": (
        lambda file: _east_asian(file.styles[FOOTER], "黑体"),
        ("number_font", None),
    ),
    "small page number": (
        lambda file: setattr(file.styles[FOOTER].font, "size", Pt(9)),
        ("number_size", None),
    ),
    "page number in hyphens": (_no_dashes, ("number_dashes", None)),
    "page number in the middle": (
        lambda file: setattr(file.styles[FOOTER].paragraph_format, "alignment", WD_ALIGN_PARAGRAPH.CENTER),
        ("number_sides", None),
    ),
    "odd and even alike": (
        lambda file: setattr(file.settings, "odd_and_even_pages_header_footer", False),
        ("number_sides", None),
    ),
    "page number at the edge": (
        lambda file: setattr(_section(file), "footer_distance", Mm(10)),
        ("number_below", None),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_what_was_changed_is_found_and_nothing_else(name):
    change, expected = CHANGES[name]
    paragraphs = (paragraph("一、总体情况", style="heading1"), paragraph("截至6月26日，"))
    file = docx.Document(io.BytesIO(docx_of(bulletin(paragraphs=paragraphs, corrections=()))))
    change(file)
    target = io.BytesIO()
    file.save(target)
    found = check_docx(target.getvalue())
    assert [(one.code, one.params.get("kind")) for one in found] == [expected]
    assert found[0].msgid % found[0].params
    assert found[0].clause


def test_a_word_file_of_another_hand_is_measured_by_how_its_paragraphs_begin():
    file = docx.Document()
    file.add_paragraph("一、总体情况")
    file.add_paragraph("（一）学习情况")
    file.add_paragraph("截至6月26日，推进情况如下。")
    target = io.BytesIO()
    file.save(target)
    found = codes(target.getvalue())
    assert {"page", "top", "left", "area", "grid", "title", "number", "language"} <= {
        code for code, _ in found
    }
    assert {kind for code, kind in found if code == "font"} == {"First heading", "Second heading", "Body"}


def test_whatever_is_no_word_file_is_refused():
    whole = docx_of(bulletin(paragraphs=(paragraph("x"),)))
    for data in (b"", b"%PDF-1.7", whole[:-500], b"PK\x03\x04"):
        with pytest.raises(Refused):
            check_docx(data)


def test_each_message_of_the_standard_names_its_clause():
    assert set(MESSAGES) - set(CLAUSES) == {"language"}
