"""The grammar of a bulletin's text: free words, headings, and figures in braces that the ledger fills in.

A line is a paragraph; `# ` and `## ` begin headings. `{figure.id}` prints a figure with its unit, and a unit
behind it is not printed twice. `{figure.id:以上}` adds a hedge, `{figure.id:超100}` a hedge and how round
the number is, `{figure.id=85小时}` what a hand typed in its place, `{quoted.code}` a figure of the register
of quoted figures, `{as_of}`, `{bureau}` and `{campaign}` plain words. Other braces are text.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tracker.rules.bulletins import QUOTED, Body, Chip, LeftOut, Paragraph, Piece, Style
from tracker.rules.campaigns import CampaignSpec, Figure, Measure
from tracker.rules.figures import FigureValue
from tracker.rules.hedges import Hedge, Printed, day_text, printed
from tracker.rules.numbers import number
from tracker.rules.quoted import QuotedFigure
from tracker.rules.refusal import N_
from tracker.rules.wording import Sentence

PLACEHOLDER = re.compile(r"\{([a-z0-9][a-z0-9_.-]{0,70})(?::([^{}=:\n]{1,20}))?(?:=([^{}\n]{0,80}))?\}")
HEDGE = re.compile(f"({'|'.join(Hedge)})([1-9][0-9]{{0,8}})?")
SENTENCE = re.compile(r"[^。！？；]*[。！？；]?[”’）」』]*")
WORDS = ("as_of", "bureau", "campaign")  # placeholders that are no figures
STYLES: tuple[tuple[str, Style], ...] = (("## ", "heading2"), ("# ", "heading1"))

NO_FIGURE = N_("There is no figure “%(ref)s” in this campaign.")
NO_QUOTED = N_("There is no quoted figure “%(ref)s” in the register on this day.")
NOT_REPORTED = N_("“%(title)s”: nothing is reported yet in the unit of the goal.")
NO_HEDGE = N_("“%(hedge)s” is no hedge: a bulletin knows %(known)s.")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A figure as the text asks for it. wanted: what stands behind the colon; typed: behind the '='."""

    ref: str
    wanted: str = ""
    typed: str | None = None

    @property
    def hedge(self) -> tuple[Hedge, int | None] | None:
        """The hedge and how round the number is; None without one, or where it is none."""
        found = HEDGE.fullmatch(self.wanted)
        return (Hedge(found[1]), int(found[2]) if found[2] else None) if found else None

    def __str__(self) -> str:
        wanted = f":{self.wanted}" if self.wanted else ""
        return f"{{{self.ref}{wanted}{'' if self.typed is None else f'={self.typed}'}}}"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a text is filled in from. values: by id of the figure; quoted: by code, without 'quoted.'."""

    spec: CampaignSpec
    values: Mapping[str, FigureValue]
    day: dt.date
    bureau: str
    quoted: Mapping[str, QuotedFigure] = field(default_factory=dict)


def split_text(text: str) -> Iterator[str | Placeholder]:
    """Free words and placeholders in turn; put together again they are the text."""
    at = 0
    for found in PLACEHOLDER.finditer(text):
        if found.start() > at:
            yield text[at : found.start()]
        yield Placeholder(found[1], found[2] or "", found[3])
        at = found.end()
    if at < len(text):
        yield text[at:]


def placeholders_of(text: str) -> list[Placeholder]:
    """Every figure that a text asks for, in the order of reading."""
    return [part for part in split_text(text) if isinstance(part, Placeholder) and part.ref not in WORDS]


def refs_of(text: str, spec: CampaignSpec) -> list[str]:
    """The figures that a text quotes, each once: those that it names, and the other half of each pair."""
    found: dict[str, None] = {}
    for part in placeholders_of(text):
        found[part.ref] = None
        figure = spec.figure(part.ref)
        other = partner_of(figure, spec) if figure else None
        if other is not None:
            found[other.id] = None
    return list(found)


def compose(text: str, facts: Facts) -> Body:
    """Fill in the figures. A sentence or clause of which a figure is missing is left out, and told.

    人次 and 人数 of the same rows stand side by side: where a sentence has only one of them and the campaign
    counts the other, the other is put behind it in brackets.
    """
    paragraphs, left_out = [], []
    for line in text.splitlines():
        if not line.strip():
            continue
        style, words = _style_of(line.strip())
        kept, missing = _fill(words, facts)
        left_out += missing
        pieces = _joined(kept)
        if pieces or (missing and style == "body"):
            paragraphs.append(Paragraph(style, pieces))
    return Body(_without_empty(paragraphs), tuple(left_out))


def _style_of(line: str) -> tuple[Style, str]:
    for mark, style in STYLES:
        if line.startswith(mark):
            return style, line[len(mark) :].strip()
    return "body", line


def _fill(words: str, facts: Facts) -> tuple[list[Piece], list[LeftOut]]:
    """The pieces of one paragraph, and the sentences of it that are left out."""
    kept: list[Piece] = []
    missing: list[LeftOut] = []
    for sentence in _sentences(words):
        parts = list(split_text(sentence))
        asked = {part.ref for part in parts if isinstance(part, Placeholder)}
        pieces = _Sentence(facts, asked)
        for part in parts:
            pieces.add(part)
        if pieces.missing:
            missing += [LeftOut(sentence.strip(), ref, why) for ref, why in pieces.missing]
            if sentence.rstrip().endswith("。"):
                _end(kept)
        else:
            kept += pieces.found
    return kept, missing


def _sentences(words: str) -> list[str]:
    """Sentences and clauses with their ends; a full stop inside a placeholder ends none."""
    hidden: list[str] = []

    def hide(found: re.Match[str]) -> str:
        hidden.append(found[0])
        return "\0"

    cut = [part for part in SENTENCE.findall(PLACEHOLDER.sub(hide, words.replace("\0", ""))) if part]
    again = iter(hidden)
    return [re.sub("\0", lambda _: next(again), part) for part in cut]


def _end(kept: list[Piece]) -> None:
    """What stood before a clause that is left out ends the sentence now."""
    if kept and kept[-1].chip is None and kept[-1].text.endswith("；"):
        kept[-1] = Piece(f"{kept[-1].text[:-1]}。")


class _Sentence:
    """One sentence while it is filled in. asked: the figures that it names itself."""

    def __init__(self, facts: Facts, asked: set[str]) -> None:
        self.facts, self.asked = facts, set(asked)
        self.found: list[Piece] = []
        self.missing: list[tuple[str, Sentence]] = []
        self.unit = ""  # of the chip just before: not printed twice

    def add(self, part: str | Placeholder) -> None:
        if isinstance(part, str):
            self._words(part.removeprefix(self.unit) if self.unit else part)
        elif part.ref in WORDS:
            self._words(self._word(part.ref))
        elif part.ref.startswith(QUOTED):
            self._quote(part)
        else:
            self._figure(part)

    def _words(self, text: str) -> None:
        self.unit = ""
        if text:
            self.found.append(Piece(text))

    def _word(self, name: str) -> str:
        facts = self.facts
        return {"as_of": day_text(facts.day), "bureau": facts.bureau, "campaign": facts.spec.name}[name]

    def _quote(self, part: Placeholder) -> None:
        quoted = self.facts.quoted.get(part.ref.removeprefix(QUOTED))
        if quoted is None:
            self.missing.append((part.ref, Sentence(NO_QUOTED, {"ref": part.ref})))
            return
        text = f"{number(quoted.value, 4)}{quoted.unit}"
        self._chip(Chip(part.ref, text, text, typed=part.typed), quoted.unit)

    def _figure(self, part: Placeholder) -> None:
        value = self.facts.values.get(part.ref)
        if value is None:
            self.missing.append((part.ref, Sentence(NO_FIGURE, {"ref": part.ref})))
            return
        if part.wanted and part.hedge is None:
            known = Sentence(NO_HEDGE, {"hedge": part.wanted, "known": tuple(str(one) for one in Hedge)})
            self.missing.append((part.ref, known))
            return
        said = printed(value, self.facts.day, *(part.hedge or ()))
        if part.typed is None and self._is_unreported(value):
            self.missing.append((part.ref, Sentence(NOT_REPORTED, {"title": value.figure.title})))
            return
        if said.why is not None and part.typed is None:
            self.missing.append((part.ref, said.why))
            return
        self._chip(Chip(part.ref, said.text, said.exact, said.hedge, part.typed), value.figure.unit)
        self._pair(value.figure)

    def _is_unreported(self, value: FigureValue) -> bool:
        """Whether its 0 is none: what is reported of the goal is in another unit (see `rules.goals`)."""
        goals = self.facts.spec.goals
        return not value.value and any(g.until_reported and g.figure == value.figure.id for g in goals)

    def _pair(self, figure: Figure) -> None:
        other = partner_of(figure, self.facts.spec)
        if other is None or other.id in self.asked:
            return
        self.asked.add(other.id)
        value = self.facts.values.get(other.id)
        said: Printed | None = printed(value, self.facts.day) if value else None
        if said is not None and said.why is None:
            unit = self.unit
            self.found += [Piece("（"), Piece(said.text, Chip(other.id, said.text, said.exact)), Piece("）")]
            self.unit = unit

    def _chip(self, chip: Chip, unit: str) -> None:
        self.found.append(Piece(chip.printed, chip))
        self.unit = unit if chip.typed is None else ""


def partner_of(figure: Figure, spec: CampaignSpec) -> Figure | None:
    """人数 beside 人次 of the same rows, and the other way round; None where the campaign counts no such."""
    pair = {Measure.PARTICIPATIONS: Measure.PERSONS, Measure.PERSONS: Measure.PARTICIPATIONS}
    if figure.measure not in pair:
        return None
    wanted = replace(figure, measure=pair[figure.measure])
    return next((one for one in spec.figures if _same_rows(one, wanted)), None)


def _same_rows(one: Figure, other: Figure) -> bool:
    return all(
        getattr(one, key) == getattr(other, key)
        for key in ("measure", "kind", "where", "where_not", "scope", "over", "starts_on")
    )


def _joined(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Free words that follow on each other become one piece."""
    found: list[Piece] = []
    for piece in pieces:
        if found and piece.chip is None and found[-1].chip is None:
            found[-1] = Piece(found[-1].text + piece.text)
        else:
            found.append(piece)
    return tuple(found)


def _without_empty(paragraphs: Sequence[Paragraph]) -> tuple[Paragraph, ...]:
    """Without paragraphs of which nothing is left, and without headings over nothing but such."""
    order = {"heading1": 0, "heading2": 1, "body": 2}
    kept: list[Paragraph] = []
    for n, one in enumerate(paragraphs):
        section = []
        for later in paragraphs[n + 1 :]:
            if order[later.style] <= order[one.style]:
                break
            section.append(later)
        is_hollow = bool(section) and not any(part.pieces for part in section if part.style == "body")
        if one.pieces and not (one.style != "body" and is_hollow):
            kept.append(one)
    return tuple(kept)
