"""A bulletin on paper: the measures of GB/T 9704-2012, and the words around a bulletin, for every format.

The words are Chinese whatever its reader's language: a bulletin is a document of the office.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from tracker.rules.bulletins import QUOTED, Chip, Document, Piece, SourceLine

ZONE = ZoneInfo("Asia/Shanghai")

# GB/T 9704-2012, 5: millimetres, and points (3号 16, 2号 22, 4号 14).
PAGE_MM = (210, 297)
TEXT_MM = (156, 225)
TOP_MM, LEFT_MM, RIGHT_MM, BOTTOM_MM = 37, 28, 26, 35
LINES, CHARACTERS = 22, 28
BODY_PT, TITLE_PT, SMALL_PT = 16, 22, 14
SONG, HEI, KAI, FANGSONG, TITLE_SONG = "宋体", "黑体", "楷体_GB2312", "仿宋_GB2312", "方正小标宋简体"

DRAFT = "草稿"
CORRECTIONS = "勘误"
ANNEX = "附件"
SOURCES = "数据来源"
SOURCE_HEADINGS = ("序号", "数据项", "文中写作", "确切值", "计数规则", "行数", "摘要")
DIGEST_NOTE = "摘要为计数所据各行的SHA-256，据此可核对封存后有无变动。"
OUTSIDE = "台账外"  # in place of a count of rows, where a figure was quoted
NOT_FROZEN = "未封存"
NONE = "—"

# What XML and HTML cannot hold, and the marks that turn the direction of writing around: what is read on the
# signed page would then differ from what the ledger says. Line ends become spaces: a paragraph is one.
_NO_CHARACTERS = "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
_UNWRITABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\u202a-\u202e\u2066-\u2069"
    f"{_NO_CHARACTERS}]"
)
_LINE_ENDS = re.compile("\r\n|[\n\r\t\v\f\x85\u2028\u2029]")


def writable(text: str) -> str:
    """The text as paper takes it: on one line, without characters that XML or a reader cannot bear."""
    return _UNWRITABLE.sub("", _LINE_ENDS.sub(" ", text))


def day_on_paper(day: dt.date) -> str:
    """2021年6月26日, without a nought before a digit (7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def moment_on_paper(moment: dt.datetime) -> str:
    """A moment on the office's clock, to the minute."""
    local = moment.astimezone(ZONE)
    return f"{day_on_paper(local.date())}{local:%H:%M}"


def number_line(document: Document) -> str:
    """What stands below the name: the number of the issue, or that it is a draft."""
    return DRAFT if document.is_draft else writable(document.number)


def receiver_lines(document: Document) -> tuple[str, ...]:
    """报：…。 and the others at the foot, each with a full stop at its end (7.4.2)."""
    said = [(writable(label), writable(whom).strip()) for label, whom in document.receivers]
    return tuple(f"{label}：{whom}{'' if whom.endswith('。') else '。'}" for label, whom in said)


def typed_chips(document: Document) -> dict[Chip, int]:
    """The chips that a hand wrote over → the number of the note that says so, in the order of reading."""
    found: dict[Chip, int] = {}
    for paragraph in document.paragraphs:
        for piece in paragraph.pieces:
            if piece.chip is not None and piece.chip.typed is not None:
                found.setdefault(piece.chip, len(found) + 1)
    return found


def mark_of(piece: Piece, notes: dict[Chip, int]) -> str:
    """The sign that stands raised behind a piece that was typed by hand; '' behind every other."""
    return f"〔{notes[piece.chip]}〕" if piece.chip is not None and piece.chip in notes else ""


def typed_notes(document: Document) -> tuple[str, ...]:
    """A sentence for each figure that was typed by hand."""
    return tuple(
        f"〔{number}〕文中“{writable(chip.printed)}”为人工填写；按计数规则应写作“{writable(chip.text)}”，"
        f"确切值为{writable(chip.exact)}。"
        for chip, number in typed_chips(document).items()
    )


@dataclass(frozen=True, slots=True)
class SourceCells:
    """A line of the annex as it is printed; `digest` is in pieces, one a line."""

    cells: tuple[str, ...]
    digest: tuple[str, ...]


def source_cells(line: SourceLine) -> SourceCells:
    """The cells below SOURCE_HEADINGS; the last of them stands in `digest`."""
    is_outside = line.ref.startswith(QUOTED)
    version = f"（版本{writable(line.version)}）" if line.version else ""
    return SourceCells(
        (
            str(line.position),
            writable(line.title),
            "、".join(writable(one) for one in line.printed) or NONE,
            writable(line.exact),
            f"{writable(line.rule)}{version}",
            OUTSIDE if is_outside else NONE if line.rows is None else str(line.rows),
        ),
        in_pieces(line.digest) if line.digest else (NONE if is_outside else NOT_FROZEN,),
    )


def in_pieces(digest: str, length: int = 16) -> tuple[str, ...]:
    """A digest in pieces that fit into a narrow column."""
    return tuple(digest[at : at + length] for at in range(0, len(digest), length))


def closing_lines(document: Document) -> tuple[str, ...]:
    """What ends the annex: as of when, frozen when, and the digest of the whole."""
    as_of = f"以上数据截至{day_on_paper(document.as_of)}。"
    if document.frozen_at is None:
        return (f"{as_of}本件为{DRAFT}，数据尚未封存，可能再变。",)
    frozen = f"{as_of}封存于{moment_on_paper(document.frozen_at)}。{DIGEST_NOTE}"
    return (frozen, f"全件摘要（SHA-256）：{document.digest}") if document.digest else (frozen,)
