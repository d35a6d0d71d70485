"""What a password may not be."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from tracker.files.common_passwords import common_passwords
from tracker.rules.passwords import PROFILES, check_new_password, has_run_out
from tracker.rules.refusal import Refused
from tracker.rules.tokens import ALPHABET, new_slip_password

ABOUT = ["M0042", "张三", "zhang"]


@pytest.mark.parametrize(
    "password",
    [
        "湖边的第一棵柳树发芽了",
        "correct horse 7",
        "        a b c d e",
        "x" * 8 + "abcde",
        "Tr0ub4dor&3",
        "我" * 195 + "爱读党史书",
    ],
)
@pytest.mark.asvs("6.2.5", "6.2.9")
def test_long_enough_and_not_to_be_guessed_is_taken(password):
    check_new_password(password, about=ABOUT)


@pytest.mark.parametrize(
    "password",
    ["", "123456789", "短了", "1234567890", "0987654321x", "abcdefghij", "qwertyuiop1", "1111111111",
     "121212121212",
     "a pass for m0042", "我叫张三，住在东湖边上", "ＺＨＡＮＧ likes books", "x" * 201],
)  # fmt: skip
@pytest.mark.asvs("6.2.1", "6.2.11")
def test_short_long_telling_or_easily_guessed_is_refused(password):
    with pytest.raises(Refused) as refusal:
        check_new_password(password, about=ABOUT)
    assert refusal.value.field == "password"


def test_the_old_one_is_no_new_one():
    with pytest.raises(Refused):
        check_new_password("correct horse 7", old="correct horse 7")


def test_a_word_of_a_letter_or_two_is_not_telling():
    check_new_password("an apple a day keeps", about=["a", "an", "", "7"])


@pytest.mark.asvs("6.4.1")
def test_slips_are_twelve_characters_that_paper_does_not_confuse():
    drawn = {new_slip_password() for _ in range(2000)}
    assert len(drawn) == 2000
    assert all(re.fullmatch(rf"[{ALPHABET}]{{4}}(-[{ALPHABET}]{{4}}){{2}}", one) for one in drawn)
    assert not set("lio01") & set(ALPHABET)


@pytest.mark.asvs("6.2.4", "6.2.12")
def test_every_password_of_the_list_of_stolen_ones_is_refused():
    common = common_passwords()
    assert len(common) >= 10_000
    assert len([word for word in common if len(word) >= 10]) > 1000, "not all are refused for being short"
    for word in common:
        for typed in (word, word.upper()):
            with pytest.raises(Refused):
                check_new_password(typed, common=common)


@pytest.mark.asvs("6.1.2", "6.2.11")
@pytest.mark.parametrize("word", ["党建", "Dangshi", "党史", "tracker"])
def test_words_of_this_work_with_a_little_more_are_refused(word):
    with pytest.raises(Refused, match="words of this work"):
        check_new_password(f"{word}20260701")


UNITS = ["市民政局机关党委", "东湖党支部", "Office 3 支部"]


@pytest.mark.asvs("6.1.2", "6.2.11")
@pytest.mark.parametrize(
    "password",
    ["东湖党支部202107", "我们东湖党支部有四十二人", "DongHuDangZhiBu", "my donghudangzhibu and me",
     "donghu202107", "东湖2021年07月", "ｄｏｎｇｈｕ－２０２１", "市民政局2021年07月", "shiminzhengju01",
     "我爱市民政局机关党委"],
)  # fmt: skip
def test_names_of_the_bureau_and_its_branches_are_refused_in_letters_and_pinyin(password):
    with pytest.raises(Refused, match=r"names of the bureau|words of this work"):
        check_new_password(password, places=UNITS)


def test_a_sentence_in_which_a_part_of_a_units_name_occurs_is_taken():
    for password in ("东湖 correct horse 7", "在东湖边上读了一下午的书", "our donghu has willows and swans"):
        check_new_password(password, places=[*UNITS, "党支部", "支部", "", "组"])


@pytest.mark.asvs("6.2.9")
@pytest.mark.parametrize("length", [64, 128, 200])
def test_a_long_password_is_taken_whole(length):
    check_new_password(("a long way to the lake " * 10)[:length])


@pytest.mark.asvs("6.2.5", "6.2.9")
def test_the_default_profile_asks_for_no_sort_of_characters_and_takes_long_sentences():
    for password in (
        "vermillion boats drift",
        "湖边的第一棵柳树发芽了",
        "a long way to the lake " * 5 + "and home",
    ):
        check_new_password(password)


def test_the_other_profile_asks_for_three_sorts_of_four():
    dengbao = PROFILES["dengbao"]
    for password in ("vermillionboat7", "VERMILLIONBOAT7", "vermillion boat"):
        with pytest.raises(Refused, match="Mix at least 3"):
            check_new_password(password, profile=dengbao)
    for password in ("Vermillionboat7", "vermillion boat 7", "湖边Willow第一7棵"):
        check_new_password(password, profile=dengbao)


@pytest.mark.asvs("6.2.10")
def test_a_password_runs_out_in_the_other_profile_alone():
    at = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
    for days, is_old in ((89, False), (90, True)):
        set_at = at - dt.timedelta(days=days)
        assert has_run_out(set_at, at, PROFILES["dengbao"]) is is_old
        assert not has_run_out(set_at, at, PROFILES["default"])
    assert has_run_out(None, at, PROFILES["dengbao"])
