"""The annex 数据来源 of a bulletin as DOCX, and the tables of it."""

from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document as Docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm
from docx.table import Table, _Cell, _Row

from tracker.rules import official_paper as paper
from tracker.rules.bulletins import Document

SOURCE_WIDTHS_MM = (9, 22, 21, 19, 50, 13, 22)  # together the width of the text area


def write_annex(file: Docx, document: Document) -> None:
    """Where each figure comes from, on a page of its own; then the notes, and what closes it."""
    file.add_paragraph(paper.ANNEX, style="附件标识")
    file.add_paragraph()
    file.add_paragraph(paper.SOURCES, style="公文标题")
    file.add_paragraph()
    if document.sources:
        table = _empty_table(file, paper.SOURCE_HEADINGS, SOURCE_WIDTHS_MM)
        for line in document.sources:
            printed = paper.source_cells(line)
            cells = _add_row(table).cells
            for cell, text in zip(cells[:-1], printed.cells, strict=True):
                cell.paragraphs[0].add_run(text)
            _write_digest(cells[-1], printed.digest)
    for note in (*paper.typed_notes(document), *paper.closing_lines(document)):
        file.add_paragraph(note, style="附件说明")


def write_table(file: Docx, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table as wide as the text; its first column is three times as wide as each other one."""
    whole = paper.TEXT_MM[0]
    first = whole if len(headings) == 1 else max(28, whole // (len(headings) + 2) * 3)
    rest = (whole - first) / max(1, len(headings) - 1)
    table = _empty_table(file, headings, (first, *([rest] * (len(headings) - 1))))
    for row in rows:
        for cell, text in zip(_add_row(table).cells, row, strict=True):
            cell.paragraphs[0].add_run(paper.writable(text))


def _empty_table(file: Docx, headings: Sequence[str], widths_mm: Sequence[float]) -> Table:
    """A ruled table with its headings, which stand again on each further page."""
    table: Table = file.add_table(1, len(headings), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
    for cell, width, heading in zip(table.rows[0].cells, widths_mm, headings, strict=True):
        cell.width = Mm(width)
        cell.paragraphs[0].style = "表头文字"
        cell.paragraphs[0].add_run(paper.writable(heading))
    _mark(table.rows[0], "w:cantSplit")
    _mark(table.rows[0], "w:tblHeader")
    return table


def _add_row(table: Table) -> _Row:
    row: _Row = table.add_row()  # type: ignore[no-untyped-call]  # python-docx left it out
    _mark(row, "w:cantSplit")
    for cell in row.cells:
        cell.paragraphs[0].style = "表内文字"
    return row


def _mark(row: _Row, name: str) -> None:
    row._tr.get_or_add_trPr().append(element(name))


def element(tag: str, *inside: BaseOxmlElement, **attributes: str) -> BaseOxmlElement:
    """An element of WordprocessingML with attributes of its namespace; tag is such as 'w:pBdr'."""
    made: BaseOxmlElement = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    made.extend(inside)
    return made


def _write_digest(cell: _Cell, pieces: tuple[str, ...]) -> None:
    """A digest in small type, a piece a line."""
    cell.paragraphs[0].style = "表内摘要" if len(pieces) > 1 else "表内文字"
    run = cell.paragraphs[0].add_run(pieces[0])
    for piece in pieces[1:]:
        run.add_break()
        run.add_text(piece)
