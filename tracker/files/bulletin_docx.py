"""A bulletin as DOCX, laid out as GB/T 9704-2012 wants it. Its unpacked, empty form is in bulletin_parts/."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from functools import cache
from pathlib import Path

import docx
from docx.document import Document as Docx
from docx.shared import Emu, Mm, Pt
from docx.text.paragraph import Paragraph as DocxParagraph

from tracker.files.bulletin_annex import element, write_annex, write_table
from tracker.rules import official_paper as paper
from tracker.rules.bulletins import ChartTable, Chip, Document, Paragraph

PARTS = Path(__file__).with_name("bulletin_parts")
NAMES = {"content_types.xml": "[Content_Types].xml", "_rels/package.rels": "_rels/.rels"}
STYLES = {"body": "公文正文", "heading1": "公文一级标题", "heading2": "公文二级标题"}
PACKED_ON = (1980, 1, 1, 0, 0, 0)  # the same bulletin gives the same file
HEAD_PT = 48  # the largest that the name of a bulletin is set in
PICTURE_MM = (156, 200)
FOOT = {"w": "8845", "wrap": "around", "vAnchor": "margin", "hAnchor": "margin", "xAlign": "center",
        "yAlign": "bottom"}  # fmt: skip


def docx_of(document: Document) -> bytes:
    """The bulletin as a file for WPS and Word. The same document gives the same bytes.

    Fonts are named, none is inside. Charts are pictures where there are any, else tables.
    """
    file = docx.Document(io.BytesIO(_empty()))
    _say_about(file, document)
    _write_head(file, document)
    notes = paper.typed_chips(document)
    for paragraph in document.paragraphs:
        written = file.add_paragraph(style=STYLES[paragraph.style])
        _write_pieces(written, paragraph, notes)
    if document.corrections:
        file.add_paragraph(paper.CORRECTIONS, style=STYLES["heading1"])
        for sentence in document.corrections:
            file.add_paragraph(paper.writable(sentence), style=STYLES["body"])
    for chart in document.charts:
        _write_chart(file, chart)
    file.add_paragraph()
    file.add_paragraph(f"{paper.ANNEX}：{paper.SOURCES}", style=STYLES["body"])
    write_annex(file, document)
    _write_receivers(file, document)
    target = io.BytesIO()
    file.save(target)
    return _packed(target.getvalue())


@cache
def _empty() -> bytes:
    """The empty bulletin, packed from its parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(PARTS.rglob("*.*")):
            name = path.relative_to(PARTS).as_posix()
            archive.writestr(NAMES.get(name, name), path.read_bytes())
    return target.getvalue()


def _packed(content: bytes) -> bytes:
    """The same archive without the hour at which it was packed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.infolist():
            fixed = zipfile.ZipInfo(part.filename, PACKED_ON)
            new.writestr(fixed, old.read(part), zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _say_about(file: Docx, document: Document) -> None:
    """The properties of the file. It names no person: who drafted it stands in the audit."""
    about = file.core_properties
    at = document.frozen_at or dt.datetime.combine(document.issued_on, dt.time(), dt.UTC)
    about.title, about.subject = paper.writable(document.title)[:255], paper.writable(document.head)[:255]
    about.author = about.last_modified_by = about.comments = ""
    about.language, about.revision = "zh-CN", 1
    about.created = about.modified = at.astimezone(dt.UTC)


def _write_head(file: Docx, document: Document) -> None:
    """The name in red, the number below it, issuer and day above the red line, and the title."""
    if document.is_draft:
        for header in (file.sections[0].header, file.sections[0].even_page_header):
            header.is_linked_to_previous = False
            header.paragraphs[0].style = "草稿标记"
            header.paragraphs[0].add_run(paper.DRAFT)
    name = paper.writable(document.head)
    head = file.add_paragraph(style="简报名称")
    room = paper.TEXT_MM[0] / 25.4 * 72
    head.add_run(name).font.size = Pt(max(paper.TITLE_PT, min(HEAD_PT, int(room / max(1, len(name)) * 0.92))))
    file.add_paragraph(paper.number_line(document), style="简报期号")
    issuer = file.add_paragraph(style="简报编印")
    issuer.add_run(paper.writable(document.issuer) + "\t" + paper.day_on_paper(document.issued_on))
    file.add_paragraph()
    file.add_paragraph(paper.writable(document.title), style="公文标题")
    file.add_paragraph()


def _write_pieces(written: DocxParagraph, paragraph: Paragraph, notes: dict[Chip, int]) -> None:
    for piece in paragraph.pieces:
        written.add_run(paper.writable(piece.text))
        if mark := paper.mark_of(piece, notes):
            written.add_run(mark, style="手填标记")


def _write_chart(file: Docx, chart: ChartTable) -> None:
    """The chart's title, and its picture, or its table where there is none."""
    file.add_paragraph()
    title = paper.writable(chart.title)
    file.add_paragraph(title, style="图表标题")
    if chart.picture is None:
        write_table(file, chart.headings, chart.rows)
        return
    inline = file.add_paragraph(style="图表").add_run().add_picture(io.BytesIO(chart.picture))
    width, height = (Mm(side) for side in PICTURE_MM)
    share = min(width / inline.width, height / inline.height)
    inline.width, inline.height = Emu(inline.width * share), Emu(inline.height * share)
    said = inline._inline.docPr
    said.set("name", title)
    said.set("descr", title)


def _write_receivers(file: Docx, document: Document) -> None:
    """报, 送 and 发 between rules, in a frame at the foot of the page on which all else ends (7.4: 版记).

    A rule is a paragraph as high as the rule is thick, filled: LibreOffice makes a frame only of paragraphs
    whose borders are all alike, and those within are thinner than the outer ones.
    """
    lines = paper.receiver_lines(document)
    if not lines:
        return
    framed = [file.add_paragraph(style="版记粗线")]
    for line in lines:
        rule = "版记粗线" if line is lines[-1] else "版记细线"
        framed += [file.add_paragraph(line, style="版记"), file.add_paragraph(style=rule)]
    for paragraph in framed:
        paragraph._p.get_or_add_pPr().insert_element_before(element("w:framePr", **FOOT), "w:pBdr")
    file.add_paragraph(style="表内文字")  # a frame hangs on the paragraph behind it
