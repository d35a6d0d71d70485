"""What a bulletin consists of: paragraphs of free words and locked figures, and what stands behind each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tracker.rules.wording import Sentence

Style = Literal["body", "heading1", "heading2"]
CHART_OF_GOALS, CHART_OF_UNITS = "goals", "units"
CHARTS = (CHART_OF_GOALS, CHART_OF_UNITS)  # what a template may name under `charts`
QUOTED = "quoted."  # what a reference to the register of quoted figures begins with


@dataclass(frozen=True, slots=True)
class Chip:
    """A figure in the text, locked.

    ref:   the id of a figure, or 'quoted.CODE' of the register of quoted figures.
    hedge: 以上, 超, 余, 近, 全覆盖, or '' where it is printed as it is.
    text:  as printed, unit included: '80小时以上', '超2100人次', '7月26日'.
    exact: the value without a hedge, unit included: '80小时', '2137人次'.
    typed: what a hand wrote in its place; then it is what is printed, and marked. None where nobody did.
    """

    ref: str
    text: str
    exact: str
    hedge: str = ""
    typed: str | None = None

    @property
    def printed(self) -> str:
        return self.text if self.typed is None else self.typed


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a paragraph: free words, or a chip (then `text` is what it prints)."""

    text: str
    chip: Chip | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph. heading1 is set in 黑体, heading2 in 楷体, body in 仿宋."""

    style: Style
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A sentence that is not printed, since a figure of it is missing. `sentence` is as it was written,
    placeholders included; `ref` is the figure; `why` says what is missing."""

    sentence: str
    ref: str
    why: Sentence


@dataclass(frozen=True, slots=True)
class Body:
    """The text of a bulletin with its figures put in, and the sentences that had to be left out."""

    paragraphs: tuple[Paragraph, ...]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def chips(self) -> tuple[Chip, ...]:
        """Every chip in the order of reading, one that is quoted twice alike only once."""
        found = [piece.chip for one in self.paragraphs for piece in one.pieces if piece.chip]
        return tuple(dict.fromkeys(found))

    def as_json(self) -> list[dict[str, Any]]:
        """The paragraphs as they are kept of an issue."""
        return [
            {"style": one.style, "pieces": [_piece_json(piece) for piece in one.pieces]}
            for one in self.paragraphs
        ]


def _piece_json(piece: Piece) -> dict[str, Any]:
    if piece.chip is None:
        return {"text": piece.text}
    return {"text": piece.text, "chip": {slot: getattr(piece.chip, slot) for slot in CHIP_KEYS}}


CHIP_KEYS = ("ref", "text", "exact", "hedge", "typed")


def body_of(kept: list[dict[str, Any]]) -> Body:
    """The body of an issue, from what `Body.as_json` kept."""
    return Body(
        tuple(
            Paragraph(
                one["style"],
                tuple(
                    Piece(piece["text"], Chip(**piece["chip"]) if piece.get("chip") else None)
                    for piece in one["pieces"]
                ),
            )
            for one in kept
        )
    )


@dataclass(frozen=True, slots=True)
class SourceLine:
    """Where a figure comes from, as the annex (数据来源) prints it.

    printed: how the text prints it, each way once.
    rule:    how it is counted, in words; version: of that rule, a short digest.
    rows:    how many rows of the ledger or the roster it was counted from; None for a quoted figure.
    digest:  SHA-256 of those rows, as hex; None for a quoted figure or in a draft.
    """

    position: int
    ref: str
    title: str
    printed: tuple[str, ...]
    exact: str
    rule: str
    version: str
    rows: int | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class ChartTable:
    """A chart of the bulletin: a picture (PNG) where one could be drawn, and always the table.

    figure: what the picture is drawn from, as JSON; '' where nothing is. height: of the picture, in pixels.
    """

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    picture: bytes | None = None
    figure: str = ""
    height: int = 480

    def as_json(self) -> dict[str, Any]:
        """The chart as it is kept of an issue: without the picture, which is drawn from `figure` again."""
        return {
            "title": self.title, "headings": list(self.headings), "rows": [list(row) for row in self.rows],
            "figure": self.figure, "height": self.height,
        }  # fmt: skip


def chart_of(kept: dict[str, Any]) -> ChartTable:
    """A chart of an issue, from what `ChartTable.as_json` kept."""
    rows = tuple(tuple(row) for row in kept["rows"])
    return ChartTable(
        kept["title"], tuple(kept["headings"]), rows, figure=kept["figure"], height=kept["height"]
    )


@dataclass(frozen=True, slots=True)
class Document:
    """A bulletin ready for paper: everything that DOCX, PDF and print page say, in their order.

    number:      as in '第12期'; '' while it is a draft.
    issued_on:   the day at its head.
    corrections: what is wrong in earlier issues by today's ledger (勘误), a sentence each.
    digest:      over the whole frozen content; None while it is a draft.
    """

    head: str
    number: str
    issuer: str
    issued_on: dt.date
    title: str
    paragraphs: tuple[Paragraph, ...]
    as_of: dt.date
    corrections: tuple[str, ...] = ()
    receivers: tuple[tuple[str, str], ...] = ()
    sources: tuple[SourceLine, ...] = ()
    charts: tuple[ChartTable, ...] = ()
    frozen_at: dt.datetime | None = None
    digest: str | None = None

    @property
    def is_draft(self) -> bool:
        return self.frozen_at is None


def by_ref(sources: tuple[SourceLine, ...]) -> Mapping[str, SourceLine]:
    """The lines of the annex by what they are about."""
    return {line.ref: line for line in sources}
