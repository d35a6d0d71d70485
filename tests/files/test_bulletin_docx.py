"""A bulletin as DOCX says all that it holds, in the order of paper, and gives the same bytes again."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import docx
import pytest

from tests.papers_of_bulletins import SOURCES, bulletin, chip, draft, hostile_bulletin, paragraph, picture
from tracker.files.bulletin_docx import docx_of
from tracker.rules.bulletins import ChartTable
from tracker.rules.official_paper import LINES

pytestmark = pytest.mark.slow


def opened(document):
    return docx.Document(io.BytesIO(docx_of(document)))


def texts(file):
    return [one.text for one in file.paragraphs if one.text]


def test_it_says_all_in_the_order_of_paper():
    said = texts(opened(bulletin()))
    assert said == [
        "党史学习教育简报", "第12期", "市民政局机关党委办公室\t2021年6月26日", "“七个一百”行动计划进展情况",
        "截至2021年6月26日，推进情况如下：", "一、总体情况", "（一）学习情况", "124名人均80小时以上。",
        "服务群众2200人次〔1〕。", "勘误", "第11期中“党员”写作103名，现查为104名。",
        "各支部进展", "附件：数据来源", "附件", "数据来源",
        "〔1〕文中“2200人次”为人工填写；按计数规则应写作“超2100人次”，确切值为2137人次。",
        "以上数据截至2021年6月26日。封存于2021年6月26日17:30。摘要为计数所据各行的SHA-256，据此可核对封存后有无变动。",
        "全件摘要（SHA-256）：" + "fedcba9876543210" * 4,
        "报：市委党史学习教育领导小组办公室。", "送：局领导，各科室。", "发：各党支部。",
    ]  # fmt: skip


def test_the_annex_has_a_line_for_each_figure_with_rule_rows_and_the_whole_digest():
    table = opened(bulletin()).tables[1]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0] == ["序号", "数据项", "文中写作", "确切值", "计数规则", "行数", "摘要"]
    assert rows[2][1:6] == [
        "数据项hours", "80小时以上", "80小时",
        "统计“现场教学”中已核实的行，每人只计一次。（版本a1b2c3d4）", "10645",
    ]  # fmt: skip
    assert rows[2][6].replace("\n", "") == "0123456789abcdef" * 4
    assert rows[4][5:] == ["台账外", "—"]
    assert "w:tblHeader" in table.rows[0]._tr.xml


def test_a_draft_says_so_above_every_page_and_is_not_frozen():
    file = opened(draft())
    section = file.sections[0]
    assert section.header.paragraphs[0].text == section.even_page_header.paragraphs[0].text == "草稿"
    assert texts(file)[1] == "草稿"
    assert any("尚未封存" in said for said in texts(file))
    issued = opened(bulletin())
    assert "草稿" not in "".join([*texts(issued), issued.sections[0].header.paragraphs[0].text])


def test_the_annex_of_a_draft_has_no_rows_yet_and_takes_no_figure_of_the_ledger_for_a_quoted_one():
    sources = (replace(SOURCES[0], rows=None, digest=None), SOURCES[3])
    table = opened(draft(sources=sources)).tables[1]
    assert [[cell.text for cell in row.cells][5:] for row in table.rows[1:]] == [
        ["—", "未封存"],
        ["台账外", "—"],
    ]


def test_a_figure_typed_by_hand_is_marked_each_time_and_explained_once():
    typed = chip("a", "80名", "80名", typed="81名")
    file = opened(
        bulletin(paragraphs=(paragraph(typed, "和", typed), paragraph(chip("b", "1名", "1名", typed="2名"))))
    )
    said = texts(file)
    assert said[4:6] == ["81名〔1〕和81名〔1〕", "2名〔2〕"]
    assert [one[:3] for one in said if one.startswith("〔")] == ["〔1〕", "〔2〕"]
    marks = [run for one in file.paragraphs for run in one.runs if run.style.name == "手填标记"]
    assert [run.text for run in marks] == ["〔1〕", "〔1〕", "〔2〕"]


def test_a_chart_is_a_picture_with_words_for_those_who_do_not_see_it_or_else_its_table():
    chart = ChartTable("各支部进展", ("党支部", "甲"), (("第一党支部", "80"),), picture())
    file = opened(bulletin(charts=(chart,), sources=()))
    assert len(file.inline_shapes) == 1
    assert len(file.tables) == 0
    shape = file.inline_shapes[0]
    assert shape._inline.docPr.get("descr") == "各支部进展"
    assert round(shape.width.mm) == 156
    holder = next(one for one in file.paragraphs if one._p.xpath(".//w:drawing"))
    assert holder.style.paragraph_format.line_spacing == 1.0  # an exact line would clip it
    tall = opened(bulletin(charts=(ChartTable("x", ("y",), (), picture(100, 900)),)))
    assert round(tall.inline_shapes[0].height.mm) == 200


def test_the_same_bulletin_gives_the_same_bytes_and_names_nobody():
    chart = ChartTable("x", ("y",), (("z",),), picture())
    first, again = (docx_of(bulletin(charts=(chart,))) for _ in range(2))
    assert first == again
    about = docx.Document(io.BytesIO(first)).core_properties
    assert (about.title, about.author, about.last_modified_by) == ("“七个一百”行动计划进展情况", "", "")
    assert about.created.isoformat() == "2021-06-26T09:30:00+00:00"
    assert docx_of(bulletin()) != docx_of(bulletin(number="第13期"))


def test_nothing_but_paper_is_in_the_file():
    with zipfile.ZipFile(io.BytesIO(docx_of(bulletin()))) as archive:
        names = archive.namelist()
        assert all(one.date_time == (1980, 1, 1, 0, 0, 0) for one in archive.infolist())
        for name in names:
            ElementTree.fromstring(archive.read(name))
    assert sorted(names) == sorted(
        ["[Content_Types].xml", "_rels/.rels", "docProps/core.xml", "word/_rels/document.xml.rels",
         "word/document.xml", "word/fontTable.xml", "word/footer1.xml", "word/footer2.xml",
         "word/settings.xml", "word/styles.xml"]
    )  # fmt: skip


def test_every_class_of_unicode_goes_through_and_nothing_is_carried_out():
    file = opened(hostile_bulletin())
    said = max(texts(file), key=len)
    assert "𠮷{{7*7}}<w:p/>&amp;]]> =1+1字" in said
    assert said.count("字") == 10_000
    assert not set(said) & set("\x00\x1b\ud800\ufffe\u202e\r\n")


@pytest.mark.parametrize(
    ("head", "points"), [("简报", 48), ("党史学习教育简报", 48), ("史" * 20, 22), ("史" * 60, 22)]
)
def test_the_name_is_as_large_as_its_line_allows(head, points):
    run = opened(bulletin(head=head)).paragraphs[0].runs[0]
    assert run.font.size.pt == points


def test_a_bulletin_without_anything_but_words_is_still_one():
    bare = bulletin(paragraphs=(), sources=(), charts=(), corrections=(), receivers=(), issuer="", title="")
    assert texts(opened(bare))[:2] == ["党史学习教育简报", "第12期"]
    many = tuple(paragraph("党" * 28 * LINES) for _ in range(60))
    assert len(texts(opened(bulletin(paragraphs=many)))) > 60
