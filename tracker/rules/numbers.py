"""How a value is written: rounded as it is printed, and cut where a target is not reached yet."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from fractions import Fraction


def number(value: Fraction | float | int | None, places: int = 1) -> str:
    """At most `places` decimals, rounded half-up, no trailing zeros: 73, 97.9, 0.5. None is a dash."""
    return "—" if value is None else _written(_rounded(value, places, ROUND_HALF_UP))


def reached(value: Fraction | float | int | None, places: int = 1) -> str:
    """A `number` that is held against a whole target.

    What is just below a whole number is cut: 99.98 is 99.9, since 100 is what it has not reached.
    """
    if value is None:
        return "—"
    rounded = _rounded(value, places, ROUND_HALF_UP)
    if Fraction(rounded) == int(rounded) and Fraction(rounded) > Fraction(value):
        rounded = _rounded(value, places, ROUND_DOWN)
    return _written(rounded)


def to_go(value: Fraction | float | int | None, places: int = 1) -> str:
    """What is missing to a whole target, so that it and what is `reached` come to the target.

    Of 100 and 99.98 it is 0.1: what is just above a whole number is rounded up, for 0 would say that the
    target is reached.
    """
    if value is None:
        return "—"
    rounded = _rounded(value, places, ROUND_HALF_DOWN)
    if Fraction(rounded) == int(rounded) and Fraction(rounded) < Fraction(value):
        rounded = _rounded(value, places, ROUND_UP)
    return _written(rounded)


def _rounded(value: Fraction | float | int, places: int, how: str) -> Decimal:
    exact = Fraction(value)
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal(1).scaleb(-places), how)


def _written(rounded: Decimal) -> str:
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
