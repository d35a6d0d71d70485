"""Reads one workbook in a process of its own, under limits of memory and time: `python -I read_child.py`.

It stands alone (the standard library and calamine), because it is started by its path: importing the whole
application would cost more than reading the file. Arguments: the file, and the limits as JSON.
What goes out is JSON, never code, a line each: {"sheet": name, …}, then its rows as [[row, cell, …], …],
and at the end {"end": true} or {"refused": code, "params": {…}}.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import resource
import sys
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

ROWS_A_LINE = 500
SMALL = 8 * 2**20  # below this an unpacked file harms nobody, however well it was packed
ROOM = 100  # rows for titles, headings and totals beside the rows of data
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".wdp", ".bin")
OTHER_FORMATS = {"word/document.xml": "word", "xl/workbook.bin": "xlsb", "content.xml": "ods"}
MOST_MERGED = 20_000
MOST_FORMULAS = 100_000

# Whatever the standard library raises over an archive that is not what it says.
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    ElementTree.ParseError,
    EOFError,
    OSError,
    ValueError,
    KeyError,
    NotImplementedError,
)

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MACRO = re.compile(r"vbaproject|xl/macrosheets/|xl/dialogsheets/|activex", re.IGNORECASE)
_EXTERNAL = re.compile(r"xl/(externallinks/|connections\.xml|querytables/)", re.IGNORECASE)
_CELL = rb"<(?:\w+:)?c\b[^>]*?\br=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']"
_FORMULA = re.compile(_CELL + rb"[^>]*>\s*<(?:\w+:)?f[\s>/]")
_ERROR = re.compile(
    _CELL + rb"(?=[^>]*\bt=[\"']e[\"'])[^>]*>(?:<(?:\w+:)?f\b.*?)?<(?:\w+:)?v>([^<]{1,20})<", re.DOTALL
)
_HIDDEN_ROW = re.compile(
    rb"<(?:\w+:)?row\b(?=[^>]*\bhidden=[\"'](?:1|true)[\"'])[^>]*?\br=[\"']([0-9]{1,7})[\"']"
)


class RefusedFile(Exception):  # noqa: N818  (a refusal, as everywhere in this house)
    """The file may not be read. `code` stands for a sentence of tracker.files.workbook."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def main() -> None:
    """Print the sheets of a workbook, or the code of why not."""
    path, limits = sys.argv[1], json.loads(sys.argv[2])
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # a text stream, as in every start
    memory, seconds = limits["memory"], limits["seconds"]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds + 1, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        marks = check_archive(path, limits)
        for line in read(path, limits, marks):
            sys.stdout.write(line + "\n")
        answer: dict[str, object] = {"end": True}
    except RefusedFile as refused:
        answer = {"refused": refused.code, "params": refused.params}
    except MemoryError:
        answer = {"refused": "memory", "params": {}}
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def check_archive(path: str, limits: dict[str, int]) -> dict[str, Any]:
    """Look into the zip archive before any spreadsheet code does.

    Returns sheet name -> its marks: cells with formulas, cells with errors, hidden rows. Raises RefusedFile.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_parts(archive, limits)
            sheets = _sheet_parts(archive)
            marks = {}
            for part in archive.infolist():
                is_xml = not part.filename.lower().endswith(PICTURES)
                content = archive.read(part) if is_xml else b""
                if is_xml:
                    _check_xml(content)
                if part.filename in sheets:
                    marks[sheets[part.filename]] = _marks(content, sheets[part.filename], limits)
            return marks
    except DAMAGE as error:
        raise RefusedFile("damaged") from error


def _check_parts(archive: zipfile.ZipFile, limits: dict[str, int]) -> None:
    parts = archive.infolist()
    if any(part.flag_bits & 0x1 for part in parts):
        raise RefusedFile("encrypted")
    if len(parts) > limits["parts"]:
        raise RefusedFile("parts", most=limits["parts"])
    _check_layout(parts)
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if unpacked > limits["unpacked"]:
        raise RefusedFile("unpacked", most=limits["unpacked"] // 2**20)
    if unpacked > SMALL and unpacked > limits["ratio"] * packed:
        raise RefusedFile("ratio")
    names = {part.filename.lower() for part in parts}
    if "xl/workbook.xml" not in names:
        known = [code for name, code in OTHER_FORMATS.items() if name in names]
        raise RefusedFile(known[0] if known else "not_excel")
    for pattern, code in ((_MACRO, "macros"), (_EXTERNAL, "external")):
        if any(pattern.search(name) for name in names):
            raise RefusedFile(code)


def _check_layout(parts: list[zipfile.ZipInfo]) -> None:
    """Each part once, inside the archive, behind the one before."""
    names = [part.filename for part in parts]
    leads_out = any(name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) for name in names)
    is_odd = any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts)
    if leads_out or is_odd or len(set(names)) < len(names):
        raise RefusedFile("damaged")
    end = 0
    for part in sorted(parts, key=lambda part: part.header_offset):
        if part.header_offset < end:
            raise RefusedFile("damaged")  # overlapping parts unpack to far more than the file holds
        end = part.header_offset + part.compress_size


def _check_xml(content: bytes) -> None:
    """No document type, no entities, no encoding in which these could hide."""
    head = content[:200]
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in head:
        raise RefusedFile("dtd")
    declared = re.search(rb"encoding=[\"']([^\"']*)", head)
    if declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
        raise RefusedFile("dtd")
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise RefusedFile("dtd")


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Part of the archive -> name of the sheet."""
    listed, relations = archive.read("xl/workbook.xml"), archive.read("xl/_rels/workbook.xml.rels")
    _check_xml(listed)
    _check_xml(relations)
    targets = {}
    for relation in ElementTree.fromstring(relations):  # noqa: S314  (no DTD, in a process with limits)
        target = relation.get("Target", "")
        targets[relation.get("Id")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    named = [
        (targets.get(element.get(_RELATION), ""), element.get("name", ""))
        for element in ElementTree.fromstring(listed).iter()  # noqa: S314  (likewise)
        if element.tag.rpartition("}")[2] == "sheet"
    ]
    if len({name.casefold() for _, name in named}) < len(named):  # calamine would give the first one twice
        raise RefusedFile("damaged")
    if len(dict(named)) < len(named):  # a part is read once for each sheet that it is said to be
        raise RefusedFile("damaged")
    return dict(named)


def _marks(content: bytes, sheet: str, limits: dict[str, int]) -> dict[str, Any]:
    """What calamine does not tell of a sheet; and whether its cells lie within the limits."""
    columns, rows = beyond(_letters(limits["columns"]), "Z"), beyond(str(limits["rows"] + ROOM), "9")
    # Formatted cells without a value do no harm, and tables are often formatted down to the last row.
    far = re.search(
        rf'<c r="(?:(?:{columns})[0-9]|[A-Z]{{1,3}}(?:{rows})")[^>]*(?<!/)>(?!</c>)'.encode(), content
    )
    if far:
        cell = re.search(rb'r="([A-Z]+[0-9]+)', far[0])
        raise _too_large(sheet, limits, cell[1].decode() if cell else "")
    if content.count(b"<mergeCell ") > MOST_MERGED:
        raise RefusedFile("merged", sheet=sheet, most=MOST_MERGED)
    formulas: list[tuple[int, int]] = []
    errors: dict[tuple[int, int], str] = {}
    if b"<f" in content or b":f" in content:
        formulas = [(int(row), _index(letters)) for letters, row in _FORMULA.findall(content)][:MOST_FORMULAS]
    if b't="e"' in content or b"t='e'" in content:
        errors = {(int(r), _index(c)): v.decode("utf-8", "replace") for c, r, v in _ERROR.findall(content)}
    hidden = [int(row) for row in _HIDDEN_ROW.findall(content)] if b"hidden=" in content else []
    return {"formulas": formulas, "errors": errors, "hidden_rows": hidden}


def read(path: str, limits: dict[str, int], marks: dict[str, Any]) -> Iterator[str]:
    """The sheets as lines of JSON. Raises RefusedFile."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        workbook = CalamineWorkbook.from_path(path)
        for about in workbook.sheets_metadata:
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = workbook.get_sheet_by_name(about.name)
            end = sheet.end or (0, 0)
            if end[0] >= limits["rows"] + ROOM or end[1] >= limits["columns"]:
                raise _too_large(about.name, limits, f"{_letters(end[1] + 1)}{end[0] + 1}")
            marked = marks.get(about.name, {"formulas": [], "errors": {}, "hidden_rows": []})
            yield json.dumps(
                {
                    "sheet": about.name,
                    "is_hidden": about.visible != SheetVisibleEnum.Visible,
                    "merged": [(a + 1, b, c + 1, d) for (a, b), (c, d) in sheet.merged_cell_ranges or []],
                    "formulas": marked["formulas"],
                    "hidden_rows": marked["hidden_rows"],
                }
            )
            yield from _lines(sheet, limits, marked["errors"])
    except CalamineError as error:
        raise RefusedFile("damaged") from error


def _lines(sheet: Any, limits: dict[str, int], errors: dict[tuple[int, int], str]) -> Iterator[str]:
    """The rows that hold anything, some hundred a line, each as [row, cell, cell, …]."""
    before = [None] * (sheet.start[1] if sheet.start else 0)
    in_error = {row for row, _ in errors}
    lines: list[list[Any]] = []
    for row, cells in enumerate(sheet.iter_rows(), 1):
        if row in in_error:
            cells = [errors.get((row, len(before) + i), cell) for i, cell in enumerate(cells)]
        while cells and cells[-1] == "":
            cells.pop()
        if not cells:
            continue
        for column, cell in enumerate(cells):
            if type(cell) is str and len(cell) > limits["cell"]:
                place = f"{_letters(len(before) + column + 1)}{row}"
                raise RefusedFile("cell", sheet=sheet.name, cell=place, most=limits["cell"])
        lines.append([row, *before, *cells])
        if len(lines) == ROWS_A_LINE:
            yield json.dumps(lines, default=_encode, ensure_ascii=False, separators=(",", ":"))
            lines = []
    if lines:
        yield json.dumps(lines, default=_encode, ensure_ascii=False, separators=(",", ":"))


def _encode(value: object) -> list[object]:
    """Days and times as a pair, which no other cell is."""
    match value:
        case dt.datetime():
            return ["t", value.isoformat()]
        case dt.date():
            return ["d", value.isoformat()]
        case dt.time():
            return ["c", value.isoformat()]
        case dt.timedelta():
            return ["s", value.total_seconds()]
        case _:
            raise TypeError(type(value))


def beyond(most: str, last: str) -> str:
    """A pattern for every number (last "9") or column letters (last "Z") after `most`."""
    first = "0" if last == "9" else "A"
    parts = [f"[{first}-{last}]{{{len(most) + 1},}}"]
    for place, character in enumerate(most):
        if character != last:
            rest = len(most) - place - 1
            parts.append(f"{most[:place]}[{chr(ord(character) + 1)}-{last}][{first}-{last}]{{{rest}}}")
    return "|".join(parts)


def _too_large(sheet: str, limits: dict[str, int], cell: str) -> RefusedFile:
    return RefusedFile("extent", sheet=sheet, cell=cell, rows=limits["rows"], columns=limits["columns"])


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _index(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index - 1


if __name__ == "__main__":
    main()
