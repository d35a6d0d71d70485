"""What a paragraph of a DOCX is set in: its own properties, those of its styles, those of the document."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

import docx
from docx.document import Document as Docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph

from tracker.rules.refusal import N_, Refused

LARGEST = 64 * 2**20  # bytes of a file, unpacked
NOT_DOCX = N_("“%(name)s” is no Word document (.docx), or it is damaged.")
MM, PT = 1440 / 25.4, 20  # twips in a millimetre and in a point


def open_docx(data: bytes, name: str = "DOCX") -> Docx:
    """The file, opened. Raises Refused if it is none or unpacks to more than LARGEST."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > LARGEST:
                raise Refused(NOT_DOCX, name=name)
        return docx.Document(io.BytesIO(data))
    except (zipfile.BadZipFile, PackageNotFoundError, SyntaxError, KeyError, ValueError) as error:
        raise Refused(NOT_DOCX, name=name) from error


@dataclass(frozen=True, slots=True)
class Grid:
    """The document grid of a section, and its text area. Twips; char_space in 1/4096 pt."""

    type: str = ""
    line_pitch: int = 0
    char_space: int = 0


@dataclass(frozen=True, slots=True)
class Measures:
    """One paragraph as it is set.

    font:   east-asian, '' where a theme decides it. size, line: points; line 0 where the fonts decide it.
    pitch:  points from one character to the next.
    indent: of the first line, in characters. right: indents at the right in characters.
    """

    font: str
    size: float
    line: float
    pitch: float
    indent: float
    alignment: str
    left: float = 0
    right: float = 0


def _qn(name: str) -> str:
    """The full name of an element or attribute of WordprocessingML."""
    return qn(f"w:{name}")


@dataclass(slots=True)
class Setting:
    """Reads properties through the styles of one file."""

    file: Docx
    grid: Grid = field(default_factory=Grid)

    def measures(self, paragraph: Paragraph) -> Measures:
        """How the paragraph is set; its first run with text speaks for it."""
        run = next((one._r for one in paragraph.runs if one.text.strip()), None)
        mark = run if run is not None else paragraph._p
        size = float(self._run_value(mark, paragraph, "sz", "val") or 20) / 2
        spacing = float(self._run_value(mark, paragraph, "spacing", "val") or 0) / PT
        snaps = self._run_value(mark, paragraph, "snapToGrid", "val") not in ("0", "false", "off")
        by_grid = self.grid.char_space / 4096 if self.grid.type != "lines" and snaps else 0
        return Measures(
            font=self._run_value(mark, paragraph, "rFonts", "eastAsia") or "",
            size=size, line=self._line(paragraph), pitch=size + spacing + by_grid,
            indent=self._indent(paragraph, "firstLine", size),
            alignment=self._value(paragraph, "jc", "val") or "left",
            left=self._indent(paragraph, "left", size), right=self._indent(paragraph, "right", size),
        )  # fmt: skip

    def language(self) -> str:
        """The language of east-asian text where no style says another."""
        for properties in self._of_style(None, "rPr"):
            if (lang := properties.find(_qn("lang"))) is not None:
                return str(lang.get(_qn("eastAsia")) or "")
        return ""

    def _line(self, paragraph: Paragraph) -> float:
        rule = self._value(paragraph, "spacing", "lineRule") or "auto"
        line = float(self._value(paragraph, "spacing", "line") or 240)
        if rule != "auto":
            return line / PT
        snaps = self._value(paragraph, "snapToGrid", "val") not in ("0", "false", "off")
        return self.grid.line_pitch / PT * line / 240 if self.grid.type and snaps else 0

    def _indent(self, paragraph: Paragraph, side: str, size: float) -> float:
        if characters := self._value(paragraph, "ind", f"{side}Chars"):
            return float(characters) / 100
        return float(self._value(paragraph, "ind", f"{side}") or 0) / PT / size

    def _value(self, paragraph: Paragraph, tag: str, attribute: str) -> str | None:
        own = paragraph._p.find(_qn("pPr"))
        layers = [own] if own is not None else []
        return _first([*layers, *self._of_style(_style_of(own, "pStyle"), "pPr")], tag, attribute)

    def _run_value(self, mark: BaseOxmlElement, paragraph: Paragraph, tag: str, attribute: str) -> str | None:
        own = mark.find(_qn("rPr"))
        layers = [own] if own is not None else []
        layers += self._styles(_style_of(own, "rStyle"), "rPr")
        named = _style_of(paragraph._p.find(_qn("pPr")), "pStyle")
        return _first([*layers, *self._of_style(named, "rPr")], tag, attribute)

    def _of_style(self, style_id: str | None, kind: str) -> Iterator[BaseOxmlElement]:
        """Properties of a paragraph style (None: the default), of those it is based on, of the document."""
        yield from self._styles(style_id or self._default(), kind)
        path = "w:docDefaults/w:rPrDefault/w:rPr" if kind == "rPr" else "w:docDefaults/w:pPrDefault/w:pPr"
        yield from self.file.styles.element.xpath(path)

    def _default(self) -> str | None:
        found = self.file.styles.element.xpath("w:style[@w:type='paragraph'][@w:default='1']/@w:styleId")
        return str(found[0]) if found else None

    def _styles(self, style_id: str | None, kind: str) -> Iterator[BaseOxmlElement]:
        by_id = {one.get(_qn("styleId")): one for one in self.file.styles.element.iterfind(_qn("style"))}
        seen: set[str] = set()
        while style_id is not None and style_id in by_id and style_id not in seen:
            seen.add(style_id)
            style = by_id[style_id]
            if (properties := style.find(_qn(kind))) is not None:
                yield properties
            style_id = _style_of(style, "basedOn")


def _style_of(properties: BaseOxmlElement | None, tag: str) -> str | None:
    named = properties.find(_qn(tag)) if properties is not None else None
    return named.get(_qn("val")) if named is not None else None


def _first(layers: list[BaseOxmlElement], tag: str, attribute: str) -> str | None:
    """The first layer that says something of the attribute; a bare <w:tag/> of a switch says "1"."""
    for properties in layers:
        found = properties.find(_qn(tag))
        if found is None:
            continue
        value = found.get(_qn(attribute))
        if value is not None:
            return str(value)
        if attribute == "val":
            return "1"
    return None
