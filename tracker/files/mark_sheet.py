"""The cells of one sheet marked: part of mark_child.py, and standing alone as it does."""

from __future__ import annotations

import io
import re
import xml.sax
from bisect import bisect_right
from typing import Any
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
R = "r"  # their prefix, as everywhere
# What follows the drawing of the comments, in the order in which a sheet has its parts.
AFTER = frozenset(
    ("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts",
     "extLst")
)  # fmt: skip
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z]+[0-9]+):([A-Z]+[0-9]+)[\"']")

Place = tuple[int, int]


def place_of(cell: str) -> Place:
    """C5 as (5, 2): the row as Excel shows it, the column from 0."""
    match = _PLACE.fullmatch(cell)
    if match is None:
        raise ValueError(cell)
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column - 1


def cell_of(row: int, column: int) -> str:
    """(5, 2) as C5."""
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


class Anchors:
    """Where merged cells show: at their first one."""

    def __init__(self, content: bytes) -> None:
        found = ((place_of(a.decode()), place_of(b.decode())) for a, b in _MERGED.findall(content))
        self.ranges = sorted(found)

    def of(self, place: Place) -> Place:
        row, column = place
        for (top, left), (bottom, right) in self.ranges[: bisect_right(self.ranges, (place, place))][::-1]:
            if top <= row <= bottom and left <= column <= right:
                return top, left
        return place


class Styles:
    """The formats of cells, each with a twin that has the fill of a mark, and one that has lost it."""

    def __init__(self, root: Any, colour: str) -> None:
        self.root = root
        self.fills, self.formats = self._group(root, "fills"), self._group(root, "cellXfs")
        ours = [n for n, fill in enumerate(self._of(self.fills)) if self._colour(fill) == colour]
        self.ours = {str(n) for n in ours}
        self.listed = self._of(self.formats)
        self.has_marks = any(one.getAttribute("fillId") in self.ours for one in self.listed)
        if not ours:
            fill = self._add(self._add(self.fills, "fill"), "patternFill")
            fill.setAttribute("patternType", "solid")
            self._add(fill, "fgColor").setAttribute("rgb", colour)
            self._add(fill, "bgColor").setAttribute("indexed", "64")
            ours = [self._count(self.fills) - 1]
        self.fill = str(ours[0])
        self.twins: dict[tuple[int, str], int] = {}

    def marked(self, style: int) -> int:
        """The format that shows a mark on a cell of this format."""
        return self._twin(style, self.fill)

    def plain(self, style: int) -> int:
        """The format without a mark of a former round: its own fill is not known any more."""
        known = style < len(self.listed)
        is_ours = known and self.listed[style].getAttribute("fillId") in self.ours
        return self._twin(style, "0") if is_ours else style

    def text(self, *, is_bold: bool = False) -> int:
        """A format for texts of the summary: they wrap, and stay text when somebody edits them."""
        one = self.listed[style := self._clone(0, "0")]
        for child in list(one.childNodes):
            one.removeChild(child)
        one.setAttribute("quotePrefix", "1")
        one.setAttribute("applyAlignment", "1")
        alignment = self._add(one, "alignment")
        alignment.setAttribute("wrapText", "1")
        alignment.setAttribute("vertical", "top")
        if is_bold:
            one.setAttribute("fontId", str(self._bold()))
            one.setAttribute("applyFont", "1")
        return style

    def _bold(self) -> int:
        """The workbook's own font, in bold."""
        fonts = self._group(self.root, "fonts")
        font = self._of(fonts)[0].cloneNode(deep=True)
        for child in self._of(font):
            if child.localName == "b":
                font.removeChild(child)
        first = font.firstChild
        bold = self._add(font, "b")
        if first is not None:
            font.insertBefore(bold, first)
        fonts.appendChild(font)
        return self._count(fonts) - 1

    def _twin(self, style: int, fill: str) -> int:
        style = style if style < len(self.listed) else 0
        if self.listed[style].getAttribute("fillId") == fill:
            return style
        if (style, fill) not in self.twins:
            self.twins[style, fill] = self._clone(style, fill)
        return self.twins[style, fill]

    def _clone(self, style: int, fill: str) -> int:
        twin = self.listed[style].cloneNode(deep=True)
        twin.setAttribute("fillId", fill)
        twin.setAttribute("applyFill", "1")
        self.formats.appendChild(twin)
        self.listed.append(twin)
        return self._count(self.formats) - 1

    @staticmethod
    def _of(group: Any) -> list[Any]:
        return [one for one in group.childNodes if one.nodeType == 1]

    def _count(self, group: Any) -> int:
        group.setAttribute("count", str(count := len(self._of(group))))
        return count

    @staticmethod
    def _colour(fill: Any) -> str:
        found = [one for one in fill.getElementsByTagName("*") if one.localName == "fgColor"]
        return found[0].getAttribute("rgb").upper() if found else ""

    @staticmethod
    def _add(node: Any, local: str) -> Any:
        prefix = f"{node.prefix}:" if node.prefix else ""
        return node.appendChild(node.ownerDocument.createElementNS(node.namespaceURI, prefix + local))

    @staticmethod
    def _group(root: Any, local: str) -> Any:
        for one in root.childNodes:
            if one.nodeType == 1 and one.localName == local:
                return one
        raise ValueError(local)


