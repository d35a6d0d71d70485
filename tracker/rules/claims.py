"""The claim check: every number of a draft beside what the ledger has."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from tracker.rules.campaigns import CampaignSpec, Figure
from tracker.rules.number_words import Sort
from tracker.rules.quoted import QuotedFigure
from tracker.rules.refusal import N_
from tracker.rules.wording import Sentence


class Verdict(enum.StrEnum):
    """What the ledger says to a number."""

    MATCHES = "matches"  # 相符
    DIFFERS = "differs"  # 不符
    OTHER_COUNT = "other_count"  # 口径不同
    UNKNOWN = "unknown"  # 台账无此数
    NO_CLAIM = "no_claim"  # a day, an ordinal, a name: says no count


@dataclass(frozen=True, slots=True)
class Known:
    """One value of the ledger.

    low, high: equal but for an interval.
    figure:    its figure; None for what the roster alone says, or the register of quoted figures.
    place:     name of the unit whose own value it is; "" for the bureau. place_id: of that unit.
    is_added:  the branches' values added up, where that is not the bureau's value: people are counted twice.
    of:        over how many it was taken, for per cent.
    category:  of members or branches, where the roster says it and no figure does.
    quoted:    its entry in the register, with its source.
    """

    title: str
    unit: str
    low: Fraction
    high: Fraction
    figure: Figure | None = None
    place: str = ""
    place_id: int | None = None
    is_added: bool = False
    of: int = 0
    date: dt.date | None = None
    quoted: QuotedFigure | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everything that a draft is held against, as of one day.

    places:     names of units by which a sentence is about one of them only, each with its short forms.
    categories: of members and branches, as the roster has them.
    """

    spec: CampaignSpec
    day: dt.date
    known: tuple[Known, ...]
    places: Mapping[str, str] = field(default_factory=dict)
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One number of the draft and what is to be said of it.

    start, end: its stretch in the draft; `text` is that stretch as it was written.
    why:        the reason, then remarks.
    known:      the ledger's value that it was held against; None where there is none.
    sort:       why it claims nothing, of those that do not.
    """

    start: int
    end: int
    text: str
    verdict: Verdict
    why: tuple[Sentence, ...]
    known: Known | None = None
    sort: Sort | None = None


# In the order in which totals are shown: what needs mending first.
VERDICT_WORDS: dict[Verdict, str] = {
    Verdict.DIFFERS: N_("differs"),
    Verdict.OTHER_COUNT: N_("counted otherwise"),
    Verdict.UNKNOWN: N_("not in the ledger"),
    Verdict.MATCHES: N_("agrees"),
    Verdict.NO_CLAIM: N_("no count"),
}
NO_CLAIMS: dict[Sort, str] = {
    Sort.DAY: N_("A day or a span of time."),
    Sort.TIME: N_("A time of day."),
    Sort.ORDINAL: N_("Numbers a point, an issue or a place in an order."),
    Sort.CODE: N_("A number or code that something bears."),
    Sort.NAME: N_("Part of a name."),
    Sort.WORD: N_("Part of a word; counts nothing."),
    Sort.TARGET: N_("The target of a goal, not what was reached."),
}


def written(value: Fraction, unit: str) -> str:
    """A value as reasons print it: at most two decimals, cut and not rounded up."""
    cut = Fraction(int(value * 100), 100)
    text = f"{float(cut):.2f}".rstrip("0").rstrip(".") if cut.denominator > 1 else str(int(cut))
    return f"{text}{unit}"


def said(known: Known) -> str:
    """The ledger's value with its unit; an interval as 85–164名."""
    if known.date is not None:
        return known.date.isoformat()
    if known.low != known.high:
        return f"{written(known.low, '')}–{written(known.high, known.unit)}"
    return written(known.low, known.unit)


def name_of(known: Known) -> str:
    """What it is called: with its unit's name where it is a unit's own."""
    return f"{known.place}·{known.title}" if known.place else known.title
