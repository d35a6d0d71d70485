"""A bulletin as its pages show it: chips with their lines, what is left out, and what is typed by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, url_for

from tracker.rules.bulletin_text import Placeholder, split_text
from tracker.rules.bulletins import QUOTED, Chip, Document, LeftOut, SourceLine, by_ref
from tracker.rules.campaigns import CampaignSpec
from tracker.views.sentences import said

bp = Blueprint("bulletins", __name__)
ID = "<int(max=9007199254740991):bulletin_id>"


@dataclass(frozen=True, slots=True)
class PaperPiece:
    """Free words, or a chip with the line that says where it comes from. anchor: where that line leads to."""

    text: str
    chip: Chip | None = None
    line: SourceLine | None = None
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class PaperParagraph:
    style: str
    pieces: tuple[PaperPiece, ...]


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A line of the sources. anchor: of the chip that it leads to; url: of its rows, '' without any."""

    line: SourceLine
    anchor: str
    url: str
    is_typed: bool


@dataclass(frozen=True, slots=True)
class ByHand:
    """What a hand typed in the place of a figure. exact: what the ledger says."""

    title: str
    typed: str
    exact: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A document with the links between its figures and their sources. places: how many chips it has."""

    document: Document
    paragraphs: tuple[PaperParagraph, ...]
    lines: tuple[PaperLine, ...]
    places: int
    by_hand: tuple[ByHand, ...]

    @property
    def typed(self) -> int:
        return len(self.by_hand)


def paper_of(document: Document, spec: CampaignSpec, campaign_code: str) -> Paper:
    """A document for the screen. spec: which figures there are now, so that their rows can be opened."""
    lines, anchors = by_ref(document.sources), dict[str, str]()
    paragraphs, typed = [], []
    places = 0
    for paragraph in document.paragraphs:
        pieces = []
        for piece in paragraph.pieces:
            chip = piece.chip
            if chip is None:
                pieces.append(PaperPiece(piece.text))
                continue
            places += 1
            line, anchor = lines.get(chip.ref), ""
            if line and chip.ref not in anchors:
                anchor = anchors[chip.ref] = f"figure-{line.position}"
            pieces.append(PaperPiece(piece.text, chip, line, anchor))
            if chip.typed is not None:
                typed.append(ByHand(line.title if line else chip.ref, chip.typed, chip.exact or "—"))
        paragraphs.append(PaperParagraph(paragraph.style, tuple(pieces)))
    chips = [piece.chip for one in document.paragraphs for piece in one.pieces if piece.chip]
    by_hand = {chip.ref for chip in chips if chip.typed is not None}
    return Paper(
        document,
        tuple(paragraphs),
        tuple(
            PaperLine(
                line, anchors.get(line.ref, ""), rows_url(line.ref, document, spec, campaign_code),
                line.ref in by_hand,
            )
            for line in document.sources
        ),
        places,
        tuple(typed),
    )  # fmt: skip


def rows_url(ref: str, document: Document, spec: CampaignSpec, campaign_code: str) -> str:
    """The rows behind a figure as of the bulletin's day; '' for what the ledger does not count."""
    if ref.startswith(QUOTED) or spec.figure(ref) is None:
        return ""
    return url_for("figures.show", figure_id=ref, as_of=document.as_of.isoformat(), campaign=campaign_code)


def gone_words(left_out: Sequence[LeftOut], spec: CampaignSpec) -> list[tuple[str, str]]:
    """Sentences that are not printed, each once: (the sentence with its figures by name, why in words)."""
    return kept_words([{"sentence": one.sentence, "why": said(one.why)} for one in left_out], spec)


def kept_words(left_out: Sequence[Mapping[str, str]], spec: CampaignSpec) -> list[tuple[str, str]]:
    """The same of an issue, which keeps the reasons in words: {"sentence", "ref", "why"}."""
    found: dict[str, dict[str, None]] = {}
    for one in left_out:
        found.setdefault(plain_sentence(one["sentence"], spec), {})[one["why"]] = None
    return [(sentence, " ".join(reasons)) for sentence, reasons in found.items()]


def plain_sentence(sentence: str, spec: CampaignSpec) -> str:
    """A sentence as it was written, with the names of its figures in place of the braces."""
    return "".join(
        _named(part, spec) if isinstance(part, Placeholder) else part for part in split_text(sentence)
    )


def _named(part: Placeholder, spec: CampaignSpec) -> str:
    figure = spec.figure(part.ref)
    return f"【{figure.title if figure else part.ref}】"
