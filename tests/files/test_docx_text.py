"""The text of a document: all of it, and nothing of what a document may bring along."""

from __future__ import annotations

import io

import pytest
from docx import Document

from tests.files import evidence_files as made
from tracker.files.docx_text import Limits, read_docx
from tracker.rules.refusal import Refused

pytestmark = pytest.mark.slow  # child processes

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
BODY = b'<w:document xmlns:w="%b" xmlns:mc="mc"><w:body>%b</w:body></w:document>'


def document(body: str, **parts: bytes) -> bytes:
    """A document with that body, as bytes."""
    content = {"[Content_Types].xml": made.TYPES, "word/document.xml": BODY % (WORD.encode(), body.encode())}
    return made.archive(content | parts)


def text_of(content: bytes, limits: Limits | None = None) -> str:
    return read_docx(io.BytesIO(content), "稿子.docx", limits).text


def paragraph(words: str) -> str:
    return f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"


def test_headers_paragraphs_tables_and_footers_come_in_the_order_of_reading():
    book = Document()
    book.add_paragraph("党支部完成微实事41件。")
    table = book.add_table(2, 2)
    for row, cells in zip(table.rows, (("项目", "场次"), ("现场教学", "20")), strict=True):
        for cell, words in zip(row.cells, cells, strict=True):
            cell.text = words
    book.sections[0].header.paragraphs[0].text = "第12期"
    book.sections[0].footer.paragraphs[0].text = "印100份"
    file = io.BytesIO()
    book.save(file)
    lines = text_of(file.getvalue()).split("\n")
    assert lines == ["第12期", "党支部完成微实事41件。", "项目\t场次", "现场教学\t20", "印100份"]


def test_a_number_split_over_runs_is_one_number_and_breaks_are_kept():
    body = "<w:p><w:r><w:t>4</w:t></w:r><w:r><w:t>1件</w:t><w:br/><w:t>9件</w:t></w:r></w:p>"
    assert text_of(document(body)) == "41件\n9件"


def test_what_was_deleted_is_no_text_and_what_was_inserted_is():
    body = (
        "<w:p><w:del><w:r><w:delText>66件</w:delText></w:r></w:del><w:ins><w:r><w:t>50件</w:t></w:r></w:ins>"
        "<w:moveFrom><w:r><w:t>7件</w:t></w:r></w:moveFrom></w:p>"
    )
    assert text_of(document(body)) == "50件"


def test_a_text_box_is_read_once_and_footnotes_are_read():
    box = f"<w:txbxContent>{paragraph('框内87名')}</w:txbxContent>"
    body = (
        f"<w:p><w:r><w:t>正文</w:t><mc:AlternateContent><mc:Choice>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    notes = f'<w:footnotes xmlns:w="{WORD}"><w:footnote>{paragraph("注14个")}</w:footnote></w:footnotes>'
    content = document(body, **{"word/footnotes.xml": notes.encode()})
    assert text_of(content) == "正文\n框内87名\n注14个"


def test_pictures_are_counted_since_their_numbers_are_not_read():
    body = "<w:p><w:r><w:drawing><pic:pic xmlns:pic='p'/></w:drawing></w:r></w:p>"
    assert read_docx(io.BytesIO(document(body)), "稿子.docx").pictures == 1


def test_instructions_in_the_text_stay_text():
    assert (
        text_of(document(paragraph("{{ 7*7 }} ${jndi} {0.__class__}"))) == "{{ 7*7 }} ${jndi} {0.__class__}"
    )


HOSTILE = {
    "macros": {"word/vbaProject.bin": b"x"},
    "a template from elsewhere": {
        "word/_rels/settings.xml.rels": made.linked("http://evil.example/t.dotm", "attachedTemplate")
    },
    "a picture from elsewhere": {
        "word/_rels/document.xml.rels": made.linked("http://evil.example/p", "image")
    },
    "an embedded workbook": {"word/embeddings/book.xlsx": b"x"},
    "entities": {"word/footnotes.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"},
    "a part outside": {"../evil": b"x"},
    "a bomb": {"word/media/zeros.bin": bytes(70 * 2**20)},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_document_that_brings_something_along_is_refused(name):
    with pytest.raises(Refused) as refusal:
        text_of(document(paragraph("41件"), **HOSTILE[name]))
    assert refusal.value.field == "file"


@pytest.mark.parametrize(
    "content", [b"", b"plain", b"%PDF-1.4 %%EOF", bytes.fromhex("d0cf11e0a1b11ae1"), b"PK\x03\x04"]
)
def test_what_is_no_document_is_refused(content):
    with pytest.raises(Refused):
        text_of(content)


def test_a_picture_or_workbook_is_no_draft():
    with pytest.raises(Refused) as refusal:
        text_of(made.picture())
    assert "no Word document" in refusal.value.message


def test_more_characters_than_are_checked_are_refused():
    with pytest.raises(Refused) as refusal:
        text_of(document(paragraph("字" * 50)), Limits(characters=40))
    assert "40" in refusal.value.message


def test_a_tree_too_deep_to_walk_is_refused():
    with pytest.raises(Refused):
        text_of(document("<w:p>" + "<w:r>" * 50_000 + "</w:r>" * 50_000 + "</w:p>"))
