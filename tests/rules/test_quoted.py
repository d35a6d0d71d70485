"""Figures from outside: how their numbers are read, what they are called, for what they could be taken."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.quoted import DAY, a_quote
from tracker.rules.quoted import (
    LONGEST_CODE,
    Alike,
    alike,
    check_code,
    check_quote,
    proposed_code,
    read_value,
    value_of,
)
from tracker.rules.refusal import Refused


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1691", "1691"), ("1,691", "1691"), ("１６９１", "1691"), (" 1 691 ", "1691"), ("0", "0"),
        ("007", "7"), ("48.50", "48.5"), ("48.0", "48"), ("0.0001", "0.0001"),
        ("999999999999", "999999999999"),
    ],
)  # fmt: skip
def test_a_number_has_one_spelling(typed, kept):
    assert read_value(typed) == kept


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "Enter a number"), (" \u3000 ", "Enter a number"), ("七百", "not a number"),
        ("-3", "below zero"), ("720件", "number alone"), ("98.5%", "number alone"), ("1.00001", "decimals"),
        ("1" * 13, "too large"), ("1e5", "not a number"), ("nan", "not a number"), ("1,69", "not a number"),
        ("=1+1", "not a number"),
        ("\ud800", "not a number"), ("1.", "not a number"), ("٣", "not a number"), (".5", "not a number"),
    ],
)  # fmt: skip
def test_what_is_no_number_is_refused_with_the_reason(typed, why):
    with pytest.raises(Refused, match=why) as refusal:
        read_value(typed)
    assert refusal.value.field == "value"


@given(st.integers(0, 10**12 - 1), st.integers(0, 9999))
def test_the_value_is_the_number_that_was_typed(whole, parts):
    kept = read_value(f"{whole:,}.{parts:04}")
    assert value_of(kept) == Fraction(whole) + Fraction(parts, 10_000)
    assert read_value(kept) == kept


@given(st.text(max_size=80), st.sets(st.text(max_size=8), max_size=4))
def test_a_proposed_code_is_one_and_is_free(title, taken):
    code = proposed_code(title, taken)
    assert check_code(code) == code
    assert code not in taken
    assert proposed_code(title, {*taken, code}) != code


def test_a_proposed_code_is_the_pinyin_of_the_title():
    assert proposed_code("民生微实事") == "minshengweishishi"
    assert proposed_code("民生微实事", {"minshengweishishi"}) == "minshengweishishi-2"
    assert proposed_code("！") == "figure"


@pytest.mark.parametrize(
    "code", ["", ".", "a b}", "a:b", "{a}", "编码", "a" * (LONGEST_CODE + 1), "-a", "a."]
)
def test_a_code_that_no_bulletin_could_name_is_refused(code):
    with pytest.raises(Refused):
        check_code(code)


def test_a_code_is_kept_in_lower_case_and_half_width():
    assert check_code(" Ｍsss.Done-1 ") == "msss.done-1"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"title": " "}, "title"), ({"unit": ""}, "unit"), ({"source": "\u3000"}, "source"),
        ({"value": "x"}, "value"), ({"as_of": None}, "as_of"), ({"as_of": DAY + dt.timedelta(1)}, "as_of"),
        ({"code": "a/b"}, "code"),
        ({"title": "长" * 61}, "title"), ({"unit": "长" * 13}, "unit"), ({"note": "长" * 401}, "note"),
        ({"source": "a\0b"}, "source"), ({"title": "a\ud800"}, "title"), ({"unit": "\u202e件"}, "unit"),
    ],
)  # fmt: skip
def test_what_is_missing_or_will_not_do_is_named(said, field):
    with pytest.raises(Refused) as refusal:
        check_quote(a_quote(**said), DAY)
    assert refusal.value.field == field


def test_what_is_kept_is_on_one_line_and_has_a_code():
    kept = check_quote(a_quote(code="", title=" 全市\n床位 ", note="x\ty"), DAY, {"quanshichuangwei"})
    assert (kept.code, kept.title, kept.note) == ("quanshichuangwei-2", "全市 床位", "x y")


OWN = [("一百件微实事", "件"), ("助民微实事完成", "件"), ("党校培训人次", "人次")]


def test_a_name_that_could_be_taken_for_the_campaigns_own_is_found_with_the_difference():
    found = alike("民生微实事", OWN)
    assert found is not None
    assert found == Alike("一百件微实事", "件", "微实事", "民生", "一百件")
    assert alike("助民微实事", OWN) == Alike("助民微实事完成", "件", "助民微实事", "", "完成")


@pytest.mark.parametrize("title", ["床位", "高龄津贴发放", "2021年人次", "培训", "ABC"])
def test_a_name_of_its_own_is_not_pointed_out(title):
    assert alike(title, OWN) is None


def test_the_same_short_name_is_the_same():
    found = alike("结对", [("结对", "名")])
    assert found is not None
    assert (found.here, found.there) == ("", "")


@given(st.text(max_size=12), st.text(max_size=12), st.text(alphabet="微实事服务床位", min_size=3, max_size=6))
def test_names_that_share_three_letters_are_alike_and_what_is_said_of_them_is_in_them(before, after, shared):
    found = alike(before + shared + after, [("甲" + shared + "乙", "件")])
    assert found is not None
    assert found.shared in found.own
    assert len(found.there) + len(found.shared) == len(found.own)
