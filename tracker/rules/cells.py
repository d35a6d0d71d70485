"""One raw cell of a spreadsheet: text, codes, counts, choices. See also days, durations, people."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal

from tracker.rules.refusal import N_, Refused

Raw = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None

LARGEST = 2**31 - 1  # what an integer column holds on every database
LARGEST_SUM = 2**53  # up to here a spreadsheet's numbers are exact
LONGEST_SHOWN = 40

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u00ad"))  # pasted along from web pages
_NOTHING = "".join(c for c in map(chr, range(0x3001)) if c.isspace()) + "\u200b\u2060\ufeff\u00ad"
_LINE_BREAKS = "\n\r\t\v\f\x85\u2028\u2029"
# A document's XML holds no \v and no \f, and readers of workbooks turn \r into \n: one break is kept for all.
_KEPT_OTHERWISE = _INVISIBLE | dict.fromkeys(map(ord, "\r\v\f\x85\u2028\u2029"), "\n")
_COUNT = re.compile(
    r"([+-]?)([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.(0*[1-9][0-9]*|0+))?"
    r"(人次|场次|人|名|次|位|个|件|篇|场|户|本|册|项|期|份|条)?"
)
_YES = frozenset(("是", "有", "对", "√", "✓", "✔", "☑", "y", "yes", "true", "1"))
_NO = frozenset(("否", "无", "不是", "没有", "错", "×", "✗", "✘", "☒", "x", "n", "no", "false", "0"))


def is_blank(raw: Raw) -> bool:
    """Whether nothing is written in the cell: spaces of every width count as nothing."""
    return raw is None or (isinstance(raw, str) and not raw.strip(_NOTHING))


def shown(raw: Raw) -> str:
    """The cell as a sentence may quote it: short, on one line, without control characters."""
    text = _written(raw)
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def plain(raw: Raw) -> str:
    """The cell for comparing and parsing: half-width, lower case, without any space."""
    return "".join(unicodedata.normalize("NFKC", _written(raw)).translate(_INVISIBLE).casefold().split())


def clean(text: str) -> str:
    """Composed text without invisible marks; tabs stay, and line breaks, as one kind.

    Raises Refused for control characters.

    Chinese punctuation and full-width letters are kept as they were written.
    """
    if text.isascii() and text.isprintable():
        return text
    for character in text:
        category = unicodedata.category(character)
        is_unwritable = category in ("Cc", "Cs") or (category == "Cn" and _is_none(ord(character)))
        if is_unwritable and character not in _LINE_BREAKS:
            raise Refused(
                N_("The cell holds a control character (U+%(code)s). Type the text again."),
                code=f"{ord(character):04X}",
            )
        if category == "Cf" and unicodedata.bidirectional(character) in _TURNS_AROUND:
            raise Refused(
                N_("The cell holds a control character (U+%(code)s). Type the text again."),
                code=f"{ord(character):04X}",
            )
    # Composed last: an invisible mark may have stood between a letter and its accent.
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").translate(_KEPT_OTHERWISE))


def _is_none(code: int) -> bool:
    """Whether it is no character and never will be: not every file can hold these."""
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


# Overrides of the writing direction: what is read then differs from what is stored.
_TURNS_AROUND = frozenset(("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"))


def parse_text(raw: Raw, most: int = 200) -> str | None:
    """The text of a cell on one line, None if it is blank.

    Numbers become text as Excel shows them (13800000005.0 is "13800000005"), days become 2021-03-05.
    Raises Refused for control characters and for more than `most` characters.
    """
    text = " ".join(clean(_written(raw)).split())
    if len(text) > most:
        raise Refused(
            N_("The text has %(length)s characters; at most %(most)s are kept."), length=len(text), most=most
        )
    return text or None


def parse_code(raw: Raw, most: int = 64) -> str | None:
    """A number or code such as M0001 or S012: half-width, without spaces; None if the cell is blank."""
    text = "".join(unicodedata.normalize("NFKC", clean(_written(raw))).split())
    text = unicodedata.normalize("NFKC", text)  # without spaces, letters may have met their accents
    if len(text) > most:
        raise Refused(
            N_("The text has %(length)s characters; at most %(most)s are kept."), length=len(text), most=most
        )
    return text or None


def parse_count(raw: Raw, most: int = LARGEST) -> int:
    """A whole number from 0 to `most`: 5, 5.0, "５", "5人次", "1,234".

    Raises Refused for blanks, fractions, negative and too large numbers, and anything else.
    """
    if is_blank(raw):
        raise Refused(N_("Enter a number."))
    if isinstance(raw, bool | dt.date | dt.time | dt.timedelta):
        raise Refused(N_("%(value)s is not a number."), value=shown(raw))
    if isinstance(raw, float) and not math.isfinite(raw):
        raise Refused(N_("%(value)s is not a number."), value=shown(raw))
    match = _COUNT.fullmatch(plain(raw))
    if match is None:
        raise Refused(N_("%(value)s is not a number."), value=shown(raw))
    sign, digits, fraction, _ = match.groups()
    if fraction and fraction.strip("0"):
        raise Refused(N_("%(value)s is not a whole number."), value=shown(raw))
    digits = digits.replace(",", "").lstrip("0") or "0"
    if sign == "-" and digits != "0":
        raise Refused(N_("%(value)s is below zero."), value=shown(raw))
    if len(digits) > len(str(most)) or int(digits) > most:
        raise Refused(N_("%(value)s is too large."), value=shown(raw))
    return int(digits)


def parse_choice(raw: Raw, choices: Mapping[str, str]) -> str:
    """The value whose name or alias the cell holds; width, case and spaces do not matter.

    choices: alias -> value, as the campaign lists them.
    """
    if is_blank(raw):
        raise Refused(N_("Choose one of: %(choices)s."), choices=_names(choices))
    wanted = plain(raw)
    for alias, value in choices.items():
        if plain(alias) == wanted:
            return value
    raise Refused(
        N_("%(value)s is not in the list. Choose one of: %(choices)s."),
        value=shown(raw),
        choices=_names(choices),
    )


def parse_yes_no(raw: Raw) -> bool:
    """是 or 否, also as a tick, a word or TRUE."""
    wanted = plain(raw)
    if wanted in _YES:
        return True
    if wanted in _NO:
        return False
    raise Refused(N_("%(value)s is neither yes nor no."), value=shown(raw))


def _names(choices: Mapping[str, str]) -> str:
    """The first alias of each value, in the campaign's order."""
    first: dict[str, str] = {}
    for alias, value in choices.items():
        first.setdefault(value, alias)
    return "、".join(first.values())


def _written(raw: Raw) -> str:
    """The cell as text, before any cleaning."""
    match raw:
        case None:
            return ""
        case str():
            return raw
        case bool():
            return "TRUE" if raw else "FALSE"
        case int():
            return str(raw)
        case float():
            return _number(raw)
        case dt.datetime():
            return raw.date().isoformat() if raw.time() == dt.time() else raw.isoformat(" ", "minutes")
        case dt.date():
            return raw.isoformat()
        case dt.time():
            return raw.isoformat("minutes")
        case dt.timedelta():
            minutes = int(raw.total_seconds()) // 60
            return f"{minutes // 60}:{minutes % 60:02}"


def _number(value: float) -> str:
    """Whole numbers without a point, others as short as they can be told apart: never 1.38e+10."""
    if not math.isfinite(value):
        return str(value)
    return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
