"""The claims of a text: each number with its hedge, its unit and the words around it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from tracker.rules import claim_words as words
from tracker.rules.number_words import Aside, Sort, asides
from tracker.rules.numerals import Numeral, is_numeric, normalised, numerals
from tracker.rules.refusal import N_, Refused

_BREAK = re.compile(r"[，。；：！？\n\t,;!?（）()|、]")
_SENTENCE = re.compile(r"[。！？!?\n]|；(?=\n)")
MOST_CHARACTERS = 40_000
MOST_NUMBERS = 1_000
TOO_LONG = N_("The draft has more than %(most)s characters. Check it in parts.")
TOO_MANY = N_("The draft has more than %(most)s numbers. Check it in parts.")
MOST_BACK = 10  # parts of a sentence that are looked back to


@dataclass(frozen=True, slots=True)
class Claim:
    """One number that says something of the world.

    start, end: the stretch that is marked: hedge, number and unit.
    hedge:      at_least, over, below, at_most, about, more (余), or "" where it is said plainly.
    unit:       as written; "" where there is none.
    near:       the words of its own part of the sentence, unit included; `after`: those behind the unit.
    before:     those in front of it in the same part.
    back:       the parts of the sentence before it, the nearest first; then what was said before that.
    sentence:   number of its sentence in the text.
    """

    start: int
    end: int
    numeral: Numeral
    hedge: str
    unit: str
    near: str
    before: str
    after: str
    back: tuple[str, ...]
    far: str
    sentence: int
    whole: str

    @property
    def kind_of_unit(self) -> int | str:
        return words.unit_class(self.unit)


@dataclass(frozen=True, slots=True)
class Reading:
    """A draft as it was read: its claims and what claims nothing. Together they hold every number once."""

    text: str
    claims: tuple[Claim, ...]
    asides: tuple[Aside, ...]


def read_draft(
    text: str, units: Collection[str], names: Iterable[str], targets: Collection[tuple[int, str]] = ()
) -> Reading:
    """Find every number of `text`.

    units: those of the campaign's figures and goals; the language's own are known.
    names: words of the campaign in which a number is part of the name.
    Raises Refused for a text that is too long or has too many numbers to be checked at once.
    targets: what is to be reached, with its unit: 已满100小时 and 100小时的目标 say no count.
    """
    if len(text) > MOST_CHARACTERS:
        raise Refused(TOO_LONG, "text", most=MOST_CHARACTERS)
    plain = normalised(text)
    apart = asides(plain, names)
    masked = bytearray(len(plain))
    for aside in apart:
        masked[aside.start : aside.end] = b"\1" * (aside.end - aside.start)
    # What is masked is blanked, so that no number is read across it; places stay.
    open_text = "".join("\0" if masked[n] else one for n, one in enumerate(plain))
    found = [one for one in numerals(open_text) if one.end > one.start]
    covered = bytearray(masked)
    for one in found:
        covered[one.start : one.end] = b"\1" * (one.end - one.start)
    if len(found) > MOST_NUMBERS:
        raise Refused(TOO_MANY, "text", most=MOST_NUMBERS)
    rest: list[Aside] = []
    for place, character in enumerate(plain):
        if is_numeric(character) and not covered[place]:
            if rest and rest[-1].end == place:
                rest[-1] = replace(rest[-1], end=place + 1)
            else:
                rest.append(Aside(place, place + 1, _left_over(character)))
    pattern = _unit_pattern(units)
    starts = sorted(
        [*(one.start for one in found), *(one.start for one in apart), *(one.start for one in rest)]
    )
    starts.append(len(plain))
    fences = sorted([*(one.end for one in apart), *(one.end for one in rest)])
    outlined: list[Claim] = []
    for one in found:  # hedge and unit lie between what ended last and what begins next
        place = bisect_right(fences, one.start)
        last = max(fences[place - 1] if place else 0, outlined[-1].end if outlined else 0)
        then = starts[bisect_left(starts, one.end)]
        outlined.append(_outlined(plain, one, pattern, last, then))
    aims = [one for one in outlined if _is_target(plain, one, targets)]
    claims = _with_words(plain, [one for one in outlined if one not in aims], pattern)
    apart += [*rest, *(Aside(one.start, one.end, Sort.TARGET) for one in aims)]
    return Reading(plain, tuple(claims), tuple(sorted(apart, key=lambda one: one.start)))


_AIM_BEFORE = re.compile(
    r"(?:满了?|目标[为是]?|任务[为是]?|要办|计划[^，。]{0,2}|力争[^，。]{0,4}|拟[^，。]{0,2}|还差|争取[^，。]{0,2})$"
)
_AIM_AFTER = re.compile(r"的?(?:目标|任务|要求|标准|大关)|以上的(?:有|党员|同志|人)")


def _is_target(text: str, claim: Claim, targets: Collection[tuple[int, str]]) -> bool:
    alike = any(
        claim.numeral.low == target == claim.numeral.high and words.unit_class(unit) == claim.kind_of_unit
        for target, unit in targets
    )
    before, after = text[max(0, claim.start - 8) : claim.start], text[claim.end : claim.end + 8]
    return alike and bool(_AIM_BEFORE.search(before) or _AIM_AFTER.match(after))


def _left_over(text: str) -> Sort:
    """①, Ⅳ and their like number something; anything else is part of a word."""
    return Sort.WORD if any("一" <= one <= "鿿" for one in text) else Sort.ORDINAL


def _unit_pattern(units: Collection[str]) -> re.Pattern[str]:
    known = [one for one in {*units, *words.CLASS_OF} - {"%"} if one and not any(map(is_numeric, one))]
    known.sort(key=lambda one: (-len(one), one))
    return re.compile(r"\s?(" + "|".join(re.escape(one) for one in known) + ")")


def _outlined(text: str, numeral: Numeral, pattern: re.Pattern[str], last: int, then: int) -> Claim:
    """The claim with hedge and unit, before the words around it are known."""
    head = text[max(last, numeral.start - 8) : numeral.start]
    hedge, start = "", numeral.start
    for name, known in (
        ("at_least", words.AT_LEAST), ("at_most", words.AT_MOST), ("below", words.BELOW),
        ("over", words.OVER), ("about", words.ABOUT),
    ):  # fmt: skip
        if match := known.search(head):
            start = numeral.start - len(match[0])
            hedge = "" if match[0].strip() in ("达", "达到", "达了", "达到了", "最少", "最多", "上") else name
            start = start if hedge else numeral.start
            break
    if numeral.text in ("百", "千", "万") and head.endswith("上"):
        hedge, start = "at_least", numeral.start - 1
    end, unit = numeral.end, ""
    if more := words.AFTER.match(text, end, then):
        hedge, end = hedge or "more", more.end()
    if match := None if numeral.is_percent else pattern.match(text, end, then):
        unit, end = match[1], match.end()
    elif numeral.is_percent:
        unit = "%"
    if tail := words.TAIL.match(text, end, then):
        named = {"least": "at_least", "most": "at_most", "about": "about", "more": "more"}
        hedge, end = hedge or named[tail.lastgroup or "about"], tail.end()
    return Claim(start, end, numeral, hedge, unit, "", "", "", (), "", 0, "")


def _with_words(text: str, claims: list[Claim], pattern: re.Pattern[str]) -> list[Claim]:
    """Each claim with its part of the sentence and what came before."""
    parts = _parts(text, claims)
    ends = [match.end() for match in _SENTENCE.finditer(text)] + [len(text)]
    starts = [0, *ends[:-1]]
    found = []
    for n, claim in enumerate(claims):
        number = bisect_right(ends, claim.numeral.start, hi=len(ends) - 1)
        begins, stops = starts[number], max(ends[number], claim.end)
        own_number = bisect_right(parts, claim.numeral.start, key=lambda part: part[0]) - 1
        own = parts[own_number]
        left, right = max(own[0], begins), max(min(own[1], stops), claim.end)
        if n and claims[n - 1].end > left:
            left = min(claims[n - 1].end, claim.start)
        if n + 1 < len(claims):
            right = max(min(right, claims[n + 1].start), claim.end)
        back = [text[max(a, begins) : min(b, left)] for a, b in _back(parts, own_number, begins) if a < left]
        line = text.rfind("\n", 0, begins) + 1
        far = text[max(line, begins - 80) : begins] or _heading(text, begins)
        before, after = text[left : claim.start], text[claim.end : right]
        head = _table_head(text, claim.numeral.start)
        if head and not any("一" <= one <= "鿿" for one in before):
            before, back = f"{head} {before}", []
        if not claim.unit:
            claim = replace(claim, unit=_unit_before((before, *reversed(back)), pattern))
        found.append(
            replace(
                claim, before=before, after=after, near=f"{before}{claim.unit}{after}",
                back=tuple(one for one in reversed(back) if one.strip()), far=far, sentence=number,
                whole=text[begins:stops],
            )
        )  # fmt: skip
    return found


def _back(parts: list[tuple[int, int]], number: int, begins: int) -> list[tuple[int, int]]:
    """The parts of the sentence up to that one."""
    first = number
    while first and parts[first - 1][1] > begins:
        first -= 1
    return parts[max(first, number - MOST_BACK) : number + 1]


def _table_head(text: str, place: int) -> str:
    """Of a number in a row of cells: what the row and the column are called."""
    start, end = text.rfind("\n", 0, place) + 1, text.find("\n", place)
    line = text[start : end if end >= 0 else len(text)]
    cells, column = line.split("\t"), text.count("\t", start, place)
    if len(cells) < 2 or column == 0:
        return ""
    above = text[:start].rstrip("\n").split("\n")
    while above and above[-1].count("\t") == len(cells) - 1 and (len(above) > 1 and "\t" in above[-2]):
        above.pop()
    heads = above[-1].split("\t") if above and above[-1].count("\t") == len(cells) - 1 else []
    return f"{cells[0].strip()} {heads[column].strip()}" if heads else cells[0].strip()


_HEAD_UNIT = re.compile(r"(?:^|[（(])([^（）()]{1,5})[）)]")


def _unit_before(parts: tuple[str, ...], pattern: re.Pattern[str]) -> str:
    """The unit that stands before the number: in brackets as in a table's head, or as in 人次达167."""
    for part in parts[:3]:
        for inside in _HEAD_UNIT.findall(part):
            if found := pattern.fullmatch(inside.strip()):
                return found[1]
    for end in range(len(parts[0]), max(0, len(parts[0]) - 4), -1):
        for start in range(max(0, end - 3), end):
            word = parts[0][start:end]
            if len(word) > 1 and pattern.fullmatch(word):
                return word
    return ""


def _heading(text: str, place: int) -> str:
    """The short line above, if it is a heading."""
    lines = [line.strip() for line in text[max(0, place - 200) : place].split("\n") if line.strip()]
    return lines[-1] if lines and len(lines[-1]) <= 40 and not lines[-1].endswith("。") else ""


def _parts(text: str, claims: list[Claim]) -> list[tuple[int, int]]:
    """The text cut at its commas; at 、 only where a number stands before it in the same part."""
    places = sorted(claim.numeral.start for claim in claims)
    parts, start, next_number = [], 0, 0
    for match in _BREAK.finditer(text):
        end = match.end()
        while next_number < len(places) and places[next_number] < start:
            next_number += 1
        has_number = next_number < len(places) and places[next_number] < end
        if match[0] == "、" and not has_number:
            continue
        parts.append((start, end))
        start = end
    parts.append((start, len(text) + 1))
    return parts
