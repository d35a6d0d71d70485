"""One cell: texts, codes, counts, choices; and that no text is ever more than read or refused."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.cells import (
    clean,
    is_blank,
    parse_choice,
    parse_code,
    parse_count,
    parse_text,
    parse_yes_no,
    shown,
)
from tracker.rules.days import parse_day
from tracker.rules.durations import parse_minutes
from tracker.rules.people import parse_people, person_name
from tracker.rules.refusal import Problem, Refused

FIFTH_OF_MARCH = dt.date(2021, 3, 5)
at = dt.datetime.fromisoformat


@pytest.mark.parametrize(
    ("raw", "count"),
    [(5, 5), (5.0, 5), ("５", 5), ("5人次", 5), ("5 人", 5), ("1,234", 1234), ("１，２３４", 1234), ("0", 0),
     ("5.0", 5),
     ("007", 7), ("-0", 0), (2**31 - 1, 2**31 - 1)],
)  # fmt: skip
def test_a_count_is_read(raw, count):
    assert parse_count(raw) == count


@pytest.mark.parametrize(
    ("raw", "why"),
    [(None, "Enter a number"), (-3, "below zero"), ("-3人", "below zero"), (1.5, "not a whole number"),
     ("1.50", "not a whole number"), (2**31, "too large"), (1e300, "too large"), ("约5人", "not a number"),
     ("五", "not a number"), ("12,34", "not a number"), (True, "not a number"),
     (float("nan"), "not a number"),
     (FIFTH_OF_MARCH, "not a number"), ("9" * 5000, "too large")],
)  # fmt: skip
def test_what_is_no_count_is_refused(raw, why):
    with pytest.raises(Refused, match=why):
        parse_count(raw)


@pytest.mark.parametrize(
    ("raw", "text"),
    [(13800000005.0, "13800000005"), (1.5, "1.5"), (1e-7, "0.0000001"), (12, "12"),
     ("　张 三\n李四　", "张 三 李四"),
     ("“学习强国”，第（一）期。", "“学习强国”，第（一）期。"), ("党\u200b史\ufeff", "党史"), ("", None),
     (" \u200b　", None), (None, None),
     (FIFTH_OF_MARCH, "2021-03-05"), (at("2021-03-05 00:00"), "2021-03-05"),
     (at("2021-03-05 09:00"), "2021-03-05 09:00"),
     (dt.time(9, 5), "09:05"), (dt.timedelta(hours=30), "30:00"), (True, "TRUE"), ("𠮷田👍", "𠮷田👍")],
)  # fmt: skip
def test_text_is_kept_as_written_on_one_line(raw, text):
    assert parse_text(raw) == text


@pytest.mark.parametrize("raw", ["a\x07b", "a\x00", "\x1b[31m", "\u202egnp.exe", "a\ud800", "\x9f"])
def test_a_control_character_is_refused(raw):
    with pytest.raises(Refused, match=r"control character \(U\+"):
        parse_text(raw)


def test_text_that_is_too_long_is_refused_with_its_length():
    assert parse_text("学" * 200) == "学" * 200
    with pytest.raises(Refused, match="201 characters; at most 200"):
        parse_text("学" * 201)


def test_a_code_is_half_width_without_spaces():
    assert [parse_code(raw) for raw in (" Ｍ０００１ ", 12.0, None, "S 001")] == ["M0001", "12", None, "S001"]
    with pytest.raises(Refused, match="at most 64"):
        parse_code("M" * 65)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_and_reading_it_again_changes_nothing(raw):
    try:
        text = parse_text(raw)
    except Refused:
        return
    assert parse_text(text) == text
    assert (text is None) == is_blank(raw)


CHOICES = {"领办": "taken", "认领": "taken", "在办": "open", "完成": "done", "Ａ类": "a"}


@pytest.mark.parametrize(
    ("raw", "value"), [("领办", "taken"), (" 认 领 ", "taken"), ("完成", "done"), ("a类", "a"), ("Ａ类", "a")]
)
def test_a_choice_is_found_by_any_of_its_names(raw, value):
    assert parse_choice(raw, CHOICES) == value


@pytest.mark.parametrize("raw", ["做完了", "", None, 3.0])
def test_an_unknown_choice_is_refused_with_the_list(raw):
    with pytest.raises(Refused, match="领办、在办、完成、Ａ类"):
        parse_choice(raw, CHOICES)


def test_yes_and_no_are_read_in_many_ways():
    assert all(parse_yes_no(raw) for raw in ("是", "√", "有", "YES", 1, 1.0, True, " 是 "))
    assert not any(parse_yes_no(raw) for raw in ("否", "×", "无", "no", 0, 0.0, False))
    with pytest.raises(Refused, match="neither yes nor no"):
        parse_yes_no("也许")


@given(st.text(max_size=60))
def test_no_text_is_more_than_read_or_refused(raw):
    for read in (parse_day, parse_minutes, parse_count, parse_people, person_name, parse_yes_no, parse_code):
        try:
            read(raw)
        except Refused:
            continue


def test_a_refusal_carries_its_field_and_its_values():
    refused = Refused("Between %(least)s and %(most)s.", "minutes", least=1, most=5)
    assert (refused.field, refused.message) == ("minutes", "Between 1 and 5.")
    problem = Problem("读书", 7, "时长", refused.msgid, refused.params, "E7")
    assert problem.message == "Between 1 and 5."


def test_a_quoted_value_is_short_and_on_one_line():
    assert shown("a\nb\x07c") == "a b c"
    assert len(shown("长" * 100)) == 40


@pytest.mark.parametrize("one", ["\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"])
def test_every_line_break_is_kept_as_the_same_one(one):
    """No document could hold some of them."""
    assert clean(f"上{one}下\t。") == "上\n下\t。"
