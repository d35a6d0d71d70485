"""What texts of the ledger are typed as, and which of their letters answer."""

from __future__ import annotations

import pytest

from tracker.rules.pinyin import answers_to, as_typed, marks, term_keys


def test_a_text_is_kept_with_its_pinyin_and_initials():
    assert term_keys("香山社区") == {
        "text": "香山社区", "typed": "香山社区", "pinyin": "xiangshanshequ", "initials": "xssq",
    }  # fmt: skip


def test_blanks_width_and_case_do_not_matter():
    assert as_typed(" Ａb　C １") == "abc1"


@pytest.mark.parametrize("asked", ["山社", "xiangshan", "xssq", "sq", "香 山"])
def test_a_name_answers_to_its_letters_its_pinyin_and_its_initials(asked):
    assert answers_to("香山社区", asked)


@pytest.mark.parametrize("asked", ["山香", "shequ1", "x", "s", "%", "_", "香_"])
def test_it_does_not_answer_to_anything_else(asked):
    assert not answers_to("香山社区", asked)


@pytest.mark.parametrize(
    ("asked", "marked"),
    [("山社", "山社"), ("sq", "社区"), ("xiangs", "香山"), ("没有", None), ("", None), ("<b>", None)],
)
def test_what_answers_is_marked(asked, marked):
    pieces = marks("《香山社区》一事", asked)
    assert "".join(piece for piece, _ in pieces) == "《香山社区》一事"
    assert [piece for piece, is_marked in pieces if is_marked] == ([marked] if marked else [])


def test_a_letter_that_becomes_several_is_marked_whole():
    assert marks("面积㎡", "m2") == [("面积", False), ("㎡", True)]
