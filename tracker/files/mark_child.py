"""Marks cells of one workbook in a process of its own, under the limits of reading: `-I mark_child.py`.

It stands alone like read_child.py, beside which it lies. Arguments: the file, and the limits as JSON. What is
to be marked comes in as JSON: {"sheets": {name: {"C5": sentence, …}}, "colour", "prefix", "comments",
"summary": {"name", "note", "rows": [[text, …], …], "links": [[row, sheet, cell], …]}}.
What goes out is the workbook, or nothing and a code of tracker.files.workbook as the last word of stderr.

The parts of the archive are changed in place, so that whatever else the file holds stays as it is. The marks
of a former round are taken off first: a comment from the prefix on, and the fill of just that colour.
"""

from __future__ import annotations

import importlib.util
import io
import json
import posixpath
import re
import resource
import sys
import zipfile
from pathlib import Path
from typing import Any
from xml.dom import minidom
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="2"><fill><patternFill '
    'patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1">'
    '<border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="1"><xf numFmtId="0" '
    'fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" '
    'xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_DRAWING = re.compile(rb"<(?:\w+:)?legacyDrawing\s[^>]*?:id=[\"']([^\"']+)")
VIEW = (
    '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView workbookViewId="0"><pane '
    'ySplit="2" topLeftCell="A3" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
)
R = "r"  # the prefix of relations, as everywhere
TYPES = "application/vnd.openxmlformats-officedocument."


def beside(name: str) -> Any:
    """A file that lies beside this one, as a module: -I leaves its folder out of the path."""
    found = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules[name] = module
    found.loader.exec_module(module)
    return module


def main() -> None:
    """Write the marked workbook to stdout."""
    path, limits = sys.argv[1], json.loads(sys.argv[2])
    memory, seconds = limits["memory"], limits["seconds"]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds + 1, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    reading, asked = beside("read_child"), json.load(sys.stdin.buffer)
    try:
        reading.check_archive(path, limits)
        with zipfile.ZipFile(path) as archive:
            content = Marking(archive, asked).content()
    except reading.RefusedFile as refused:
        sys.exit(refused.code)
    except MemoryError:
        sys.exit("memory")
    except reading.DAMAGE:
        sys.exit("damaged")
    sys.stdout.buffer.write(content)


class Book:
    """The archive's parts, and those that were changed or added over them."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.names = set(archive.namelist())
        self.changed: dict[str, bytes] = {}
        self.documents: dict[str, Any] = {}
        self.types = self.document("[Content_Types].xml").documentElement
        self.workbook = self.document("xl/workbook.xml").documentElement
        self.main: str = self.workbook.namespaceURI
        sheet = next(one for one in self._related("xl/workbook.xml") if self._ends(one, "worksheet"))
        self.base: str = sheet.getAttribute("Type").removesuffix("worksheet")

    @staticmethod
    def under(node: Any, local: str) -> list[Any]:
        """The elements of this name right below a node, whatever their prefix."""
        return [one for one in node.childNodes if one.nodeType == 1 and one.localName == local]

    @staticmethod
    def add(node: Any, local: str, **attributes: object) -> Any:
        """A new element at the end of `node`, in its namespace."""
        prefix = f"{node.prefix}:" if node.prefix else ""
        child = node.ownerDocument.createElementNS(node.namespaceURI, prefix + local)
        for name, value in attributes.items():
            child.setAttribute(name, str(value))
        return node.appendChild(child)

    def read(self, name: str) -> bytes:
        return self.changed[name] if name in self.changed else self.archive.read(name)

    def document(self, name: str, empty: str = "") -> Any:
        """A small part as a tree; it is written with the rest. `empty` is what it is where there is none."""
        if name not in self.documents:
            source = self.read(name) if name in self.names else empty.encode()
            self.names.add(name)
            self.documents[name] = minidom.parseString(source)  # noqa: S318  (no DTD: it was looked into)
        return self.documents[name]

    def put(self, name: str, content: bytes, media: str) -> None:
        """A new part, or one anew. media: its type, as the archive lists it."""
        if name not in self.names:
            self.add(self.types, "Override", PartName=f"/{name}", ContentType=media)
        self.names.add(name)
        self.changed[name] = content

    def related(self, part: str, kind: str) -> tuple[str, str] | None:
        """(id, part) of the first relation of this kind, None if there is none."""
        for one in self._related(part):
            if self._ends(one, kind) and one.getAttribute("TargetMode") != "External":
                path = self._target(part, one)
                return (one.getAttribute("Id"), path) if path in self.names else None
        return None

    def drawing(self, part: str) -> tuple[str, str] | None:
        """(id, part) of the boxes that a sheet names as those of its comments."""
        match = _DRAWING.search(self.read(part))
        for one in self._related(part) if match else ():
            if match and one.getAttribute("Id") == match[1].decode():
                return one.getAttribute("Id"), self._target(part, one)
        return None

    def relate(self, part: str, kind: str, target: str) -> str:
        """Add a relation; its id."""
        relations = self._relations(part)
        taken = {one.getAttribute("Id") for one in self.under(relations, "Relationship")}
        name = next(f"rIdCheck{n}" for n in range(1, len(taken) + 2) if f"rIdCheck{n}" not in taken)
        self.add(relations, "Relationship", Id=name, Type=self.base + kind, Target=f"/{target}")
        return name

    def sheets(self) -> dict[str, str]:
        """Name of a worksheet -> its part."""
        parts = {
            one.getAttribute("Id"): self._target("xl/workbook.xml", one)
            for one in self._related("xl/workbook.xml")
            if self._ends(one, "worksheet")
        }
        (listed,) = self.under(self.workbook, "sheets")
        ids = {
            one.getAttribute("name"): value
            for one in self.under(listed, "sheet")
            for name, value in one.attributes.items()
            if name.endswith(":id")
        }
        return {name: parts[value] for name, value in ids.items() if value in parts}

    def content(self) -> bytes:
        """The archive as it is now."""
        for name, document in self.documents.items():
            self.changed[name] = HEAD.encode() + document.documentElement.toxml().encode()
        target = io.BytesIO()
        first = ["[Content_Types].xml"]  # some readers want it first
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in [*first, *(one for one in self.archive.namelist() if one not in first)]:
                if name in self.names:
                    archive.writestr(name, self.read(name))
            for name in sorted(self.names.difference(self.archive.namelist())):
                archive.writestr(name, self.changed[name])
        return target.getvalue()

    def _relations(self, part: str) -> Any:
        folder, name = posixpath.split(part)
        path = f"{folder}/_rels/{name}.rels"
        return self.document(path, f'<Relationships xmlns="{PACKAGE}"/>').documentElement

    def _related(self, part: str) -> list[Any]:
        folder, name = posixpath.split(part)
        is_there = f"{folder}/_rels/{name}.rels" in self.names
        return self.under(self._relations(part), "Relationship") if is_there else []

    @staticmethod
    def _ends(relation: Any, kind: str) -> bool:
        return bool(relation.getAttribute("Type").endswith(f"/{kind}"))

    @staticmethod
    def _target(part: str, relation: Any) -> str:
        target = str(relation.getAttribute("Target"))
        if target.startswith("/"):
            return target.lstrip("/")
        return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))


class Marking:
    """One round of marks over a workbook."""

    def __init__(self, archive: zipfile.ZipFile, asked: dict[str, Any]) -> None:
        self.book, self.asked = Book(archive), asked
        self.sheet_marks, self.notes = beside("mark_sheet"), beside("mark_notes")
        book = self.book
        related = book.related("xl/workbook.xml", "styles")
        name = related[1] if related else "xl/styles.xml"
        if related is None:
            book.relate("xl/workbook.xml", "styles", name)
            book.add(
                book.types, "Override", PartName=f"/{name}", ContentType=f"{TYPES}spreadsheetml.styles+xml"
            )
        self.styles = self.sheet_marks.Styles(book.document(name, STYLES).documentElement, asked["colour"])

    def content(self) -> bytes:
        """The workbook with its marks."""
        sheets = self.book.sheets()
        summary = self.asked["summary"]
        for number, (name, part) in enumerate(sheets.items(), 1):
            if name != summary["name"]:
                self._mark(part, self.asked["sheets"].get(name, {}), number)
        self._summarise(summary, sheets)
        return self.book.content()

    def _mark(self, part: str, at: dict[str, str], number: int) -> None:
        """Fill the cells of one sheet and say why; a merged cell is marked where it shows."""
        content = self.book.read(part)
        places: dict[tuple[int, int], list[str]] = {}
        anchors = self.sheet_marks.Anchors(content)
        for cell, sentence in at.items():
            places.setdefault(anchors.of(self.sheet_marks.place_of(cell)), []).append(sentence)
        notes = dict(list(places.items())[: self.asked["comments"]])
        drawing = self.notes.write(self.book, self.sheet_marks, part, notes, self.asked["prefix"], number)
        if places or drawing or self.styles.has_marks:
            marked = self.sheet_marks.mark_cells(content, set(places), self.styles, drawing)
            self.book.changed[part] = marked

    def _summarise(self, summary: dict[str, Any], sheets: dict[str, str]) -> None:
        """The list of all marks: the last sheet, or the one of the former round anew."""
        book, name = self.book, summary["name"]
        part = sheets.get(name, "xl/worksheets/check.xml")
        book.put(part, self._sheet(summary), f"{TYPES}spreadsheetml.worksheet+xml")
        if name in sheets:
            return
        (listed,) = book.under(book.workbook, "sheets")
        numbers = [int(one.getAttribute("sheetId") or 0) for one in book.under(listed, "sheet")]
        one = book.add(listed, "sheet", name=name, sheetId=max(numbers, default=0) + 1)
        one.setAttribute(f"xmlns:{R}", book.base.removesuffix("/"))
        one.setAttribute(f"{R}:id", book.relate("xl/workbook.xml", "worksheet", part))

    def _sheet(self, summary: dict[str, Any]) -> bytes:
        text, head = self.styles.text(), self.styles.text(is_bold=True)
        said = [f'<worksheet xmlns="{self.book.main}">', VIEW, "<cols>"]
        for column, width in enumerate((16, 8, 18, 10, 80), 1):
            said.append(f'<col min="{column}" max="{column}" width="{width}" customWidth="1"/>')
        said.append("</cols><sheetData>")
        for row, cells in enumerate([[summary["note"]], *summary["rows"]], 1):
            style = head if row == 2 else 0 if row == 1 else text
            said.append(f'<row r="{row}">')
            for column, cell in ((n, one) for n, one in enumerate(cells) if one):
                said.append(
                    f'<c r="{chr(65 + column)}{row}" s="{style}" t="inlineStr"><is><t xml:space="preserve">'
                    f"{escape(cell)}</t></is></c>"
                )
            said.append("</row>")
        said.append("</sheetData>")
        if summary["links"]:
            said.append("<hyperlinks>")
            for row, sheet, cell in summary["links"]:
                target = "'" + re.sub("'", "''", sheet) + f"'!{cell}"
                said.append(f'<hyperlink ref="D{row}" location={quoteattr(target)}/>')
            said.append("</hyperlinks>")
        said.append('<pageSetup orientation="landscape" fitToHeight="0"/></worksheet>')
        return (HEAD + "".join(said)).encode()


if __name__ == "__main__":
    main()
