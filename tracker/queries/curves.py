"""A goal's figure day by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import func, select

from tracker.db import db
from tracker.models import Tally, TallyCell
from tracker.queries.figures import Standing
from tracker.rules.campaigns import Figure, Goal, Reduce, Scope
from tracker.rules.figures import fold_value, places_of, reduced
from tracker.rules.tallies import question_of


@dataclass(frozen=True, slots=True)
class Point:
    """A day of a curve: main value, and the mean where the main one is a minimum."""

    day: dt.date
    value: Fraction
    mean: Fraction | None = None


def curve_of(goal: Goal, standing: Standing) -> list[Point]:
    """The goal's figure on each day from its start to the standing's day. One statement.

    Members and groups are those of the standing's day, as everywhere on the page, so that the curve's end is
    the figure on the card.
    """
    figure = standing.spec.figure(goal.figure)
    question = question_of(figure) if figure else None
    if figure is None or question is None:
        return []
    places = places_of(figure.scope, figure.over, standing.roster)
    if not places:
        return []
    rows = db.session.execute(
        select(TallyCell.day, TallyCell.place_id, TallyCell.entity, func.sum(TallyCell.value))
        .join(Tally, Tally.id == TallyCell.tally_id)
        .where(Tally.campaign_id == standing.campaign.id, Tally.code == question.code)
        .where(TallyCell.day <= standing.day)
        .group_by(TallyCell.day, TallyCell.place_id, TallyCell.entity)
        .order_by(TallyCell.day)
    )
    by_day: dict[dt.date, list[tuple[int, str, int]]] = {}
    for day, place, entity, value in rows:
        by_day.setdefault(max(day, goal.starts_on), []).append((place, entity, int(value)))
    fold: dict[int, dict[str, int]] = {place: {} for place in places}
    amounts = dict.fromkeys(places, Fraction(0))
    points: list[Point] = []
    day = goal.starts_on
    while day <= standing.day:
        for place, entity, value in by_day.get(day, ()):
            if place in fold:
                fold[place][entity] = fold[place].get(entity, 0) + value
        touched = {place for place, _, _ in by_day.get(day, ()) if place in fold}
        for place in touched:
            low, _ = fold_value(figure.measure, question.is_distinct, fold[place])
            amounts[place] = Fraction(low, figure.divide_by)
        points.append(_point(day, figure, amounts.values()))
        day += dt.timedelta(days=1)
    return points


def _point(day: dt.date, figure: Figure, amounts: Iterable[Fraction]) -> Point:
    values = list(amounts)
    mean = None
    if figure.scope is not Scope.BUREAU and figure.reduce is not Reduce.MEAN:
        mean = sum(values, Fraction(0)) / len(values)
    return Point(day, reduced(figure.reduce, values, figure.target), mean)
