"""How a bulletin prints a figure: with 以上, 超, 余 or 近 only where the value bears it out."""

from __future__ import annotations

import datetime as dt
import enum
import math
from dataclasses import dataclass
from fractions import Fraction

from tracker.rules.campaigns import Figure, Reduce
from tracker.rules.figures import FigureValue
from tracker.rules.numbers import number, reached
from tracker.rules.refusal import N_
from tracker.rules.wording import Sentence

NEAR = Fraction(1, 5)  # of a step: nearer than this is 近


class Hedge(enum.StrEnum):
    """A word beside a round number. All that it claims is checked against the value."""

    AT_LEAST = "以上"  # everybody has N, or more
    ABOVE = "超"  # more than N
    AND_SOME = "余"  # between N and the next round number
    NEAR = "近"  # just below N
    EVERYBODY = "全覆盖"  # all of the eligible


STEPS: dict[Hedge, int] = {Hedge.AT_LEAST: 1, Hedge.ABOVE: 10, Hedge.AND_SOME: 10, Hedge.NEAR: 10}

NO_VALUE = N_("“%(title)s” has no value on this day: there is nobody it could be counted over.")
NO_FORECAST = N_("“%(title)s” cannot be foretold on this day.")
NOTHING_AHEAD = N_("“%(title)s”: all have come so far, so nothing is foretold any more.")
NOT_EVERYBODY = N_("“%(title)s” is %(value)s and not everybody (%(of)s).")


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure as it is printed. text, exact: with the unit. hedge: the one that stands in `text`, or ''.

    why: says why there is nothing to print; then the texts are empty.
    """

    text: str
    exact: str
    hedge: str = ""
    why: Sentence | None = None


def hedges_for(figure: Figure) -> tuple[Hedge, ...]:
    """The hedges that can ever be true of a figure: a mean is not what each one has, a day is not 余."""
    match figure.reduce:
        case Reduce.FORECAST_DATE:
            return ()
        case Reduce.COUNT_REACHED:
            return (Hedge.AT_LEAST, Hedge.ABOVE, Hedge.AND_SOME, Hedge.NEAR, Hedge.EVERYBODY)
        case Reduce.SHARE_REACHED:
            return (Hedge.EVERYBODY,)
        case Reduce.MEAN | Reduce.MAX:
            return (Hedge.ABOVE, Hedge.NEAR)
        case _:
            return (Hedge.AT_LEAST, Hedge.ABOVE, Hedge.AND_SOME, Hedge.NEAR)


def printed(value: FigureValue, day: dt.date, hedge: Hedge | None = None, step: int | None = None) -> Printed:
    """How a bulletin prints `value` as of `day`.

    hedge: wanted beside a round number; where the value does not bear it out, the value itself is printed.
           全覆盖 alone has no such way out: without everybody there is nothing to print.
    step:  how round the number is, 10 for 480余; by default 1 for 以上 and 10 for the others.
    Source: design of the campaign's counting, mission § 3 nos. 2, 6, 9 and 12.
    """
    figure = value.figure
    if figure.reduce is Reduce.FORECAST_DATE:
        return _day(value, day)
    if value.value is None:
        return Printed("", "", why=Sentence(NO_VALUE, {"title": figure.title}))
    exact = exact_text(value)
    if hedge is Hedge.EVERYBODY:
        return _everybody(value, exact)
    if hedge is None or value.is_interval or hedge not in hedges_for(figure):
        return Printed(exact, exact)
    text = round_text(value.value, figure.unit, hedge, step or STEPS[hedge])
    return Printed(text, exact, str(hedge)) if text else Printed(exact, exact)


def exact_text(value: FigureValue) -> str:
    """A value without a hedge: 73小时, 85至164名; at most one decimal, and never rounded up to a target."""
    figure = value.figure
    say = number if figure.reduce is Reduce.MEAN else reached
    if value.is_interval:
        return f"{say(value.low)}至{say(value.high)}{figure.unit}"
    return f"{say(value.value)}{figure.unit}"


def round_text(value: Fraction, unit: str, hedge: Hedge, step: int) -> str | None:
    """A round number with its hedge, or None where `value` does not bear it out. step is above 0."""
    below = math.floor(value / step) * step
    match hedge:
        case Hedge.AT_LEAST if below > 0:
            return f"{below}{unit}以上"
        case Hedge.ABOVE if 0 < below < value:
            return f"超{below}{unit}"
        case Hedge.AND_SOME if 0 < below < value:
            return f"{below}余{unit}"
        case Hedge.NEAR if 0 < below + step - value <= step * NEAR:
            return f"近{below + step}{unit}"
    return None


def _everybody(value: FigureValue, exact: str) -> Printed:
    share = value.figure.reduce is Reduce.SHARE_REACHED
    whole = 100 if share else value.n
    if value.value == whole and value.n > 0:
        return Printed(str(Hedge.EVERYBODY), exact, str(Hedge.EVERYBODY))
    of = f"{whole}{value.figure.unit}"
    why = Sentence(NOT_EVERYBODY, {"title": value.figure.title, "value": exact, "of": of})
    return Printed("", exact, why=why)


def _day(value: FigureValue, day: dt.date) -> Printed:
    if value.date is None or value.is_reached:
        words = NOTHING_AHEAD if value.is_reached else NO_FORECAST
        return Printed("", "", why=Sentence(words, {"title": value.figure.title}))
    text = day_text(value.date, day)
    return Printed(text, day_text(value.date))


def day_text(value: dt.date, seen_on: dt.date | None = None) -> str:
    """A day as a bulletin writes it: 7月26日; with its year where that is not the year of `seen_on`."""
    short = f"{value.month}月{value.day}日"
    return short if seen_on is not None and value.year == seen_on.year else f"{value.year}年{short}"
