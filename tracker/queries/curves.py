"""A goal's figure day by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import select

from tracker.db import db
from tracker.models import Tally, TallyCell
from tracker.queries.figures import Standing
from tracker.queries.rosters import roster_changes, rosters_on
from tracker.queries.worked_out import WORKED_OUT
from tracker.rules.campaigns import Figure, Goal, Reduce, Scope
from tracker.rules.figures import fold_value, places_of, reduced
from tracker.rules.tallies import Question, question_of


@dataclass(frozen=True, slots=True)
class Point:
    """A day of a curve: main value, and the mean where the main one is a minimum."""

    day: dt.date
    value: Fraction
    mean: Fraction | None = None


def curve_of(goal: Goal, standing: Standing) -> list[Point]:
    """The goal's figure on each day from its start to the standing's day, each over those who were there on
    that day: so any point is what the figure says as of its day. Two statements; five where people came or
    went meanwhile.

    A day on which nobody was there is 0. Where no cell of the question, nor the roster, changed since this
    process worked it out, it is as it was.
    """
    figure = standing.figure_of(goal)
    question = question_of(figure)
    if question is None:
        return []
    over = _places_by_day(goal.starts_on, figure, standing)
    if not any(over.values()):
        return []
    version = standing.versions.get(question.code)
    if version is None:
        return _walked(goal, figure, question, standing, over)
    of, basis = ("curve", goal.code, standing.day), (goal, figure, over)
    points: list[Point] | None = WORKED_OUT.recall(version, of, basis)
    if points is None:
        points = _walked(goal, figure, question, standing, over)
        WORKED_OUT.keep(version, of, points, sum(map(len, over.values())) + len(points), basis)
    return list(points)


def _walked(
    goal: Goal, figure: Figure, question: Question, standing: Standing, over: Mapping[dt.date, list[int]]
) -> list[Point]:
    """The curve from its cells. over: see `_places_by_day`. question: that of the figure."""
    rows = db.session.execute(
        select(TallyCell.day, TallyCell.place_id, TallyCell.entity, TallyCell.value)
        .join(Tally, Tally.id == TallyCell.tally_id)
        .where(Tally.campaign_id == standing.campaign.id, Tally.code == question.code)
        .where(TallyCell.day <= standing.day)
        .order_by(TallyCell.day)
    )
    by_day: dict[dt.date, list[Any]] = {}
    for day, cells in groupby(rows, itemgetter(0)):
        by_day.setdefault(max(day, goal.starts_on), []).extend(cells)
    ever, is_distinct = {place for places in over.values() for place in places}, question.is_distinct
    fold: dict[int, dict[str, int]] = {place: {} for place in ever}
    amounts = dict.fromkeys(ever, 0)  # in the measure's own unit: whole numbers are quick to compare
    places = over[goal.starts_on]
    points: list[Point] = []
    day = goal.starts_on
    while day <= standing.day:
        touched = set()
        for _, place, entity, value in by_day.get(day, ()):
            if place not in amounts:
                continue
            touched.add(place)
            if is_distinct:
                fold[place][entity] = fold[place].get(entity, 0) + value
            else:
                amounts[place] += value
        for place in touched if is_distinct else ():
            amounts[place] = fold_value(figure.measure, True, fold[place])[0]
        is_other = day in over
        places = over.get(day, places)
        if touched or is_other:
            points.append(_point(day, figure, [amounts[place] for place in places]))
        else:
            points.append(replace(points[-1], day=day))
        day += dt.timedelta(days=1)
    return points


def _places_by_day(first: dt.date, figure: Figure, standing: Standing) -> dict[dt.date, list[int]]:
    """Over whom the figure is taken: from the first day on, and from each day on which the roster changes."""
    own = places_of(figure.scope, figure.over, standing.roster)
    if figure.scope is Scope.BUREAU:
        return {first: own}
    changes = roster_changes(first, standing.day)
    if not changes:
        return {first: own}
    rosters = rosters_on([first, *changes])
    return {day: places_of(figure.scope, figure.over, roster) for day, roster in rosters.items()}


def _point(day: dt.date, figure: Figure, amounts: Iterable[int]) -> Point:
    values = list(amounts)
    if not values:
        return Point(day, Fraction(0))
    target = figure.target * figure.divide_by if figure.target else None
    value, mean = reduced(figure.reduce, values, target), None
    if figure.reduce not in (Reduce.COUNT_REACHED, Reduce.SHARE_REACHED):
        value /= figure.divide_by
    if figure.scope is not Scope.BUREAU and figure.reduce is not Reduce.MEAN:
        mean = Fraction(sum(values), len(values) * figure.divide_by)
    return Point(day, value, mean)
