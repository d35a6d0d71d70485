"""A duration as offices write it, in whole minutes."""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from tracker.rules.cells import LARGEST, Raw, is_blank, plain, shown
from tracker.rules.refusal import N_, Refused

Unit = Literal["hours", "minutes", "class_hours"]

DAY_NOUGHT = dt.date(1899, 12, 31)  # Excel shows a duration of 0 as the moment before 1900-01-01
FIRST_REAL_YEAR = 1901

_NUMERAL = r"[0-9]+(?:\.[0-9]+)?|[一二两三四五六七八九十百零]{1,5}"
_HOURS = r"(?:小时|钟头|hours?|hrs?|h)"
_MINUTES = r"(?:分钟|分|minutes?|mins?|m)"
_BARE = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?")
_CLOCK = re.compile(r"([0-9]{1,4}):([0-5][0-9])(?::([0-5][0-9]))?")
_HALF = re.compile(rf"半个?{_HOURS}")
_IN_HOURS = re.compile(rf"({_NUMERAL})个?(半)?{_HOURS}(?:(半)|[零又]?({_NUMERAL}){_MINUTES}?)?")
_IN_MINUTES = re.compile(rf"({_NUMERAL}){_MINUTES}")
_CLASS_HOURS = re.compile(r"学时|课时")
_IN_CLASS_HOURS = re.compile(rf"(?:({_NUMERAL})个?(半)?|半个?)(?:学时|课时)")
_NEARLY_WHOLE = Decimal("0.001")  # of a minute: what a spreadsheet's own arithmetic leaves
_LONGEST_TEXT = 40
_DIGITS = {numeral: value for value, numeral in enumerate("零一二三四五六七八九")} | {"两": 2}
_NOT_A_DURATION = N_("%(value)s is not a duration. Write it as 1.5, 1小时30分 or 90分钟.")


def parse_minutes(raw: Raw, unit: Unit = "hours", class_hour: int | None = None) -> int:
    """Whole minutes; hours are rounded half-up to the minute, 学时 never.

    unit:       of a bare number; hours unless the heading says another. 1:30 is an hour and a half in any.
    class_hour: minutes of one 学时, by the campaign's own rule; None where it states none.
    Raises Refused for anything that comes to less than a minute, for 学时 without a rule or with a part that
    is no whole minute, and for what is no duration.
    """
    if is_blank(raw):
        raise Refused(N_("Enter a duration."))
    minutes = _exact_minutes(raw, unit, class_hour)
    if minutes is None:
        raise Refused(_NOT_A_DURATION, value=shown(raw))
    if minutes <= 0:
        raise Refused(N_("%(value)s is not above zero."), value=shown(raw))
    if minutes > LARGEST:
        raise Refused(N_("%(value)s is too large."), value=shown(raw))
    whole = int(minutes.quantize(Decimal(1), ROUND_HALF_UP))
    if whole == 0:
        raise Refused(N_("%(value)s is less than a minute."), value=shown(raw))
    return whole


def minutes_of(unit: Unit, class_hour: int | None) -> int:
    """Minutes of one of the unit. Raises Refused for 学时 where the campaign does not say how long one is."""
    if unit != "class_hours":
        return 60 if unit == "hours" else 1
    if class_hour is None:
        raise Refused(N_("The column counts class hours (学时), which are not hours."))
    return class_hour


def as_class_hours(minutes: int, class_hour: int) -> str | None:
    """The minutes in 学时 with at most two decimals, None where that is not exact: 90 of 45 are "2"."""
    hundredths = minutes * 100
    if hundredths % class_hour:
        return None
    text = f"{Decimal(hundredths // class_hour).scaleb(-2):.2f}"
    return text.rstrip("0").rstrip(".")


def _exact_minutes(raw: Raw, unit: Unit, class_hour: int | None) -> Decimal | None:
    match raw:
        case bool():
            return None
        case int() | float():
            return _in_unit(Decimal(repr(raw)), unit, class_hour) if math.isfinite(raw) else None
        case dt.timedelta():
            return Decimal(raw // dt.timedelta(microseconds=1)) / 60_000_000
        case dt.time():
            return _of_clock(raw.hour, raw.minute, raw.second)
        case dt.datetime() if raw.year < FIRST_REAL_YEAR:
            # 36 hours in a cell formatted h:mm come as the day 1900-01-01 at 12 o'clock.
            return Decimal((raw - dt.datetime.combine(DAY_NOUGHT, dt.time())) // dt.timedelta(seconds=1)) / 60
        case str():
            return _of_text(plain(raw), unit, class_hour)
        case _:
            return None


def _of_text(text: str, unit: Unit, class_hour: int | None) -> Decimal | None:
    if class_hour is None and _CLASS_HOURS.search(text):
        raise Refused(
            N_("%(value)s counts class hours (学时), which are not hours. Write hours or minutes."),
            value=shown(text),
        )
    if len(text) > _LONGEST_TEXT:
        return None
    if _BARE.fullmatch(text):
        return _in_unit(Decimal(text.replace(",", "")), unit, class_hour)
    if match := _CLOCK.fullmatch(text):
        return _of_clock(int(match[1]), int(match[2]), int(match[3] or 0))
    if _HALF.fullmatch(text):
        return Decimal(30)
    if match := _IN_HOURS.fullmatch(text):
        if match[2] and match[3]:
            return None
        return _numeral(match[1]) * 60 + (30 if match[2] or match[3] else _numeral(match[4] or "0"))
    if match := _IN_MINUTES.fullmatch(text):
        return _numeral(match[1])
    if match := _IN_CLASS_HOURS.fullmatch(text):
        half = Decimal("0.5") if match[2] or not match[1] else Decimal(0)
        return _in_unit((_numeral(match[1]) if match[1] else 0) + half, "class_hours", class_hour)
    return None


def _in_unit(number: Decimal, unit: Unit, class_hour: int | None) -> Decimal:
    minutes = number * minutes_of(unit, class_hour)
    if unit == "class_hours" and abs(minutes - minutes.to_integral_value()) > _NEARLY_WHOLE:
        raise Refused(  # rounded, two of 1.5 would be more than three
            N_("%(value)s class hours are %(minutes)s minutes, no whole number. Write the minutes: 90分钟."),
            value=shown(f"{number:f}"), minutes=f"{minutes.normalize():f}",
        )  # fmt: skip
    return minutes


def _of_clock(hours: int, minutes: int, seconds: int) -> Decimal:
    return Decimal(hours * 3600 + minutes * 60 + seconds) / 60


def _numeral(text: str) -> Decimal:
    """A number in digits or in Chinese numerals below a thousand: 1.5, 十, 二十五, 一百二十."""
    if text[0].isdigit() and text.isascii():
        return Decimal(text)
    total, digit = 0, 0
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        else:
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
    return Decimal(total + digit)
