"""Numbers 36 to 47 of the hostile files: documents, PDFs, drawings in SVG."""

from __future__ import annotations

from tests.files.evidence_files import PDF, docx, linked
from tests.files.hostile import HEAD, OLE
from tests.proof.hostile_workbooks import MIB, archive_with, packed

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TEMPLATE = "{{7*7}}{% for x in ().__class__.__base__.__subclasses__() %}{{x}}{% endfor %}${7*7}#{7*7}"


def saying(text: str) -> bytes:
    """A document of one paragraph."""
    paragraph = f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
    body = f'<w:document xmlns:w="{WORD}"><w:body>{paragraph}</w:body></w:document>'
    return docx(**{"word__document.xml": HEAD + body.encode()})


def pdf(*objects: bytes) -> bytes:
    """A PDF with these objects beside its catalogue."""
    extra = b"".join(b"%d 0 obj %b endobj\n" % (n, one) for n, one in enumerate(objects, start=10))
    return PDF.replace(b"trailer", extra + b"trailer")


def many_pages() -> bytes:
    """A PDF of 10,000 pages."""
    kids = b" ".join(b"%d 0 R" % n for n in range(11, 10_011))
    pages = b"<< /Type /Pages /Count 10000 /Kids [ %b ] >>" % kids
    return pdf(pages, *[b"<< /Type /Page /Parent 10 0 R >>"] * 10_000)


def bomb() -> bytes:
    """A document whose one part is 512 MiB of blanks."""
    return archive_with({"[Content_Types].xml": b"<Types/>"}, "word/document.xml", packed(b" " * MIB, 512))


def svg(inside: str) -> bytes:
    """A drawing."""
    spaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink"'
    return f"<svg {spaces}>{inside}</svg>".encode()


PAPERS = (
    (36, "document with macros", "材料.docx", lambda: docx(**{"word__vbaProject.bin": OLE}), False),
    (37, "document with a template from outside", "材料.docx", lambda: docx(
        **{"word___rels__settings.xml.rels": linked("http://127.0.0.1:1/x", "attachedTemplate")}), False),
    (38, "document that is a template", "材料.docx", lambda: saying(TEMPLATE), True),
    (39, "document bomb", "材料.docx", bomb, False),
    (40, "PDF with a script", "材料.pdf", lambda: pdf(b"<< /S /JavaScript /JS (app.alert(1)) >>"), False),
    (41, "PDF that starts a program", "材料.pdf", lambda: pdf(b"<< /S /Launch /F (cmd.exe) >>"), False),
    (42, "PDF that is a page too", "材料.pdf", lambda: PDF.replace(
        b"\n", b"\n<html><script>alert(1)</script></html>\n", 1), True),
    (43, "encrypted PDF", "材料.pdf", lambda: PDF.replace(
        b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 9 0 R"), False),
    (44, "PDF of 10,000 pages", "材料.pdf", many_pages, True),
    (45, "SVG with a script", "图.svg", lambda: svg("<script>alert(1)</script>"), False),
    (46, "SVG with a page", "图.svg", lambda: svg(
        "<foreignObject><body onload='alert(1)'/></foreignObject>"), False),
    (47, "SVG with a picture from outside", "图.svg", lambda: svg(
        '<image x:href="http://127.0.0.1:1/x.png"/>'), False),
)  # fmt: skip
