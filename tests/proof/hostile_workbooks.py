"""Numbers 1 to 35 of the hostile files: workbooks."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import NamedTuple

from tests.files import hostile
from tests.files.hostile import HEAD, MAIN, OLE, SHEET, SHEET_PART, altered, of_parts, with_cells, with_rows

MIB = 2**20


class Packed(NamedTuple):
    """Bytes packed as closely as can be, without having been written out anywhere."""

    packed: bytes
    size: int
    crc: int


def packed(block: bytes, times: int, before: bytes = b"") -> Packed:
    """`block` over and over: it is packed once and repeated, since it ends on a whole byte and looks back at
    nothing.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    start = packer.compress(before) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    crc = zlib.crc32(before)
    for _ in range(times):
        crc = zlib.crc32(block, crc)
    body = start + again * times + packer.flush(zlib.Z_FINISH)
    return Packed(body, len(before) + len(block) * times, crc)


def archive_with(parts: dict[str, bytes], name: str, bomb: Packed) -> bytes:
    """A zip archive of these parts and of one that was packed beforehand."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, content in parts.items():
            archive.writestr(one, content)
        archive.writestr(zipfile.ZipInfo(name), bomb.packed)  # stored; its entry is mended below
    raw = bytearray(out.getvalue())
    for at, method in ((raw.index(name.encode()) - 30, 8), (raw.rindex(name.encode()) - 46, 10)):
        struct.pack_into("<H", raw, at + method, zipfile.ZIP_DEFLATED)
        struct.pack_into("<III", raw, at + method + 6, bomb.crc, len(bomb.packed), bomb.size)
    return bytes(raw)


def parts_of_harmless(*without: str) -> dict[str, bytes]:
    """The parts of the harmless workbook."""
    with zipfile.ZipFile(io.BytesIO(hostile.harmless())) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name not in without}


def bomb_of_rows() -> bytes:
    """512 MiB of empty rows in half a MiB."""
    rows = packed(b"<row/>".ljust(64) * (MIB // 64), 512, SHEET.partition(b"%b")[0])
    return archive_with(parts_of_harmless(SHEET_PART), SHEET_PART, rows)


def one_large_cell() -> bytes:
    """A cell of 512 MiB."""
    cell = packed(b"x" * MIB, 512, SHEET.partition(b"%b")[0] + b'<row><c t="inlineStr"><is><t>')
    return archive_with(parts_of_harmless(SHEET_PART), SHEET_PART, cell)


def nested() -> bytes:
    """A bomb within an archive within the workbook."""
    inner = archive_with({}, "a.bin", packed(bytes(MIB), 64))
    return altered(add=[(f"xl/media/{n}.zip", inner) for n in range(20)])


def twice_the_same_name() -> bytes:
    """Two parts of one name: readers differ in which they take."""
    content = altered(add=[("xl/worksheets/sheet2.xml", SHEET % b"<row/>")])
    return content.replace(b"xl/worksheets/sheet2.xml", b"xl/worksheets/sheet1.xml")


def laughs(part: str, root: bytes) -> bytes:
    """A billion laughs in this part."""
    entities = b"".join(
        b'<!ENTITY l%d "%b">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"ha") for n in range(10)
    )
    content = HEAD + b"<!DOCTYPE l [" + entities + b"]>" + root
    return altered({part: content}, _new(part, content))


def _new(part: str, content: bytes) -> list[tuple[str, bytes]]:
    return [] if part in parts_of_harmless() else [(part, content)]


def outside(entity: bytes) -> bytes:
    """A cell whose text is fetched from outside."""
    sheet = (SHEET % b'<row><c t="inlineStr"><is><t>&x;</t></is></c></row>').removeprefix(HEAD)
    return altered({SHEET_PART: HEAD + b"<!DOCTYPE l [" + entity + b"]>" + sheet})


def declared(coding: str, name: bytes) -> bytes:
    """A sheet that is written in another coding than spreadsheets are."""
    text = (SHEET % b"<row/>").decode().replace("UTF-8", name.decode())
    return altered({SHEET_PART: text.encode(coding)})


def with_texts(*texts: str) -> bytes:
    """A row of texts as they stand, whatever they begin with."""
    cells = "".join(f'<c t="inlineStr"><is><t xml:space="preserve">{one}</t></is></c>' for one in texts)
    return with_rows(b"<row>" + cells.encode() + b"</row>")


def many_styles() -> bytes:
    """100,000 formats of cells."""
    formats = b'<xf numFmtId="0"/>' * 100_000
    return altered(
        {"xl/styles.xml": HEAD + b"<styleSheet xmlns=" + MAIN + b"><cellXfs>" + formats + b"</cellXfs>"
         b"</styleSheet>"}
    )  # fmt: skip


def many_merged() -> bytes:
    """A million merged ranges."""
    ranges = b"</sheetData><mergeCells>%b</mergeCells>" % (b'<mergeCell ref="A1:B2"/>' * 1_000_000)
    return altered({SHEET_PART: (SHEET % b"").replace(b"</sheetData>", ranges)})


def odd_numbers() -> bytes:
    """Numbers that are none, or larger than any."""
    values = (b"1e308", b"-1e308", b"1e999", b"NaN", b"INF", b"-0", b"9" * 400, b"0x10", b"1,5", b"")
    return with_rows(b"<row>" + b"".join(b"<c><v>%b</v></c>" % one for one in values) + b"</row>")


def odd_days() -> bytes:
    """Days that Excel invented, that are before all days, or after."""
    numbers = (b"60", b"0", b"-1", b"-693593", b"2958465", b"2958466", b"1e15")
    cells = b"".join(b'<c s="1"><v>%b</v></c>' % one for one in numbers)
    words = ("2026年7月1日", "1900-02-29", "9999-12-31", "0000-00-00", "二〇二六年七月一日")
    texts = "".join(f'<c t="inlineStr"><is><t>{one}</t></is></c>' for one in words).encode()
    return with_rows(b"<row>" + cells + b"</row><row>" + texts + b"</row>")


def of_1904() -> bytes:
    """A workbook whose days begin in 1904."""
    book = parts_of_harmless()["xl/workbook.xml"]
    return altered({"xl/workbook.xml": book.replace(b"<sheets>", b'<workbookPr date1904="1"/><sheets>')})


FORMULAS = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\tx",
    "＝1+1",
    "=HYPERLINK(&quot;http://e&quot;)",
)
ENTITY_FILE = b'<!ENTITY x SYSTEM "file:///etc/passwd">'
ENTITY_HTTP = b'<!ENTITY x SYSTEM "http://127.0.0.1:1/x">'
ENTITY_PARAMETER = b'<!ENTITY % p SYSTEM "http://127.0.0.1:1/x.dtd"> %p;'
DDE = b'<ddeLink ddeService="cmd" ddeTopic="/C calc"/>'
MACROS = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"

BOOK = "台账.xlsx"

# number, what it is, name, bytes, whether it may stay: as a file of evidence, or as rows with their faults
WORKBOOKS = (
    (1, "bomb of rows", BOOK, bomb_of_rows, False),
    (2, "a cell of 512 MiB", BOOK, one_large_cell, False),
    (3, "a cell at the end of all", BOOK, lambda: with_cells("XFD1048576"), True),
    (4, "a dimension without cells", BOOK, lambda: altered({SHEET_PART: (SHEET % b"").replace(
        b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>')}), True),
    (5, "archives within", BOOK, nested, True),
    (6, "overlapping parts", BOOK, hostile.overlapping, False),
    (7, "10,000 parts", BOOK, lambda: altered(
        add=[(f"xl/media/{n}.png", b"") for n in range(10_000)]), False),
    (8, "lies about its size", BOOK, lambda: hostile.claiming(100), False),
    (9, "a name twice", BOOK, twice_the_same_name, False),
    (10, "names that lead out", BOOK, lambda: altered(
        add=[("../../evil.xml", HEAD), ("/etc/x.xml", HEAD)]), False),
    (11, "encrypted part", BOOK, hostile.locked, False),
    (11, "encrypted workbook", BOOK, lambda: OLE + "EncryptedPackage".encode("utf-16-le"), False),
    (12, "laughs in the sheet", BOOK, lambda: laughs(
        SHEET_PART, (SHEET % b"&l9;").removeprefix(HEAD)), False),
    (13, "laughs in the strings", BOOK, lambda: laughs(
        "xl/sharedStrings.xml", b"<sst xmlns=" + MAIN + b"><si><t>&l9;</t></si></sst>"), False),
    (14, "laughs in the types", BOOK, lambda: laughs(
        "[Content_Types].xml", b"<Types>&l9;</Types>"), False),
    (15, "entity of a file", BOOK, lambda: outside(ENTITY_FILE), False),
    (16, "entity of an address", BOOK, lambda: outside(ENTITY_HTTP), False),
    (17, "parameter entity", BOOK, lambda: outside(ENTITY_PARAMETER), False),
    (18, "UTF-7", BOOK, lambda: declared("utf-7", b"UTF-7"), True),
    (18, "UTF-16", BOOK, lambda: declared("utf-16", b"UTF-16"), False),
    (19, "macros by another name", BOOK, lambda: altered(
        {"[Content_Types].xml": HEAD + b'<Types><Override ContentType="' + MACROS + b'"/></Types>'},
        [("xl/vbaProject.bin", OLE)]), False),
    (20, "binary workbook", BOOK, lambda: of_parts("[Content_Types].xml", "xl/workbook.bin"), False),
    (21, "old workbook", BOOK, lambda: OLE + "Workbook".encode("utf-16-le"), False),
    (22, "a list of values", BOOK, lambda: "日期,工号\n=1+1,@x\n".encode(), False),
    (23, "link to another file", BOOK, lambda: altered(
        add=[("xl/externalLinks/externalLink1.xml", HEAD)]), False),
    (24, "link to a program", BOOK, lambda: altered(
        add=[("xl/externalLinks/externalLink1.xml", HEAD + DDE)]), False),
    (25, "formulas as texts", BOOK, lambda: with_texts(*FORMULAS), True),
    (26, "100,000 formats", BOOK, many_styles, True),
    (27, "a million merged ranges", BOOK, many_merged, False),
    (28, "10,000 sheets", BOOK, hostile.many_sheets, True),
    (29, "a string that is not there", BOOK, lambda: with_rows(b'<row><c t="s"><v>99</v></c></row>'), True),
    (30, "odd days", BOOK, odd_days, True),
    (30, "days from 1904", BOOK, of_1904, True),
    (31, "odd numbers", BOOK, odd_numbers, True),
    (32, "hidden rows", BOOK, lambda: with_rows(b'<row hidden="1"><c><v>1</v></c></row>'), True),
    (33, "control characters", BOOK, lambda: with_texts("a_x0000_b_x000B_c", "&#xFFFF;"), True),
    *((34, f"cut off after {n} parts of 21", "台账.xlsx",
       lambda n=n: hostile.harmless()[: len(hostile.harmless()) * n // 21], False) for n in range(1, 21)),
    (35, "empty", BOOK, lambda: b"", False),
)  # fmt: skip
