"""Results of tests and contests: which sessions have them, and what may be written."""

from __future__ import annotations

import enum
from fractions import Fraction

from tracker.rules.campaigns import Kind, ResultRule
from tracker.rules.cells import is_blank, parse_count
from tracker.rules.refusal import N_, Refused

MOST = N_("A result is at most %(most)s.")
NONE_WORDS = ("-", "—", "无")


class Change(enum.Enum):
    """What a field says that holds no number."""

    NOTHING = enum.auto()
    TAKE_OUT = enum.auto()


def results_of(kind: Kind, type_: str | None) -> ResultRule | None:
    """The rule of results for a session of this type, None if it has none."""
    rule = kind.results
    return rule if rule and (not rule.types or type_ in rule.types) else None


def read_points(text: str | None, rule: ResultRule) -> int | Change:
    """A result as typed. Blank changes nothing, '-' takes it out. Raises Refused for what is no result."""
    if is_blank(text):
        return Change.NOTHING
    if (text or "").strip() in NONE_WORDS:
        return Change.TAKE_OUT
    points = parse_count(text)
    if points > rule.most:
        raise Refused(MOST, most=rule.most)
    return points


def shown_mean(total: int, count: int, rule: ResultRule) -> int | None:
    """The mean in whole points, half up; None where so few took part that it would tell on them."""
    return int(Fraction(total, count) + Fraction(1, 2)) if count >= rule.shown_from else None
