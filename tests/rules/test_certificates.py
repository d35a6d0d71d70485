"""Numbers and codes of certificates as they are typed from paper, and what a stranger is shown."""

from __future__ import annotations

import pytest

from tracker.rules.certificates import Line, digest_of_lines, masked, number_text, read_code, read_number
from tracker.rules.tokens import new_certificate_code


def test_a_number_is_read_as_it_is_printed():
    assert number_text("plan-2021", 7) == "plan-2021-00007"
    assert read_number(" PLAN-2021-00007 ") == ("plan-2021", 7)


@pytest.mark.parametrize("text", ["", "7", "-7", "plan-", "plan-七", "plan-１", "plan-9999999999"])
def test_what_is_no_number_is_none(text):
    assert read_number(text) is None


def test_a_code_is_read_however_it_was_typed():
    code = new_certificate_code()
    assert len(code) == 19
    assert read_code(code.upper().replace("-", " ")) == code
    assert read_code("") == ""


def test_a_stranger_is_shown_the_first_character_alone():
    assert (masked("张三"), masked("欧阳修远"), masked("")) == ("张*", "欧***", "")


def test_another_minute_is_another_digest():
    line = Line(1, "2021-03-05", "志愿服务", "走访", "北园", "第一党小组", 60)
    assert digest_of_lines([line]) == digest_of_lines([list(line)])
    assert digest_of_lines([line]) != digest_of_lines([line._replace(minutes=61)])
