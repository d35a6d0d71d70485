"""Whether a claim holds against a value, hedge and rounding included."""

from __future__ import annotations

from fractions import Fraction

from tracker.rules.claim_texts import Claim
from tracker.rules.claims import Known


def holds(claim: Claim, known: Known, scale: Fraction = Fraction(1), target: int | None = None) -> bool:
    """Whether what the draft says is true of the value.

    scale:  how many of the value's units one of the claim's is.
    target: of the goal; what lies below it is never rounded up to it.
    An interval bears only what holds for each of its values; a number inside it is not borne out.
    """
    return all(holds_for(claim, value / scale, target) for value in {known.low, known.high})


def holds_for(claim: Claim, value: Fraction, target: int | None) -> bool:
    """The same of one value, in the claim's unit."""
    low, high, step = claim.numeral.low, claim.numeral.high, claim.numeral.step
    if claim.numeral.is_vague:
        return low <= value <= high or (claim.hedge in ("over", "at_least") and value >= low)
    match claim.hedge:
        case "at_least":
            return value >= low
        case "over":
            return value > low
        case "more":
            return low < value < low + max(step, Fraction(10) if low >= 10 else Fraction(1))
        case "below":
            return low * Fraction(8, 10) <= value < low
        case "at_most":
            return value <= low
        case "about":
            return abs(value - low) <= max(step / 2, low / 20)
        case _:
            return is_rounded(value, low, step, target)


def is_rounded(value: Fraction, printed: Fraction, step: Fraction, target: int | None = None) -> bool:
    """Whether `printed` is the value, cut or rounded half-up to its printed digits. Whole numbers are exact
    below ten thousand: 480 is not 483."""
    if value == printed:
        return True
    if value.denominator == 1 and (printed.denominator > 1 or step < 1000):
        return False
    step = min(step, Fraction(1)) if step < 1000 else step
    cut = value // step * step
    up = (value / step + Fraction(1, 2)) // 1 * step
    if target is not None and up == target > value:
        up = cut
    return printed in (cut, up)


def is_near(claim: Claim, known: Known, scale: Fraction = Fraction(1)) -> bool:
    """Whether the claim points at this very value, and does not merely hold for it: 10小时以上 of 80
    holds, but 80 is not what was meant."""
    low, high, step = claim.numeral.low, claim.numeral.high, claim.numeral.step
    room = max(step, Fraction(10) if low >= 10 else Fraction(1))
    for value in {known.low / scale, known.high / scale}:
        if not holds_for(claim, value, None):
            return False
        if (
            not claim.numeral.is_vague
            and claim.hedge in ("at_least", "over", "at_most")
            and abs(value - low) > room
        ):
            return False
    return not claim.numeral.is_vague or high - low <= 10
