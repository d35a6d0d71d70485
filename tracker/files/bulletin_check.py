"""Measures a DOCX against GB/T 9704-2012, whoever wrote it: ours, or one that the office changed in WPS."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from docx.document import Document as Docx
from docx.oxml.ns import qn
from docx.section import Section
from docx.text.paragraph import Paragraph

from tracker.files.docx_measures import MM, PT, Grid, Measures, Setting, open_docx
from tracker.rules import official_paper as paper
from tracker.rules.refusal import N_

TOLERANCE_MM = 1  # 5.2.1
FONTS: dict[str, tuple[str, ...]] = {
    paper.FANGSONG: ("仿宋_GB2312", "仿宋", "FangSong", "FangSong_GB2312", "华文仿宋", "STFangsong"),
    paper.HEI: ("黑体", "SimHei", "华文黑体", "STHeiti"),
    paper.KAI: ("楷体_GB2312", "楷体", "KaiTi", "KaiTi_GB2312", "华文楷体", "STKaiti"),
    paper.TITLE_SONG: (
        "方正小标宋简体", "方正小标宋_GBK", "小标宋", "FZXiaoBiaoSong-B05S", "华文中宋", "STZhongsong",
    ),
    paper.SONG: ("宋体", "SimSun", "华文宋体", "STSong"),
}  # fmt: skip
MESSAGES: dict[str, str] = {
    "page": N_("The page is %(found)s mm; A4 is %(wanted)s mm."),
    "top": N_("The margin above is %(found)s mm and not %(wanted)s mm."),
    "left": N_("The margin at the left is %(found)s mm and not %(wanted)s mm."),
    "area": N_("The text area is %(found)s mm and not %(wanted)s mm."),
    "grid": N_("There is no document grid; %(wanted)s is wanted."),
    "lines": N_("The grid has %(found)s lines a page and not %(wanted)s."),
    "characters": N_("The grid has %(found)s characters a line and not %(wanted)s."),
    "font": N_("%(kind)s: the font is %(found)s and not %(wanted)s (%(where)s)."),
    "size": N_("%(kind)s: the size is %(found)s pt and not %(wanted)s pt (%(where)s)."),
    "pitch": N_("%(kind)s: %(found)s characters fit into a line and not %(wanted)s (%(where)s)."),
    "line": N_("%(kind)s: %(found)s lines fit onto a page and not %(wanted)s (%(where)s)."),
    "indent": N_("%(kind)s: the first line is %(found)s characters in and not %(wanted)s (%(where)s)."),
    "centred": N_("%(kind)s does not stand in the middle (%(where)s)."),
    "title": N_("There is no title."),
    "number": N_("There is no page number in the footer."),
    "number_font": N_("The page number is in %(found)s and not in %(wanted)s."),
    "number_size": N_("The page number is %(found)s pt and not %(wanted)s pt."),
    "number_dashes": N_("The page number does not stand between dashes."),
    "number_sides": N_("Odd page numbers stand one character in from the right, even ones from the left."),
    "number_below": N_("The page number stands %(found)s mm below the text and not %(wanted)s mm."),
    "language": N_("The language of the text is “%(found)s” and not %(wanted)s."),
}  # fmt: skip
CLAUSES: dict[str, str] = {
    "page": "5.1", "top": "5.2.1", "left": "5.2.1", "area": "5.2.1", "grid": "5.2.3", "lines": "5.2.3",
    "characters": "5.2.3", "font": "5.2.2", "size": "5.2.2", "pitch": "5.2.3", "line": "5.2.3",
    "indent": "7.3.3", "centred": "7.3.1", "title": "7.3.1", "number": "7.5", "number_font": "7.5",
    "number_size": "7.5", "number_dashes": "7.5", "number_sides": "7.5", "number_below": "7.5",
}  # fmt: skip
TITLE, HEADING1, HEADING2, BODY = (
    N_("Title of the document"),
    N_("First heading"),
    N_("Second heading"),
    N_("Body"),
)
OURS = {"公文标题": TITLE, "公文一级标题": HEADING1, "公文二级标题": HEADING2, "公文正文": BODY}
NOT_TEXT = {
    "简报名称", "简报期号", "简报编印", "附件标识", "附件说明", "图表", "图表标题", "表内文字", "表内摘要",
    "版记", "版记粗线", "版记细线",
}  # fmt: skip
WANTED: dict[str, tuple[str, int]] = {
    TITLE: (paper.TITLE_SONG, paper.TITLE_PT), HEADING1: (paper.HEI, paper.BODY_PT),
    HEADING2: (paper.KAI, paper.BODY_PT), BODY: (paper.FANGSONG, paper.BODY_PT),
}  # fmt: skip
_FIRST = re.compile(r"[一二三四五六七八九十]{1,3}、")
_SECOND = re.compile(r"（[一二三四五六七八九十]{1,3}）")


@dataclass(frozen=True, slots=True)
class Finding:
    """One departure from the standard.

    code:   of MESSAGES; clause: of GB/T 9704-2012, '' where the standard does not speak of it.
    params: of the message; of them `kind` is itself a msgid.
    """

    code: str
    params: Mapping[str, str]

    @property
    def clause(self) -> str:
        return CLAUSES.get(self.code, "")

    @property
    def msgid(self) -> str:
        return MESSAGES[self.code]


def check_docx(data: bytes, name: str = "DOCX") -> list[Finding]:
    """What in the file is not as the standard wants it, each sort once for each kind of paragraph.

    Raises Refused if it is no DOCX.
    """
    file = open_docx(data, name)
    section = file.sections[0]
    setting = Setting(file, _grid(section))
    found = [*_page(section), *_grid_findings(setting), *_paragraphs(file, setting), *_number(file, setting)]
    if (language := setting.language()) != "zh-CN":
        found.append(_finding("language", language, "zh-CN"))
    once: dict[tuple[str, str | None], Finding] = {}
    for one in found:
        once.setdefault((one.code, one.params.get("kind")), one)
    return list(once.values())


def _finding(code: str, found: object = "", wanted: object = "", **more: str) -> Finding:
    return Finding(code, {"found": str(found), "wanted": str(wanted), **more})


def _page(section: Section) -> Iterator[Finding]:
    """5.1 and 5.2.1. A margin at the right or below is told as the text area that it makes."""
    sides = [_mm(one) for one in (section.page_width, section.page_height)]
    if not all(_near(side, wanted) for side, wanted in zip(sides, paper.PAGE_MM, strict=True)):
        yield _finding("page", _by(*sides), _by(*paper.PAGE_MM))
    top, left, right, bottom = (
        _mm(one)
        for one in (section.top_margin, section.left_margin, section.right_margin, section.bottom_margin)
    )
    if not _near(top, paper.TOP_MM):
        yield _finding("top", round(top), paper.TOP_MM)
    if not _near(left, paper.LEFT_MM):
        yield _finding("left", round(left), paper.LEFT_MM)
    if not (_near(right, paper.RIGHT_MM) and _near(bottom, paper.BOTTOM_MM)):
        yield _finding("area", _by(sides[0] - left - right, sides[1] - top - bottom), _by(*paper.TEXT_MM))


def _grid(section: Section) -> Grid:
    found = section._sectPr.find(qn("w:docGrid"))
    if found is None:
        return Grid()
    kind, pitch, space = (found.get(qn(f"w:{name}")) or "" for name in ("type", "linePitch", "charSpace"))
    return Grid("" if kind == "default" else kind, int(pitch or 0), int(space or 0))


def _grid_findings(setting: Setting) -> Iterator[Finding]:
    """5.2.3, of a text area as the standard has it: a wrong one is told by itself."""
    grid = setting.grid
    if not grid.type or not grid.line_pitch:
        yield _finding("grid", wanted=f"{paper.LINES} × {paper.CHARACTERS}")
        return
    if (lines := _lines(grid.line_pitch / PT)) != paper.LINES:
        yield _finding("lines", lines, paper.LINES)
    if (
        grid.type != "lines"
        and (fit := _characters(paper.BODY_PT + grid.char_space / 4096)) != paper.CHARACTERS
    ):
        yield _finding("characters", fit, paper.CHARACTERS)


def _paragraphs(file: Docx, setting: Setting) -> Iterator[Finding]:
    has_title = False
    for paragraph in file.paragraphs:
        text = paragraph.text.strip()
        if not text or paragraph._p.xpath("./w:pPr/w:framePr"):
            continue
        measures = setting.measures(paragraph)
        kind = _kind_of(paragraph, text, measures)
        if kind is None:
            continue
        has_title = has_title or kind == TITLE
        yield from _of_kind(kind, measures, text[:12])
    if not has_title:
        yield _finding("title")


def _kind_of(paragraph: Paragraph, text: str, measures: Measures) -> str | None:
    """What a paragraph is: by its style if it is one of ours, else by how it begins; None: no text."""
    style = paragraph.style.name if paragraph.style is not None else ""
    if style in OURS:
        return OURS[style or ""]
    if style in NOT_TEXT:
        return None
    if measures.alignment == "center":
        return TITLE if 20 <= measures.size <= 26 else None
    if _FIRST.match(text):
        return HEADING1 if len(text) <= 40 else BODY
    return HEADING2 if _SECOND.match(text) and len(text) <= 40 else BODY


def _of_kind(kind: str, measures: Measures, where: str) -> Iterator[Finding]:
    font, size = WANTED[kind]
    if measures.font not in FONTS[font]:
        yield _finding("font", measures.font or "?", font, kind=kind, where=where)
    if measures.size != size:
        yield _finding("size", f"{measures.size:g}", size, kind=kind, where=where)
    if kind == TITLE:
        if measures.alignment != "center":
            yield _finding("centred", kind=kind, where=where)
        return
    if measures.size == size and (fit := _characters(measures.pitch)) != paper.CHARACTERS:
        yield _finding("pitch", fit, paper.CHARACTERS, kind=kind, where=where)
    if (lines := _lines(measures.line)) != paper.LINES:
        yield _finding("line", lines or "?", paper.LINES, kind=kind, where=where)
    if abs(measures.indent - 2) > 0.1:
        yield _finding("indent", f"{measures.indent:.1f}", 2, kind=kind, where=where)


def _number(file: Docx, setting: Setting) -> Iterator[Finding]:
    """7.5: — 1 —, 4号 half-width 宋体, 7 mm below the text, one character in from the outer edge."""
    section = file.sections[0]
    odd = _with_page(section.footer.paragraphs)
    even = (
        _with_page(section.even_page_footer.paragraphs)
        if file.settings.odd_and_even_pages_header_footer
        else None
    )
    if odd is None:
        yield _finding("number")
        return
    measures = setting.measures(odd)
    if measures.font not in FONTS[paper.SONG]:
        yield _finding("number_font", measures.font or "?", paper.SONG)
    if measures.size != paper.SMALL_PT:
        yield _finding("number_size", f"{measures.size:g}", paper.SMALL_PT)
    text = "".join(run.text for run in odd.runs).replace(" ", "")
    if not (text.startswith("—") and text.endswith("—")):
        yield _finding("number_dashes")
    other = setting.measures(even) if even is not None else None
    is_odd_right = measures.alignment in ("right", "end") and abs(measures.right - 1) < 0.1
    is_even_left = other is not None and other.alignment in ("left", "start") and abs(other.left - 1) < 0.1
    if not (is_odd_right and is_even_left):
        yield _finding("number_sides")
    height = (measures.line or measures.size * 1.3) * PT / MM
    below = paper.BOTTOM_MM - _mm(section.footer_distance) - height / 2
    if not 5 <= below <= 9:
        yield _finding("number_below", round(below), 7)


def _with_page(paragraphs: list[Paragraph]) -> Paragraph | None:
    """The paragraph of a footer in which the number of the page stands."""
    for one in paragraphs:
        said = "".join(one._p.xpath(".//w:instrText/text() | .//w:fldSimple/@w:instr"))
        if re.search(r"\bPAGE\b", said):
            return one
    return None


def _lines(points: float) -> int:
    return int(paper.TEXT_MM[1] * MM / PT / points + 0.01) if points > 0 else 0


def _characters(points: float) -> int:
    return int(paper.TEXT_MM[0] * MM / PT / points + 0.01) if points > 0 else 0


def _mm(length: int | None) -> float:
    return (length or 0) / 36_000


def _near(found: float, wanted: float) -> bool:
    return abs(found - wanted) <= TOLERANCE_MM


def _by(width: float, height: float) -> str:
    return f"{round(width)} × {round(height)}"
