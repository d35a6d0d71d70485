"""Workbooks that no office sends by intention, each made by a few lines from a harmless one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl

HEAD = b'<?xml version="1.0" encoding="UTF-8"?>'
MAIN = b'"http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHEET = HEAD + b"<worksheet xmlns=" + MAIN + b"><sheetData>%b</sheetData></worksheet>"
SHEET_PART = "xl/worksheets/sheet1.xml"
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)


def harmless() -> bytes:
    """A workbook of one row, as bytes."""
    book = openpyxl.Workbook()
    book.worksheets[0].append(["日期", "姓名"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def altered(change: dict[str, bytes] | None = None, add: list[tuple[str, bytes]] | None = None) -> bytes:
    """The harmless workbook with some parts replaced and others added."""
    file = io.BytesIO()
    old = zipfile.ZipFile(io.BytesIO(harmless()))
    with old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, (change or {}).get(name, old.read(name)))
        for name, content in add or []:
            new.writestr(name, content)
    return file.getvalue()


def with_rows(rows: bytes) -> bytes:
    """The harmless workbook with these rows instead of its own."""
    return altered({SHEET_PART: SHEET % rows})


def of_parts(*names: str) -> bytes:
    """A zip archive of empty parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, HEAD)
    return file.getvalue()


def claiming(size: int) -> bytes:
    """The directory says that the sheet unpacks to `size` bytes."""
    content = bytearray(with_rows(b"<row/>" * 10_000))
    entry = content.rindex(SHEET_PART.encode()) - 46
    content[entry + 24 : entry + 28] = size.to_bytes(4, "little")
    return bytes(content)


def with_cells(*references: str) -> bytes:
    """A number in each of these cells."""
    return with_rows(b"<row>%b</row>" % b"".join(b'<c r="%b"><v>1</v></c>' % r.encode() for r in references))


def with_entities(part: str, content: bytes) -> bytes:
    """A part with entities that would grow when they are read."""
    laughs = b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    return altered({part: HEAD + laughs + content.removeprefix(HEAD)})


def one_string_in_many_cells() -> bytes:
    """32,000 characters, stored once, in 1,000 cells."""
    rows = b"".join(b'<row r="%d">%b</row>' % (n, b'<c t="s"><v>0</v></c>' * 50) for n in range(1, 21))
    strings = HEAD + b"<sst xmlns=" + MAIN + b"><si><t>" + b"x" * 32_000 + b"</t></si></sst>"
    return altered({SHEET_PART: SHEET % rows}, [("xl/sharedStrings.xml", strings)])


def merged_often() -> bytes:
    """20,001 merged ranges."""
    ranges = b"</sheetData><mergeCells>%b</mergeCells>" % (b'<mergeCell ref="A1:B2"/>' * 20_001)
    return altered({SHEET_PART: (SHEET % b"").replace(b"</sheetData>", ranges)})


def overlapping() -> bytes:
    """Two parts of the directory point at the same bytes."""
    content = bytearray(altered(add=[("xl/media/a.bin", b"x" * 100), ("xl/media/b.bin", b"x" * 100)]))
    first, second = (content.rindex(name) - 46 for name in (b"xl/media/a.bin", b"xl/media/b.bin"))
    content[second + 42 : second + 46] = content[first + 42 : first + 46]
    return bytes(content)


def locked() -> bytes:
    """The flag of an encrypted part is set."""
    content = bytearray(harmless())
    content[content.rindex(SHEET_PART.encode()) - 46 + 8] |= 1
    return bytes(content)


def many_sheets() -> bytes:
    """A list of 10,000 sheets, all of them the same part."""
    sheets = b"".join(b'<sheet name="s%d" sheetId="%d" r:id="rId1"/>' % (n, n + 1) for n in range(10_000))
    space = b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    book = HEAD + b"<workbook xmlns=" + MAIN + b" " + space + b"><sheets>" + sheets + b"</sheets></workbook>"
    return altered({"xl/workbook.xml": book})


