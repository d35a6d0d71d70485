"""What names a person is taken out of texts, and nothing else is."""

from __future__ import annotations

import pytest

from tests.maker import NOW
from tracker.rules.erasures import (
    BAD_LINE,
    Erasure,
    code_of,
    line_of,
    pattern_of,
    proof_of,
    read_lines,
    telling,
    without,
)
from tracker.rules.refusal import Refused

CODE = "E-0123456789"


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("张三的记录", f"{CODE}的记录"),
        ("张三（M0001）", f"{CODE}（{CODE}）"),
        ("M0001", CODE),
        ("M00011 和 XM0001", "M00011 和 XM0001"),  # somebody else's numbers
        ("李四", "李四"),
    ],
)
def test_a_word_goes_where_it_stands_by_itself(text, after):
    assert without(text, pattern_of(["张三", "M0001"]), CODE) == after


def test_names_of_fields_and_sentences_of_the_program_stay():
    report = {
        "line": [{"msgid": "line %(line)s of li", "params": {"line": 3, "who": "li"}, "cell": "li"}],
        "count": 12,
    }
    assert without(report, pattern_of(["li", "line"]), CODE) == {
        "line": [{"msgid": "line %(line)s of li", "params": {"line": 3, "who": CODE}, "cell": CODE}],
        "count": 12,
    }


def test_a_number_that_could_be_an_amount_tells_nobody():
    assert telling("张三", "12", "13800000000", None, "", "张三") == ["张三", "13800000000"]


def test_a_code_is_the_same_again_another_for_another_and_needs_the_key():
    assert code_of(1, "a" * 32) == code_of(1, "a" * 32)
    assert len({code_of(1, "a" * 32), code_of(2, "a" * 32), code_of(1, "b" * 32)}) == 3


def test_the_list_is_read_as_it_was_written_and_a_spoilt_line_is_named():
    erasure = Erasure(NOW, 7, proof_of(7, "M0001", "a" * 32))
    assert read_lines([line_of(erasure), "\n"]) == [erasure]
    assert "M0001" not in line_of(erasure)
    with pytest.raises(Refused) as refusal:
        read_lines([line_of(erasure), "2021-07-31 x y"])
    assert (refusal.value.msgid, refusal.value.params) == (BAD_LINE, {"line": 2})
