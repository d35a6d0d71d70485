"""How numbers are written: nothing is called reached that is not."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.numbers import number, reached, to_go


@pytest.mark.parametrize(
    ("value", "as_number", "as_reached"),
    [
        (Fraction(73), "73", "73"),
        (Fraction(979, 10), "97.9", "97.9"),
        (Fraction(5999, 60), "100", "99.9"),
        (Fraction(3198, 100), "32", "31.9"),
        (Fraction(6000, 60), "100", "100"),
        (Fraction(10002, 100), "100", "100"),
        (Fraction(1235, 100), "12.4", "12.4"),
        (Fraction(0), "0", "0"),
        (None, "—", "—"),
    ],
)
def test_a_number_is_rounded_and_what_is_reached_is_no_whole_one_before_it_is(value, as_number, as_reached):
    assert (number(value), reached(value)) == (as_number, as_reached)


def test_what_is_missing_is_never_nothing_before_it_is():
    assert to_go(Fraction(1, 60)) == "0.1"
    assert to_go(Fraction(0)) == "0"
    assert to_go(None) == "—"


@given(st.integers(0, 6000))
def test_what_is_there_and_what_is_missing_come_to_the_target(minutes):
    value = Fraction(minutes, 60)
    there, missing = Fraction(reached(value)), Fraction(to_go(100 - value))
    assert there + missing == 100
    assert (there == 100) == (minutes == 6000)
    assert abs(there - value) < Fraction(1, 10)
