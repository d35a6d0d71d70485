"""What a file of evidence may be: told by its content, and harmless once it is kept."""

from __future__ import annotations

import io
import zlib

import pytest
from PIL import Image

from tests.files import evidence_files as made
from tracker.files.evidence import Limits, check_file
from tracker.rules.evidence import clean_name
from tracker.rules.refusal import Refused


def check(content, name="文件", **limits):
    return check_file(io.BytesIO(content), name, Limits(**limits))


def test_of_a_photograph_only_the_pixels_are_left_and_it_stands_upright():
    kept = check(made.from_a_phone(), "IMG_0001.JPG")
    assert (kept.name, kept.media_type) == ("IMG_0001.jpg", "image/jpeg")
    image = Image.open(io.BytesIO(kept.content))
    assert image.size == (40, 60)
    assert dict(image.getexif()) == {}
    for mark in (b"Exif", b"PHONE-MAKER", b"taken at home"):
        assert mark not in kept.content


def test_what_hangs_behind_a_picture_is_gone():
    kept = check(made.picture() + made.docx(), "照片.jpg")
    assert b"PK\x03\x04" not in kept.content


@pytest.mark.parametrize(
    ("content", "name", "kept"),
    [
        (made.picture("PNG", mode="P"), "图.jpg", "图.png"),
        (made.picture("PNG", mode="RGBA"), "图", "图.png"),
        (made.picture("PNG", mode="I;16"), "图.png", "图.png"),
        (made.picture(mode="CMYK"), "图.jpeg", "图.jpg"),
        (made.PDF, "证书.docx", "证书.pdf"),
        (made.docx(), "心得.pdf", "心得.docx"),
        (made.docx(word___rels__document=made.linked("http://a.example", "hyperlink")), "心得", "心得.docx"),
        (made.archive({"[Content_Types].xml": made.TYPES, "xl/workbook.xml": b"<w/>"}), "表", "表.xlsx"),
    ],
)
def test_the_content_decides_what_a_file_is(content, name, kept):
    assert check(content, name).name == kept


OBJECTS = zlib.compress(b"1 0 << /S /JavaScript /JS (app.alert(1)) >>")
PACKED = (
    b"%PDF-1.5\n2 0 obj << /Type /ObjStm /Filter /FlateDecode >> stream\n" + OBJECTS + b"endstream\n%%EOF"
)
REFUSED = {
    "empty": (b"", "is empty"),
    "eleven MiB": (bytes(11 * 2**20), "larger than 10 MiB"),
    "a script": (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "is none of PDF"),
    "a page": (b"<!doctype html><script>alert(1)</script>", "is none of PDF"),
    "a program": (b"MZ" + bytes(100), "is none of PDF"),
    "a GIF": (b"GIF89a" + bytes(100), "picture of another kind"),
    "a HEIC": (b"\x00\x00\x00\x18ftypheic" + bytes(100), "HEIC"),
    "an old document": (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "old Office format"),
    "an archive": (made.archive({"a.exe": b"MZ"}), "packed archive"),
    "half a photograph": (made.picture(size=(800, 800))[:2000], "breaks off in the middle"),
    "no picture behind the first bytes": (b"\xff\xd8\xff" + bytes(500), "cannot be read as a picture"),
    "a bomb of pixels": (made.picture("PNG", (9000, 9000), "1"), "more than 40 million pixels"),
    "half a PDF": (made.PDF[:-8], "breaks off before its end"),
    "a locked PDF": (made.PDF.replace(b"/Root", b"/Encrypt 5 0 R /Root"), "protected by a password"),
    "a PDF with a script": (made.PDF.replace(b"/Catalog", b"/J#61vaScript"), "holds scripts"),
    "a PDF with a packed script": (PACKED, "holds scripts"),
    "a PDF packed otherwise": (PACKED.replace(OBJECTS, b"zzzz"), "cannot be looked into"),
    "a PDF with a file": (made.PDF.replace(b"/Catalog", b"/EmbeddedFile"), "holds scripts"),
    "a macro": (made.docx(word__vbaProject=b"x"), "contains macros"),
    "a control": (made.docx(word__activeX__activeX1=b"x"), "contains macros"),
    "a file within": (made.docx(word__embeddings__oleObject1=b"x"), "other files embedded"),
    "a template from outside": (
        made.archive({
            "[Content_Types].xml": made.TYPES, "word/document.xml": b"<w/>",
            "word/_rels/settings.xml.rels": made.linked("http://a.example/t.dotm", "attachedTemplate"),
        }),
        "fetches something",
    ),
    "a document type": (made.archive({"word/document.xml": b"<!DOCTYPE a><w/>"}), "damaged"),
    "a bomb of letters": (made.docx(word__a=bytes(64 * 2**20)), "unpacks to far more"),
    "a part outside": (made.archive({"word/document.xml": b"<w/>", "../a": b"x"}), "damaged"),
    "half a document": (made.docx()[:-30], "damaged"),
    "very many parts": (made.docx(**{f"word__p{n}": b"" for n in range(600)}), "more than 500 parts"),
}  # fmt: skip


@pytest.mark.parametrize("sort", sorted(REFUSED))
def test_what_would_harm_is_refused_with_a_sentence(sort):
    content, said = REFUSED[sort]
    with pytest.raises(Refused) as refused:
        check(content, "报名表.pdf")
    assert said in refused.value.message
    assert "“报名表.pdf”" in refused.value.message
    assert refused.value.field == "files"


def test_a_file_that_takes_too_long_is_refused():
    with pytest.raises(Refused, match="takes too long"):
        check(made.picture(), seconds=0)


def test_a_file_that_takes_too_much_memory_is_refused():
    with pytest.raises(Refused, match="memory"):
        check(made.picture("PNG", (6000, 6000)), memory=150 * 2**20)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\张三\\通知.pdf", "通知.pdf"),
        ("a\x00b\r\nc\u202egpj.exe", "a b c gpj.pdf"),
        ("", "附件.pdf"),
        (".pdf", "附件.pdf"),
        ("三月.学习", "三月.pdf"),
    ],
)
def test_a_name_is_kept_without_what_could_harm(sent, kept):
    assert clean_name(sent, "pdf") == kept


def test_a_very_long_name_is_cut():
    assert len(clean_name("长" * 300 + ".pdf", "pdf")) <= 90
