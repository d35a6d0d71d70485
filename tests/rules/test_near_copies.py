"""How near two texts are: spelling, quotations, copies and common themes."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.essays import BOILERPLATE, essay, near_copy
from tracker.rules.near_copies import is_near, plain_text, score, shingles


def share(one, other):
    """Of the first text's shingles, how many stand in the other."""
    mine = shingles(plain_text(one))
    return len(mine & shingles(plain_text(other))) / len(mine)


def test_spaces_stops_and_width_make_no_difference():
    assert plain_text("学 习，ＡＢＣ１２\n3。") == plain_text("学习abc123")


def test_a_quotation_is_left_out_and_nothing_grows_together_over_its_gap():
    text = "我们要" + BOILERPLATE[1] + "认真做好工作"
    plain = plain_text(text, [BOILERPLATE[1]])
    assert shingles(plain) <= shingles(plain_text("我们要")) | shingles(plain_text("认真做好工作"))
    assert plain_text("短", ["短"]) == "短", "what is shorter than a shingle cannot be a copy anyway"


@given(st.text(max_size=200))
def test_any_text_is_as_near_to_itself_as_can_be(text):
    plain = plain_text(text)
    assert score(plain, plain) == 100
    assert all(0 <= value < 2**32 for value in shingles(plain))


@given(st.text(alphabet="党史学习教育心得", min_size=5, max_size=80), st.text(max_size=20))
def test_a_longer_text_has_every_shingle_of_what_it_begins_with(text, more):
    assert shingles(plain_text(text)) <= shingles(plain_text(text) + plain_text(more))


@pytest.mark.parametrize("keeps", [1.0, 0.8, 0.7])
def test_a_copy_that_was_worked_over_is_near(keeps):
    chance = random.Random(7)
    first = essay(chance)
    copy = near_copy(chance, first, keeps)
    assert is_near(share(copy, first), score(plain_text(copy), plain_text(first)))


def test_two_essays_on_one_theme_are_not_near():
    chance = random.Random(8)
    one, other = essay(chance), essay(chance)
    assert not is_near(share(one, other), score(plain_text(one), plain_text(other)))


def test_a_paragraph_taken_whole_into_a_long_text_is_no_copy_of_it_but_two_thirds_are():
    chance = random.Random(9)
    source = essay(chance, 600)
    little = source[:120] + essay(chance, 1200)
    much = source[:400] + essay(chance, 200)
    assert not is_near(share(little, source), score(plain_text(little), plain_text(source)))
    assert is_near(share(much, source), score(plain_text(much), plain_text(source)))