# name -> (bytes, a piece of the sentence that the user reads)
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "is empty"),
    "text": (lambda: "日期,姓名\n".encode(), "not an Excel workbook"),
    "html": (lambda: b"<html><table></table></html>", "not an Excel workbook"),
    "pdf": (lambda: b"%PDF-1.7 ...", "PDF"),
    "old xls": (lambda: OLE + "Workbook".encode("utf-16-le"), "old .xls format"),
    "old doc": (lambda: OLE + "WordDocument".encode("utf-16-le"), "Word document"),
    "password": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
    "encrypted part": (locked, "protected by a password"),
    "docx": (lambda: of_parts("[Content_Types].xml", "word/document.xml"), "Word document"),
    "xlsb": (lambda: of_parts("[Content_Types].xml", "xl/workbook.bin"), ".xlsb"),
    "ods": (lambda: of_parts("mimetype", "content.xml"), "OpenDocument"),
    "any zip": (lambda: of_parts("readme.txt"), "not an Excel workbook"),
    "truncated": (lambda: harmless()[:-300], "damaged"),
    "only the magic": (lambda: b"PK\x03\x04", "damaged"),
    "broken sheet": (lambda: with_rows(b'<row r="1"><c r="A1"><v>1</v>'), "damaged"),
    "string that is not there": (
        lambda: with_rows(b'<row r="1"><c r="A1" t="s"><v>99</v></c></row>'),
        "damaged",
    ),
    "broken list of sheets": (lambda: altered({"xl/workbook.xml": HEAD + b"<workbook"}), "damaged"),
    "too many parts": (lambda: altered(add=[(f"xl/media/{n}.png", b"") for n in range(200)]), "200 parts"),
    "way out": (lambda: altered(add=[("../../evil.xml", HEAD)]), "damaged"),
    "absolute name": (lambda: altered(add=[("/etc/passwd", HEAD)]), "damaged"),
    "lying size": (lambda: claiming(100), "damaged"),
    "large": (lambda: claiming(129 * 2**20), "more than 128 MiB"),
    "overlap": (overlapping, "damaged"),
    "zip bomb": (lambda: altered(add=[("xl/media/a.bin", bytes(20 * 2**20))]), "packed so tightly"),
    "entities in the sheet": (lambda: with_entities(SHEET_PART, SHEET % b""), "no spreadsheet needs"),
    "entities in the types": (
        lambda: with_entities("[Content_Types].xml", b"<Types/>"),
        "no spreadsheet needs",
    ),
    "entities in a part of another name": (
        lambda: with_entities("xl/theme/theme1.xml", b"<a/>"),
        "no spreadsheet",
    ),
    "utf-16": (
        lambda: altered({SHEET_PART: (SHEET % b"").decode().encode("utf-16")}),
        "no spreadsheet needs",
    ),
    "utf-7": (
        lambda: altered({SHEET_PART: (SHEET % b"").replace(b"UTF-8", b"UTF-7")}),
        "no spreadsheet needs",
    ),
    "macro": (lambda: altered(add=[("xl/vbaProject.bin", b"x")]), "macros"),
    "old macro": (lambda: altered(add=[("xl/macrosheets/sheet1.xml", HEAD)]), "macros"),
    "external link": (
        lambda: altered(add=[("xl/externalLinks/externalLink1.xml", HEAD)]),
        "linked to other files",
    ),
    "data connection": (lambda: altered(add=[("xl/connections.xml", HEAD)]), "linked to other files"),
    "last cell of all": (lambda: with_cells("A1", "XFD1048576"), "reaches to cell XFD1048576"),
    "row a million": (lambda: with_cells("A1", "A1000000"), "reaches to cell A1000000. At most 60000 rows"),
    "too wide": (lambda: with_cells("BI1"), "reaches to cell BI1"),
    "too wide without references": (
        lambda: with_rows(b"<row>" + b"<c><v>1</v></c>" * 61 + b"</row>"),
        "cell BI1",
    ),
    "last cell of all in other quotes": (
        lambda: with_rows(b"<row><c r='A1'><v>1</v></c><c r='XFD1048576'><v>1</v></c></row>"),
        "too much memory",
    ),
    "long cell": (
        lambda: with_rows(b'<row><c r="B1" t="inlineStr"><is><t>%b</t></is></c></row>' % (b"x" * 32_768)),
        "Cell B1 of sheet Sheet holds more than 32767",
    ),
    "one part for many sheets": (many_sheets, "damaged"),
    "merged often": (merged_often, "more than 20000 merged cells"),
}


def write(path: Path, content: bytes) -> Path:
    """Put the bytes into a file."""
    path.write_bytes(content)
    return path
