"""Numbers as Chinese texts write them: Arabic, full-width, Chinese, mixed, approximate, per cent."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {
    "〇": 0, "两": 2, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9, "○": 0,
}  # fmt: skip
TENS = {"廿": 20, "卅": 30, "卌": 40}
UNITS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
BIG = {"万": 10**4, "亿": 10**8, "萬": 10**4, "億": 10**8}
FORMAL = "壹贰叁肆伍陆柒捌玖拾佰仟"  # also parts of words: numbers only where two of them stand together
PLAIN = "〇零一二三四五六七八九十百千万亿两廿卅卌"
# Characters to which Unicode gives a value, but which Chinese texts use as words.
NOT_NUMBERS = frozenset("什参叄參仨陌阡漆弌弍弎弐亖幺兆京") | frozenset(FORMAL)

_ARABIC = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)"
_CHINESE = rf"(?:[{PLAIN}]+(?:点[〇零一二三四五六七八九]+)?|[{FORMAL}]{{2,}}[零{FORMAL}万亿]*)"
_ANY = rf"(?:{_ARABIC}|{_CHINESE})"
_TOKEN = re.compile(
    rf"(?P<share>(?P<of>[百千万]|{_ANY})分之(?P<part>{_ANY}))"
    rf"|(?P<half>一半|半数(?=[以的]))"
    rf"|(?P<vague>[数几][十百千万亿]+|(?P<before>[一二三四五六七八九两]?[百十]+)几(?P<ten>十)?)"
    rf"|(?P<tenths>(?P<tenth>[一二三四五六七八九两]|[0-9](?:\.[0-9])?)成(?P<rest>[一二三四五六七八九半]?)"
    r"(?![立为员果绩效功长就都本份熟因了套才人])(?=[^\w]|以上|以下|左右|的|多|党|支|$))"
    r"|(?P<both>(?P<first>[0-9]+)(?P<larger>[万亿])(?P<second>[0-9]+)(?P<smaller>[百千万]))"
    rf"|(?P<mixed>{_ARABIC}(?P<big>[十百千]?[万亿]|[百千](?![分])))"
    rf"|(?P<arabic>{_ARABIC})|(?P<chinese>{_CHINESE})"
)
_PERCENT = re.compile(r"\s?[%‰]|个?百分点")


@dataclass(frozen=True, slots=True)
class Numeral:
    """One number of a text.

    start, end: where it stands, the sign for per cent included.
    low, high:  what it says; they differ where it is vague: 十几 is 11 to 19, 三四百 is 300 to 400.
    step:       the place of its last digit that says anything: 10 for 480, 1/10 for 97.9, 1000 for 1.2万.
    is_percent: per cent; low and high are then in per cent.
    """

    start: int
    end: int
    text: str
    low: Fraction
    high: Fraction
    step: Fraction
    is_percent: bool = False

    @property
    def is_vague(self) -> bool:
        return self.low != self.high


def normalised(text: str) -> str:
    """The text with every decimal digit as 0 to 9 and full-width signs as ASCII; not a character longer."""
    return "".join(_plain(character) for character in text)


def _plain(character: str) -> str:
    if "0" <= character <= "9" or character < "\x80":
        return character
    if (digit := unicodedata.decimal(character, None)) is not None:
        return str(digit)
    return {"％": "%", "﹪": "%", "．": ".", "：": ":", "〜": "~", "～": "~", "－": "-"}.get(
        character, character
    )


def is_numeric(character: str) -> bool:
    """Whether a character is (part of) a number, wherever it stands. None of these is ever passed over."""
    if character in PLAIN:
        return True
    return character not in NOT_NUMBERS and unicodedata.numeric(character, None) is not None


def numerals(text: str) -> list[Numeral]:
    """Every number of `text` that can be read, in order; `text` is `normalised`."""
    found: list[Numeral] = []
    place = 0
    while match := _TOKEN.search(text, place):
        low, high, step, is_percent = _read(match)
        end = match.end()
        if not is_percent and (sign := _PERCENT.match(text, end)):
            end, is_percent = sign.end(), True
            if "‰" in sign[0]:
                low, high, step = low / 10, high / 10, step / 10
        place = end
        found.append(Numeral(match.start(), end, text[match.start() : end], low, high, step, is_percent))
    return found


def _read(match: re.Match[str]) -> tuple[Fraction, Fraction, Fraction, bool]:
    """low, high, step, and whether it is per cent."""
    if match["share"]:
        whole, part = chinese(match["of"]) or 0, value_of(match["part"])
        share = part * 100 / whole if whole else part
        return share, share, step_of(match["part"]) if whole == 100 else Fraction(1), True
    if match["half"]:
        return Fraction(50), Fraction(50), Fraction(1), True
    if match["vague"]:
        low, high = _vague(match)
        return low, high, Fraction(1), False
    if match["tenths"]:
        rest = match["rest"]
        more = Fraction(5) if rest == "半" else Fraction(DIGITS.get(rest, 0))
        share = value_of(match["tenth"]) * 10 + more
        return share, share, Fraction(1 if rest else 10), True
    if match["both"]:
        smaller = chinese(match["smaller"]) or 1
        value = Fraction(
            int(match["first"]) * (chinese(match["larger"]) or 1) + int(match["second"]) * smaller
        )
        return value, value, Fraction(smaller), False
    if match["mixed"]:
        big = chinese(match["big"]) or 1
        plain = match["mixed"][: -len(match["big"])]
        value = value_of(plain) * big
        return value, value, Fraction(big) / 10 ** len(plain.partition(".")[2]), False
    text = match["arabic"] or match["chinese"]
    if (pair := _pair(text)) is not None:
        return *pair, Fraction(1), False
    value = value_of(text)
    return value, value, step_of(text), False


def _vague(match: re.Match[str]) -> tuple[Fraction, Fraction]:
    """数百: 200 to 999; 十几: 11 to 19; 百几十: 110 to 199."""
    if match["before"] is None:
        unit = chinese(match["vague"][1:]) or 1
        return Fraction(2 * unit), Fraction(10 * unit - 1)
    base = chinese(match["before"]) or 0
    return (
        (Fraction(base + 10), Fraction(base + 99))
        if match["ten"]
        else (Fraction(base + 1), Fraction(base + 9))
    )


def _pair(text: str) -> tuple[Fraction, Fraction] | None:
    """两三, 三四百, 十七八, 二三十: from the one to the other."""
    match = re.fullmatch(r"(十?)([一二三四五六七八两])([二三四五六七八九])([十百千万]*)", text)
    if match is None or DIGITS[match[3]] - DIGITS[match[2]] != 1:
        return None
    unit, base = chinese(match[4]) or 1 if match[4] else 1, 10 if match[1] else 0
    return Fraction(base + DIGITS[match[2]] * unit), Fraction(base + DIGITS[match[3]] * unit)


def value_of(text: str) -> Fraction:
    """What an Arabic or Chinese number comes to; 0 for a run of characters that is no number."""
    plain = text.replace(",", "")
    if plain and plain[0] in "0123456789":
        return Fraction(plain)
    whole, _, places = text.partition("点")
    value = Fraction(chinese(whole) or 0)
    if places:
        value += Fraction(int("".join(str(DIGITS[one]) for one in places)), 10 ** len(places))
    return value


def step_of(text: str) -> Fraction:
    """The place of the last digit that says anything: 10 for 480 and 四百八十, 1/10 for 97.9, 1 for 0."""
    plain = text.replace(",", "")
    places = plain.partition(".")[2] or text.partition("点")[2]
    if places:
        return Fraction(1, 10 ** len(places))
    whole = int(value_of(text))
    step = 1
    while whole and whole % (step * 10) == 0:
        step *= 10
    return Fraction(step)


def chinese(text: str) -> int | None:
    """一百二十六 → 126, 两千一百 → 2100, 二〇二一 → 2021, 一万二 → 12000; None where it says no number."""
    if not text:
        return None
    if all(one in DIGITS for one in text):
        return int("".join(str(DIGITS[one]) for one in text))
    total = section = 0
    digit: int | None = None
    last = 1
    for one in text:
        if one in DIGITS:
            digit = DIGITS[one] if digit is None or digit == 0 else digit * 10 + DIGITS[one]
            last = 1 if one in "零〇" else last
        elif one in TENS:
            section, digit, last = section + TENS[one], None, 10
        elif one in UNITS:
            section += (1 if digit is None or (digit == 0 and UNITS[one] == 10) else digit) * UNITS[one]
            digit, last = None, UNITS[one]
        elif one in BIG:
            total = (total + section + (digit or 0) or 1) * BIG[one]
            section, digit, last = 0, None, BIG[one]
        else:
            return None
    if digit is not None and last > 10:  # 一百二, 一万二: the place after the last one named
        return total + section + digit * last // 10
    return total + section + (digit or 0)
