"""How numbers are written: nothing is called reached that is not."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.filters import number, to_go


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Fraction(73), "73"), (Fraction(979, 10), "97.9"), (Fraction(1, 2), "0.5"),
        (Fraction(5999, 60), "99.9"),
        (Fraction(3198, 100), "31.9"), (Fraction(6000, 60), "100"), (Fraction(10002, 100), "100"),
        (Fraction(12349, 1000), "12.3"), (Fraction(1235, 100), "12.4"), (Fraction(0), "0"), (None, "—"),
    ],
)  # fmt: skip
def test_a_number_has_one_decimal_and_is_no_whole_one_before_it_is(value, said):
    assert number(value) == said


def test_what_is_missing_is_never_nothing_before_it_is():
    assert to_go(Fraction(1, 60)) == "0.1"
    assert to_go(Fraction(0)) == "0"
    assert to_go(None) == "—"


@given(st.integers(0, 6000))
def test_what_is_there_and_what_is_missing_come_to_the_target(minutes):
    value = Fraction(minutes, 60)
    there, missing = Fraction(number(value)), Fraction(to_go(100 - value))
    assert there + missing == 100
    assert (there == 100) == (minutes == 6000)
    assert abs(there - value) < Fraction(1, 10)
