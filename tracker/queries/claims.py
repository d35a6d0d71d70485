"""What a draft is held against: every figure of a day, for the bureau and for each of its units."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from fractions import Fraction

from tracker.models import Campaign
from tracker.queries.boards import unit_value
from tracker.queries.figures import Standing, standing_on
from tracker.queries.quoted import quoted_of
from tracker.rules.campaigns import DISTINCT_MEASURES, ROSTER_MEASURES, Figure, Measure, Reduce, Scope
from tracker.rules.claims import Known, Ledger
from tracker.rules.figures import FigureValue


def claim_ledger(campaign: Campaign, day: dt.date) -> Ledger:
    """Every value that a number of a draft may be, as of `day`, quoted figures too. Nothing is kept."""
    standing = standing_on(campaign, day)
    known = [_bureau(value) for value in standing.values().values()]
    for figure in standing.spec.figures:
        if figure.measure not in ROSTER_MEASURES:
            known += _units(standing, figure, standing.value(figure).value)
    known += _by_category(standing)
    known += [
        Known(one.title, one.unit, one.value, one.value, quoted=one)
        for one in quoted_of(campaign, day).values()
    ]
    categories = {row.category for row in standing.roster.members} | {
        category for figure in standing.spec.figures for category in figure.over.category
    }
    return Ledger(
        standing.spec,
        day,
        tuple(one for one in known if one is not None),
        {unit.name: unit.name for unit in standing.roster.units if unit.level in ("branch", "section")},
        tuple(sorted(one for one in categories if one)),
    )


def _bureau(value: FigureValue) -> Known | None:
    figure = value.figure
    if value.date is not None:
        return Known(figure.title, figure.unit, Fraction(0), Fraction(0), figure, date=value.date)
    if value.value is None or value.low is None or value.high is None:
        return None
    return Known(figure.title, figure.unit, value.low, value.high, figure, of=value.n)


def _units(standing: Standing, figure: Figure, whole: Fraction | None) -> list[Known]:
    """The figure for each branch and section that it asks; of distinct things their mistaken sum too."""
    if figure.reduce is Reduce.FORECAST_DATE:
        return []
    kind = standing.spec.kind(figure.kind or "")
    levels = ["branch", "section"] if "section" in kind.owners else ["branch"]
    found: list[Known] = []
    added = Fraction(0)
    for unit in standing.roster.units:
        if unit.level not in levels:
            continue
        value = unit_value(standing, figure, unit.id, unit.level)
        if value is None:
            continue
        added += value
        found.append(Known(figure.title, figure.unit, value, value, figure, unit.name, unit.id))
    if (
        figure.measure in DISTINCT_MEASURES
        and figure.scope is Scope.BUREAU
        and figure.by is None
        and added != whole
    ):
        found.append(Known(figure.title, figure.unit, added, added, figure, is_added=True))
    return found


def _by_category(standing: Standing) -> list[Known]:
    """How many members and branches of each category the roster has, where no figure counts them."""
    counted = {
        (figure.measure, category)
        for figure in standing.spec.figures
        if figure.measure in ROSTER_MEASURES and len(figure.over.category) == 1
        for category in figure.over.category
    }
    members = Counter(row.category for row in standing.roster.members if row.category)
    return [
        Known(f"{category}党员", "名", Fraction(count), Fraction(count))
        for category, count in sorted(members.items())
        if (Measure.MEMBERS, category) not in counted
    ]
