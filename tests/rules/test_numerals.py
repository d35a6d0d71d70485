"""Numbers as Chinese texts write them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.number_words import Sort, asides
from tracker.rules.numerals import chinese, normalised, numerals


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("一百二十六", 126),
        ("两千一百", 2100),
        ("1.2万", 12000),
        ("十二点五", Fraction(25, 2)),
        ("１２６", 126),
        ("1,691", 1691),
        ("二〇二一", 2021),
        ("一百零五", 105),
        ("一万二", 12000),
        ("廿六", 26),
        ("壹佰贰拾陆", 126),
        ("1万2千", 12000),
        ("3.5亿", 350_000_000),
        ("٣٤", 34),
        ("十", 10),
        ("三万五千二百", 35200),
    ],
)
def test_a_number_is_read_exactly(text, value):
    (found,) = numerals(normalised(text))
    assert (found.low, found.high) == (value, value)
    assert (found.start, found.end) == (0, len(text))


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("百分之八十", 80),
        ("80%", 80),
        ("８０％", 80),
        ("八成", 80),
        ("九成五", 95),
        ("四分之三", 75),
        ("一半", 50),
        ("97.5%", Fraction(195, 2)),
        ("百分之九十七点五", Fraction(195, 2)),
        ("30‰", 3),
    ],
)
def test_a_share_is_read_in_per_cent(text, share):
    (found,) = numerals(normalised(text))
    assert found.is_percent
    assert found.low == share


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("十几", 11, 19), ("数百", 200, 999), ("三四百", 300, 400), ("百几十", 110, 199), ("十七八", 17, 18)],
)
def test_a_vague_number_is_a_range(text, low, high):
    (found,) = numerals(text)
    assert (found.low, found.high) == (low, high)


@given(st.integers(0, 99_999_999))
def test_every_whole_number_written_in_chinese_is_read_back(number):
    assert chinese(written(number)) == number


def written(number):
    """The number as a Chinese text writes it, 10 as 一十."""
    if number >= 10**4:
        rest = number % 10**4
        zero = "零" if 0 < rest < 1000 else ""
        return written(number // 10**4) + "万" + (zero + written(rest) if rest else "")
    text, zero = "", False
    for place, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, place)
        if digit:
            text += ("零" if zero and text else "") + "零一二三四五六七八九"[digit] + unit
        zero = not digit
    return text or "零"


@pytest.mark.parametrize(
    ("text", "stretch", "sort"),
    [
        ("截至2021年6月26日，", "2021年6月26日", Sort.DAY),
        ("二〇二一年六月", "二〇二一年六月", Sort.DAY),
        ("1至6月", "1至6月", Sort.DAY),
        ("2021-06-26", "2021-06-26", Sort.DAY),
        ("100周年", "100周年", Sort.DAY),
        ("上午9:30开会", "9:30", Sort.TIME),
        ("第12期", "第12", Sort.ORDINAL),
        ("一、学习", "一、", Sort.ORDINAL),
        ("〔2021〕12号", "〔2021〕12号", Sort.CODE),
        ("编号M0001的", "M0001", Sort.CODE),
        ("进一步推进", "进一步", Sort.WORD),
        ("十分重要", "十分", Sort.WORD),
        ("《四十年》", "《四十年》", Sort.NAME),
        ("一名党员", "一", Sort.WORD),
        ("“两个维护”", "“两个维护”", Sort.NAME),
    ],
)
def test_what_says_no_count_is_told_apart(text, stretch, sort):
    (found,) = asides(text, ())
    assert (text[found.start : found.end], found.sort) == (stretch, sort)


@pytest.mark.parametrize("text", ["三十分钟", "3个月", "十一名党员", "八项任务", "100年"])
def test_a_number_is_not_taken_for_a_word(text):
    assert asides(text, ()) == []


def test_a_name_of_the_campaign_keeps_its_number_to_itself():
    (found,) = asides("一百小时读党史已完成", ["一百小时读党史"])
    assert (found.start, found.end, found.sort) == (0, 7, Sort.NAME)
