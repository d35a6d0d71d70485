"""Figures from outside the ledger, as the office quotes them: never mixed with what the ledger counts."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import SequenceMatcher
from fractions import Fraction

from tracker.rules.campaigns import CampaignSpec
from tracker.rules.cells import parse_text, plain, shown
from tracker.rules.pinyin import pinyin_key
from tracker.rules.refusal import N_, Refused

LONGEST_TITLE, LONGEST_UNIT, LONGEST_SOURCE, LONGEST_NOTE, LONGEST_CODE = 60, 12, 200, 400, 40
LONGEST_WHOLE, MOST_PLACES = 12, 4  # digits before and behind the point
SHORTEST_SHARED = 3  # characters in a row that two names share before they are taken for one another
_CODE = re.compile(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?")
_NUMBER = re.compile(r"([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]+))?")
_NUMBER_WITH_UNIT = re.compile(r"[0-9][0-9,.]*[^0-9,.]+")


@dataclass(frozen=True, slots=True)
class QuotedFigure:
    """One figure of the register. value: in `unit`; as_of: its day; source: who said it where."""

    code: str
    title: str
    value: Fraction
    unit: str
    as_of: dt.date
    source: str


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody enters of a quoted figure: as typed, or as `check_quote` gives it back."""

    code: str
    title: str
    value: str
    unit: str
    as_of: dt.date | None
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Alike:
    """A name of the campaign's own that a quoted figure could be taken for.

    shared:      the characters in a row that both have.
    here, there: what only the quoted figure's name has, and what only `own` has; '' for nothing.
    """

    own: str
    own_unit: str
    shared: str
    here: str
    there: str


def read_value(raw: str) -> str:
    """The number in its one spelling: '1691', '48.5', '0'. Understands '1,691', full width, spaces around it.

    Raises Refused for what is no number, is below zero, holds its unit, or has too many digits.
    """
    typed = plain(raw)
    if not typed:
        raise Refused(N_("Enter a number."), "value")
    if typed[0] in "-−–":
        raise Refused(N_("A quoted figure is not below zero. Say in the title that it fell."), "value")
    match = _NUMBER.fullmatch(typed)
    if match is None:
        if _NUMBER_WITH_UNIT.fullmatch(typed):
            raise Refused(N_("Write the number alone here, and its unit below."), "value")
        raise Refused(N_("%(value)s is not a number."), "value", value=shown(raw))
    whole, places = match[1].replace(",", "").lstrip("0") or "0", (match[2] or "").rstrip("0")
    if len(whole) > LONGEST_WHOLE:
        raise Refused(N_("%(value)s is too large."), "value", value=shown(raw))
    if len(places) > MOST_PLACES:
        raise Refused(N_("At most %(most)d decimals are kept."), "value", most=MOST_PLACES)
    return f"{whole}.{places}" if places else whole


def value_of(text: str) -> Fraction:
    """The number behind what `read_value` gave."""
    return Fraction(Decimal(text))


def proposed_code(title: str, taken: Collection[str] = ()) -> str:
    """A code for a figure of this title: its pinyin, with a number behind it if that is taken."""
    spelled = pinyin_key(title, is_person=False).split(" ")[0]
    plain_letters = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode().casefold()
    base = re.sub(r"[^a-z0-9]+", "-", plain_letters)[: LONGEST_CODE - 4].strip("-") or "figure"
    found, number = base, 2
    while found in taken:
        found, number = f"{base}-{number}", number + 1
    return found


def check_code(raw: str) -> str:
    """The code in lower case and half width. Raises Refused for what bulletins could not name."""
    code = plain(raw)
    if len(code) > LONGEST_CODE or not _CODE.fullmatch(code):
        raise Refused(
            N_("A code has letters a–z, digits, and “.”, “_” or “-” between them; at most %(most)d."),
            "code",
            most=LONGEST_CODE,
        )
    return code


def check_quote(said: Quote, today: dt.date, taken: Collection[str] = ()) -> Quote:
    """What is to be kept of `said`; an empty code becomes a proposed one.

    Raises Refused, with its field, if something is missing or will not do, or the day has not come.
    """
    title = _text(said.title, LONGEST_TITLE, "title")
    value = read_value(said.value)
    unit = _text(said.unit, LONGEST_UNIT, "unit")
    if said.as_of is None:
        raise Refused(N_("Fill this in."), "as_of")
    if said.as_of > today:
        raise Refused(N_("This day has not come yet."), "as_of")
    source = _text(said.source, LONGEST_SOURCE, "source")
    note = _text(said.note, LONGEST_NOTE, "note", is_required=False)
    code = check_code(said.code) if plain(said.code) else proposed_code(title, taken)
    return replace(said, code=code, title=title, value=value, unit=unit, source=source, note=note)


def _text(raw: str, most: int, field: str, *, is_required: bool = True) -> str:
    try:
        text = parse_text(raw, most) or ""
    except Refused as refusal:
        raise Refused(refusal.msgid, field, **refusal.params) from None
    if is_required and not text:
        raise Refused(N_("Fill this in."), field)
    return text


def own_names(spec: CampaignSpec) -> list[tuple[str, str]]:
    """(name, unit) of everything that the campaign counts itself: goals, then figures."""
    return [
        *((goal.name, goal.unit) for goal in spec.goals),
        *((figure.title, figure.unit) for figure in spec.figures),
    ]


def alike(title: str, own: Iterable[tuple[str, str]]) -> Alike | None:
    """The campaign's own name for which a quoted figure of this title could be taken; None if for none.

    Two names are alike that share at least SHORTEST_SHARED characters in a row, digits and signs apart, or
    that are the same. Of several, the one that shares most.
    """
    mine, best = plain(title), None
    for name, its_unit in own:
        theirs = plain(name)
        found = SequenceMatcher(None, mine, theirs, autojunk=False).find_longest_match()
        shared = mine[found.a : found.a + found.size]
        letters = sum(character.isalpha() for character in shared)
        if letters < SHORTEST_SHARED and mine != theirs:
            continue
        if best is None or len(shared) > len(best.shared):
            here = mine[: found.a] + mine[found.a + found.size :]
            there = theirs[: found.b] + theirs[found.b + found.size :]
            best = Alike(name, its_unit, shared, here, there)
    return best