class Marker(XMLGenerator):
    """Copies a sheet as it is read, with other formats where cells are marked or were."""

    def __init__(self, out: io.BytesIO, places: set[Place], styles: Styles, drawing: str | None) -> None:
        super().__init__(out, "utf-8", short_empty_elements=True)
        self.marks: dict[int, list[int]] = {}
        for row, column in sorted(places):
            self.marks.setdefault(row, []).append(column)
        self.styles, self.drawing = styles, drawing
        self.depth = self.row = 0
        self.column, self.is_data = -1, False
        self.wanted: list[int] = []

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802  (the name that sax calls)
        local = name.rpartition(":")[2]
        prefix = name[: -len(local)]
        if self.depth == 1:
            self.is_data = local == "sheetData"
            if local in AFTER:
                self._draw(prefix)
        elif self.is_data and local == "row":
            attrs = self._row(prefix, dict(attrs.items()))
        elif self.is_data and local == "c":
            attrs = self._cell(prefix, dict(attrs.items()))
        super().startElement(name, attrs)
        self.depth += 1

    def endElement(self, name: str) -> None:  # noqa: N802  (likewise)
        local = name.rpartition(":")[2]
        prefix = name[: -len(local)]
        self.depth -= 1
        if self.is_data and local == "row":
            self._blanks(prefix, self.wanted)
            self.wanted = []
        elif self.depth == 1 and local == "sheetData":
            self._rows(prefix, list(self.marks))
        elif self.depth == 0:
            self._draw(prefix)
        super().endElement(name)

    def _row(self, prefix: str, attrs: dict[str, str]) -> dict[str, str]:
        self.row = int(attrs.get("r", self.row + 1))
        self._rows(prefix, [row for row in self.marks if row < self.row])
        self.wanted, self.column = self.marks.pop(self.row, []), -1
        if self.wanted:
            attrs.pop("spans", None)  # only a hint, and it may be too narrow now
        return attrs

    def _cell(self, prefix: str, attrs: dict[str, str]) -> dict[str, str]:
        self.column = place_of(attrs["r"])[1] if "r" in attrs else self.column + 1
        self._blanks(prefix, [column for column in self.wanted if column < self.column])
        old = int(attrs.get("s", 0))
        style = self.styles.marked(old) if self.column in self.wanted else self.styles.plain(old)
        self.wanted = [column for column in self.wanted if column > self.column]
        return attrs if style == old else attrs | {"s": str(style)}

    def _rows(self, prefix: str, rows: list[int]) -> None:
        """Rows that the sheet does not have yet."""
        for row in rows:
            columns, now = self.marks.pop(row), self.row
            self.row = row
            super().startElement(f"{prefix}row", AttributesImpl({"r": str(row)}))
            self._blanks(prefix, columns)
            super().endElement(f"{prefix}row")
            self.row = now

    def _blanks(self, prefix: str, columns: list[int]) -> None:
        for column in list(columns):
            style = {"r": cell_of(self.row, column), "s": str(self.styles.marked(0))}
            super().startElement(f"{prefix}c", AttributesImpl(style))
            super().endElement(f"{prefix}c")

    def _draw(self, prefix: str) -> None:
        if self.drawing is not None:
            found = {f"xmlns:{R}": RELATIONS, f"{R}:id": self.drawing}
            super().startElement(f"{prefix}legacyDrawing", AttributesImpl(found))
            super().endElement(f"{prefix}legacyDrawing")
            self.drawing = None


def mark_cells(content: bytes, places: set[Place], styles: Styles, drawing: str | None) -> bytes:
    """The sheet with these cells marked, and marks of former rounds taken off.

    drawing: the id of the relation to the boxes of the comments, if the sheet does not name it yet.
    """
    out = io.BytesIO()
    xml.sax.parseString(content, Marker(out, places, styles, drawing))  # noqa: S317  (no DTD: looked into)
    return out.getvalue()
