"""What a summary pack shows of a value, and what it keeps back of people in hardship."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.figures import FigureValue
from tracker.rules.packs import FEW, FEWEST_SHOWN, KEPT_BACK, Amount, amount, hidden, is_few, value_amounts

values = st.none() | st.integers(0, 9).map(Fraction)


def test_a_whole_number_stays_whole_and_nothing_is_rounded_up_to_one():
    assert amount(Fraction(80)) == Amount(80)
    assert amount(Fraction(1175, 12)) == Amount(97.917)
    assert amount(Fraction(99_99999, 100_000)) == Amount(99.999)
    assert amount(None) == Amount("—")


@given(st.fractions(0, 1000))
def test_an_amount_is_near_its_value_and_below_a_whole_number_that_is_not_reached(value):
    shown = amount(value).value
    assert abs(Fraction(shown) - value) <= Fraction(1, 1000)
    assert int(shown) == int(value) or Fraction(shown) <= value


@given(st.lists(values, max_size=9))
def test_no_small_number_is_shown_and_none_can_be_found_by_subtraction(column):
    found = hidden(column)
    few = {n for n, value in enumerate(column) if is_few(value)}
    assert few == {n for n, words in found.items() if words == FEW}
    others = [n for n, value in enumerate(column) if value and n not in few]
    if len(few) == 1 and others:
        assert [words for n, words in found.items() if n not in few] == [KEPT_BACK]
    else:
        assert set(found) == few
    assert all(column[n] is not None and column[n] > 0 for n in found)


def test_zero_is_no_secret_and_nobody_counted_neither():
    assert hidden([Fraction(0), None, Fraction(FEWEST_SHOWN)]) == {}


def test_an_interval_is_shown_with_both_ends_a_day_as_a_day_and_few_not_at_all():
    between = FigureValue(None, Fraction(85), Fraction(85), Fraction(164))  # type: ignore[arg-type]
    assert value_amounts(between, is_hidden=False) == (Amount("85–164"), Amount(85), Amount(164))
    day = dt.date(2021, 7, 26)
    ahead = FigureValue(None, None, date=day)  # type: ignore[arg-type]
    assert value_amounts(ahead, is_hidden=False)[0] == Amount(day)
    two = FigureValue(None, Fraction(2))  # type: ignore[arg-type]
    assert value_amounts(two, is_hidden=True)[0] == Amount(FEW)
    assert value_amounts(two, is_hidden=False)[0] == Amount(2)
