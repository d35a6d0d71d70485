"""What a password may not be."""

from __future__ import annotations

import re

import pytest

from tracker.rules.passwords import check_new_password
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
def test_long_enough_and_not_to_be_guessed_is_taken(password):
    check_new_password(password, about=ABOUT)


@pytest.mark.parametrize(
    "password",
    ["", "123456789", "短了", "1234567890", "0987654321x", "abcdefghij", "qwertyuiop1", "1111111111",
     "121212121212",
     "a pass for m0042", "我叫张三，住在东湖边上", "ＺＨＡＮＧ likes books", "x" * 201],
)  # fmt: skip
def test_short_long_telling_or_easily_guessed_is_refused(password):
    with pytest.raises(Refused) as refusal:
        check_new_password(password, about=ABOUT)
    assert refusal.value.field == "password"


def test_the_old_one_is_no_new_one():
    with pytest.raises(Refused):
        check_new_password("correct horse 7", old="correct horse 7")


def test_a_word_of_a_letter_or_two_is_not_telling():
    check_new_password("an apple a day keeps", about=["a", "an", "", "7"])


def test_slips_are_twelve_characters_that_paper_does_not_confuse():
    drawn = {new_slip_password() for _ in range(2000)}
    assert len(drawn) == 2000
    assert all(re.fullmatch(rf"[{ALPHABET}]{{4}}(-[{ALPHABET}]{{4}}){{2}}", one) for one in drawn)
    assert not set("lio01") & set(ALPHABET)
