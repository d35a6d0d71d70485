"""A day as offices write it."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata

from tracker.rules.cells import Raw, is_blank, shown
from tracker.rules.refusal import N_, Refused

EARLIEST = dt.date(1900, 1, 1)
LATEST = dt.date(2100, 12, 31)
EPOCH = dt.date(1899, 12, 30)  # Excel's 1900 system, for every day after its invented 1900-02-29
# Serial numbers below are taken for something else: 2021 is a year that somebody wrote, not 1905-07-13.
FIRST_SERIAL = (dt.date(1920, 1, 1) - EPOCH).days
LAST_SERIAL = (LATEST - EPOCH).days

_CLOCK = r"(?:[t ]?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
_WEEKDAY = r" ?(?:\(?(?:星期|周)[一二三四五六日天]\)?)?"
_CHINESE = re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})[日号]?" + _WEEKDAY + _CLOCK)
_SEPARATED = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})日?" + _WEEKDAY + _CLOCK)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_NUMBER = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
_SHORT_YEAR = re.compile(r"[0-9]{2}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}[日号]?|[0-9]{6}")
_YEAR_LAST = re.compile(r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}")
_NO_YEAR = re.compile(r"[0-9]{1,2}[-/.月][0-9]{1,2}[日号]?")
_NO_DAY = re.compile(r"[0-9]{4}[-/.年][0-9]{1,2}月?")
_NOT_A_DAY = N_("%(value)s is not a day. Write it as 2021-03-05.")


def parse_day(raw: Raw) -> dt.date:
    """The day a cell holds.

    Understands days of Excel and their serial numbers, 2021-03-05, 2021/3/5, 2021.3.5, 20210305 and
    2021年3月5日, in half or full width, also with a time or a weekday behind.
    Raises Refused, saying what is missing, for anything that could be read in two ways.
    """
    if is_blank(raw):
        raise Refused(N_("Enter a day."))
    match raw:
        case dt.datetime():
            return _within(raw.date(), raw)
        case dt.date():
            return _within(raw, raw)
        case bool():
            raise Refused(_NOT_A_DAY, value=shown(raw))
        case int() | float():
            return _day_of_number(raw, raw)
        case str():
            return _day_of_text(raw)
        case _:
            raise Refused(_NOT_A_DAY, value=shown(raw))


def _day_of_number(number: float, raw: Raw) -> dt.date:
    if math.isfinite(number) and FIRST_SERIAL <= number < LAST_SERIAL + 1:
        return EPOCH + dt.timedelta(days=math.floor(number))
    if math.isfinite(number) and number == math.floor(number) and 0 < number < 10**8:
        return _day_of_text(str(int(number)), raw)
    raise Refused(_NOT_A_DAY, value=shown(raw))


def _day_of_text(text: str, raw: Raw = None) -> dt.date:
    raw = text if raw is None else raw
    text = " ".join(unicodedata.normalize("NFKC", text).casefold().replace("。", ".").split())
    text = re.sub(r" ?([-/.年月]) ?", r"\1", text)
    if match := _CHINESE.fullmatch(text) or _COMPACT.fullmatch(text):
        return _day(match[1], match[2], match[3], raw)
    if match := _SEPARATED.fullmatch(text):
        return _day(match[1], match[3], match[4], raw)
    if _NUMBER.fullmatch(text):
        return _day_of_number(float(text), raw)
    if _SHORT_YEAR.fullmatch(text):
        raise Refused(N_("Write the year of %(value)s with four digits, as in 2021-03-05."), value=shown(raw))
    if _YEAR_LAST.fullmatch(text):
        raise Refused(
            N_("%(value)s can be read as two different days. Write the year first, as in 2021-03-05."),
            value=shown(raw),
        )
    if _NO_YEAR.fullmatch(text):
        raise Refused(N_("%(value)s has no year. Write it as 2021-03-05."), value=shown(raw))
    if _NO_DAY.fullmatch(text):
        raise Refused(
            N_("%(value)s does not say which day of the month. Write it as 2021-03-05."), value=shown(raw)
        )
    raise Refused(_NOT_A_DAY, value=shown(raw))


def _day(year: str, month: str, day: str, raw: Raw) -> dt.date:
    try:
        found = dt.date(int(year), int(month), int(day))
    except ValueError:
        raise Refused(N_("There is no day %(value)s in the calendar."), value=shown(raw)) from None
    return _within(found, raw)


def _within(day: dt.date, raw: Raw) -> dt.date:
    if not EARLIEST <= day <= LATEST:
        raise Refused(N_("%(value)s is not between 1900 and 2100."), value=shown(raw))
    return day
