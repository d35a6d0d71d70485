"""The row 合计: checked against the rows above it, never brought in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from tracker.rules.campaigns import Kind
from tracker.rules.cells import LARGEST_SUM, Raw, parse_count, plain, shown
from tracker.rules.durations import Unit, minutes_of, parse_minutes
from tracker.rules.ledger_columns import SPREAD
from tracker.rules.refusal import N_, Problem, Refused
from tracker.rules.sheets import COUNTED, Understood

_DECIMALS = re.compile(r"[0-9][0-9,]*(?:\.([0-9]+))?(?:小时|h|hours?)?")
_ROUNDING = Decimal("0.000001")  # of hours, where a sum of floats is not quite what it should be
_DISAGREES = N_("The total says %(given)s, but the rows come to %(sum)s.")


@dataclass(frozen=True, slots=True)
class Measured:
    """In what a column is written. size: minutes of one of the unit; class_hour: of a 学时, if known."""

    unit: Unit
    size: int
    class_hour: int | None


def check_totals(understood: Understood, kind: Kind) -> tuple[int, list[Problem]]:
    """How many rows of totals were checked, and where they disagree beyond their own printed digits.

    A total may cover all rows above it, or those since the last total (小计). A column in which a cell cannot
    be read has no sum; the cell itself is a problem already.
    """
    problems: list[Problem] = []
    for name in understood.columns:
        if name.partition(SPREAD)[0] in COUNTED and any(name in values for _, values in understood.totals):
            unit = understood.units.get(name) or kind.minutes_in
            try:
                measured = Measured(unit, minutes_of(unit, kind.class_hour), kind.class_hour)
                problems += _check_column(understood, name, measured)
            except Refused:
                continue
    return len(understood.totals), problems


def _check_column(understood: Understood, name: str, unit: Measured) -> list[Problem]:
    is_time = name == "minutes"
    amounts = [
        (row, *_amounts(cells[name], is_time, unit))
        for row, cells in understood.rows
        if cells[name] is not None
    ]
    problems, last = [], 0
    for row, values in understood.totals:
        if name not in values:
            continue
        above = [amount for amount in amounts if amount[0] < row] or amounts  # a total may stand on top
        since = [amount for amount in above if amount[0] > last]
        last = row
        fault = _disagreement(values, name, is_time, unit, [above, since])
        if fault:
            problems.append(understood.problem(row, name, fault[0], **fault[1]))
    return problems


def _amounts(raw: Raw, is_time: bool, unit: Measured) -> tuple[Decimal, Decimal]:
    """A cell as it is stored and as it was written: minutes, or a count twice. Raises Refused."""
    if not is_time:
        count = Decimal(parse_count(raw))
        return count, count
    minutes = Decimal(parse_minutes(raw, unit.unit, unit.class_hour))
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return minutes, Decimal(repr(raw)) * unit.size
    return minutes, minutes


def _disagreement(
    values: Mapping[str, Raw],
    name: str,
    is_time: bool,
    unit: Measured,
    candidates: list[list[tuple[int, Decimal, Decimal]]],
) -> tuple[str, dict[str, object]] | None:
    raw = values[name]
    try:
        given, tolerance = _given(raw, is_time, unit)
    except Refused as refusal:
        return refusal.msgid, refusal.params
    sums = [sum((a[which] for a in rows), Decimal()) for rows in candidates for which in (1, 2)]
    if any(abs(total - given) <= tolerance for total in sums):
        return None
    expected = sums[0] / unit.size if is_time else sums[0]
    return _DISAGREES, {
        "given": shown(raw),
        "sum": format(Decimal(expected).quantize(Decimal("0.0001")).normalize(), "f"),
    }


def _given(raw: Raw, is_time: bool, unit: Measured) -> tuple[Decimal, Decimal]:
    """The total and how far the sum may be from it: half of its last printed digit."""
    if not is_time:
        return Decimal(parse_count(raw, LARGEST_SUM)), Decimal()
    size = Decimal(unit.size)
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        number = Decimal(repr(raw))
        exponent = number.normalize().as_tuple().exponent
        digits = max(-exponent, 0) if isinstance(exponent, int) else 0
        return number * size, max(Decimal(5).scaleb(-digits - 1), _ROUNDING) * size
    minutes = Decimal(parse_minutes(raw, unit.unit, unit.class_hour))
    match = _DECIMALS.fullmatch(plain(raw))
    if match is None:
        return minutes, Decimal("0.5")
    printed = unit.size if plain(raw)[-1:].isdigit() else 60
    half = Decimal(5).scaleb(-len(match[1] or "") - 1)
    return minutes, half * printed + Decimal("0.5")
