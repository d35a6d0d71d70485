"""What one record adds to which figure, and so to which goal."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import Integer, Select, cast, func, literal, select, union_all

from tracker.db import db
from tracker.models import Campaign, Record, Status
from tracker.queries.campaigns import spec_of
from tracker.queries.contributions import contributions
from tracker.rules.campaign_counts import REDUCE_WITH_TARGET
from tracker.rules.campaigns import Figure, Goal
from tracker.rules.feeds import figures_of
from tracker.rules.figures import FigureValue, fold_value
from tracker.rules.own_figures import is_own
from tracker.rules.tallies import Question, question_of

COUNTED = (Status.VERIFIED, Status.SUBMITTED, Status.RETURNED)  # what counts, or would


@dataclass(frozen=True, slots=True)
class Taken:
    """What one figure takes of a record, in its own unit. goals: those that show the figure; may be none."""

    goals: tuple[Goal, ...]
    value: FigureValue


def taken_of(campaign: Campaign, record: Record, day: dt.date) -> list[Taken]:
    """Every figure that takes the record as of `day`, in the order of the goals; of one that still waits,
    what they would take. Figures that count who has reached a target are left out: no record adds to them;
    those of the office's own are not for everybody who sees the record.

    One statement.
    """
    if record.status not in COUNTED:
        return []
    spec = spec_of(campaign)
    kind = spec.kind(record.kind.code)
    asking = {
        figure.id: (figure, question)
        for figure in spec.figures
        if figure.kind == kind.code
        and not is_own(figure)
        and figure.reduce not in REDUCE_WITH_TARGET
        and (question := question_of(figure)) is not None
    }
    sums = _sums(record, {question.code: question for _, question in asking.values()}, campaign, day)
    goals: dict[str, list[Goal]] = {}
    for goal in spec.goals:
        for figure in figures_of(goal, spec):
            goals.setdefault(figure.id, []).append(goal)
    in_order = [*goals, *(id_ for id_ in asking if id_ not in goals)]
    found = []
    for id_ in in_order:
        if id_ in asking and (value := _value(*asking[id_], sums)) is not None:
            found.append(Taken(tuple(goals.get(id_, ())), value))
    return found


def _sums(
    record: Record, questions: dict[str, Question], campaign: Campaign, day: dt.date
) -> dict[str, dict[int, dict[str, int]]]:
    """code of the question → place → entity → what the record adds up to `day`."""
    kind = spec_of(campaign).kind(record.kind.code)
    parts: list[Select[Any]] = []
    for code, question in questions.items():
        rows = contributions(question, kind, record.kind_id, statuses=(record.status,))
        parts.append(
            select(literal(code), rows.c.place_id, rows.c.entity, cast(func.sum(rows.c.value), Integer))
            .where(rows.c.record_id == record.id, rows.c.day <= day)
            .group_by(rows.c.place_id, rows.c.entity)
        )
    found: dict[str, dict[int, dict[str, int]]] = {}
    if parts:
        for code, place, entity, value in db.session.execute(union_all(*parts)):
            found.setdefault(code, {}).setdefault(place, {})[entity] = int(value)
    return found


def _value(
    figure: Figure, question: Question, sums: dict[str, dict[int, dict[str, int]]]
) -> FigureValue | None:
    """What the figure takes, over all its places; None if nothing."""
    bounds = [
        fold_value(figure.measure, question.is_distinct, entities)
        for entities in sums.get(question.code, {}).values()
    ]
    low = Fraction(sum(pair[0] for pair in bounds), figure.divide_by)
    high = Fraction(sum(pair[1] for pair in bounds), figure.divide_by)
    return FigureValue(figure, low, low, high) if high else None
