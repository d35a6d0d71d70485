"""What each verified row adds to a question, and when: the one place that says how rows are counted."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    SQLColumnExpression,
    String,
    Subquery,
    case,
    cast,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from tracker.db import INT
from tracker.models import CoOrganiser, OwnerType, Participation, Record, Status, Story
from tracker.rules.campaigns import Kind, Measure, Scope
from tracker.rules.tallies import HEADS, PEOPLE_MEASURES, Question, StageStep, stage_steps, wanted_stages

Expression = SQLColumnExpression[Any]

COLUMNS: dict[str, InstrumentedAttribute[Any]] = {
    "type": Record.type,
    "category": Record.category,
    "source": Record.source,
    "community": Record.community,
    "place": Record.place,
    "title": Record.title,
    "owner_type": Record.owner_type,
}
ENTITIES: dict[Measure, InstrumentedAttribute[Any]] = {
    Measure.SUBJECTS: Record.subject,
    Measure.CATEGORIES: Record.category,
    Measure.COMMUNITIES: Record.community,
    Measure.STORIES: Story.key,
}
SUMS: dict[Measure, InstrumentedAttribute[Any]] = {
    Measure.MINUTES: Record.minutes,
    Measure.QUANTITY: Record.quantity,
    Measure.PEOPLE_SERVED: Record.people_served,
}


def filter_of(question: Question) -> list[ColumnElement[bool]]:
    """The question's filter on the columns of a record, but for the stage, which changes with the day."""
    found: list[ColumnElement[bool]] = []
    for key, values in question.where:
        if key != "stage":
            found.append(COLUMNS[key].in_(_values(key, values)))
    for key, values in question.where_not:
        if key != "stage":  # a row without a value is not among the excluded ones
            column = COLUMNS[key]
            found.append(column.is_(None) | column.not_in(_values(key, values)))
    if question.starts_on:
        found.append(Record.happened_on >= question.starts_on)
    return found


def _values(key: str, values: Sequence[str]) -> list[Any]:
    return [OwnerType(value) for value in values] if key == "owner_type" else list(values)


def contributions(
    question: Question,
    kind: Kind,
    kind_id: int,
    *,
    counted: bool = True,
    statuses: tuple[Status, ...] = (Status.VERIFIED,),
) -> Subquery:
    """What each row adds.

    counted: only rows that count (verified, not reversed); False takes every row, to learn which cells a
             row that no longer counts had touched.
    statuses: of the rows where only some are taken: what waits is counted as what counts is.
    Returns  a subquery with record_id, day, place_id (0 for the bureau), entity ('' where things are summed)
             and value (whole; minutes for time). A row may add on one day and take away on another.
    """
    steps = tuple(stage_steps(kind, wanted_stages(question, kind)))
    return _put_together(question, steps, kind_id, counted, statuses)


@functools.lru_cache(maxsize=1_024)  # an act asks for up to all questions of a campaign
def _put_together(
    question: Question,
    steps: tuple[StageStep, ...],
    kind_id: int,
    counted: bool,
    statuses: tuple[Status, ...],
) -> Subquery:
    parts: list[Select[Any]] = []
    for step in steps:
        for part in _parts(question, step, counted):
            part = part.where(Record.kind_id == kind_id, *filter_of(question))
            if step.stages is not None:
                part = part.where(Record.stage.in_(step.stages))
            if step.at_end:
                part = part.where(Record.ended_on.is_not(None))
            if counted:
                part = part.where(Record.status.in_(statuses))
            parts.append(part)
    if not parts:  # no stage of the kind can be in the wanted ones: nothing is ever counted
        empty = _row(literal(0, INT), literal(""), literal(0, INT), StageStep((), at_end=False, sign=1))
        parts.append(empty.where(literal(1) == literal(0)))
    statement: Select[Any] | CompoundSelect[Any] = parts[0] if len(parts) == 1 else union_all(*parts)
    return statement.subquery("contributions")


def _row(place: Expression, entity: Expression, value: Expression, step: StageStep) -> Select[Any]:
    return select(
        Record.id.label("record_id"),
        (Record.ended_on if step.at_end else Record.happened_on).label("day"),
        place.label("place_id"),
        cast(entity, String(200)).label("entity"),
        (value * step.sign).label("value"),
    ).where(place.is_not(None), value.is_not(None), entity.is_not(None))


def _parts(question: Question, step: StageStep, counted: bool) -> list[Select[Any]]:
    if question.over_people:
        people = _people(question, step)
        parts = [people.where(Participation.reversed_at.is_(None)) if counted else people]
        if question.measure in PEOPLE_MEASURES and question.scope is not Scope.MEMBER:
            parts.append(_heads(question, step))
        return parts
    return _records(question, step)


def _people(question: Question, step: StageStep) -> Select[Any]:
    """One row for each person in a record."""
    place: Expression = {
        Scope.MEMBER: Participation.member_id,
        Scope.GROUP: Participation.group_id,
        Scope.BRANCH: Participation.branch_id,
        Scope.SECTION: Participation.section_id,
        Scope.BUREAU: literal(0, INT),
    }[question.scope]
    entity: Expression = literal("")
    value: Expression = literal(1, INT)
    if question.measure is Measure.PERSONS:
        entity = Participation.member_id
    elif question.measure is Measure.BRANCHES:
        entity = Participation.branch_id
    elif question.measure in ENTITIES:
        entity = ENTITIES[question.measure]
    elif question.measure in (Measure.MINUTES, Measure.PERSON_MINUTES):
        value = Participation.minutes
    elif question.measure in SUMS:
        value = SUMS[question.measure]
    statement = _row(place, entity, value, step)
    return _with_stories(
        question, statement.join_from(Record, Participation, Participation.record_id == Record.id)
    )


def _with_stories(question: Question, statement: Select[Any]) -> Select[Any]:
    """One row for each story told in a record, where stories are counted."""
    if question.measure is not Measure.STORIES:
        return statement
    return statement.join_from(Record, Story, Story.record_id == Record.id)


def _heads(question: Question, step: StageStep) -> Select[Any]:
    """One row for each record that tells how many were there, but not who."""
    entity: Expression = literal("")
    value: Expression = Record.headcount
    if question.measure is Measure.PERSONS:
        entity = literal(HEADS) + cast(Record.id, String(20))
    elif question.measure is Measure.PERSON_MINUTES:
        value = Record.headcount * Record.minutes
    return _row(_record_place(question.scope), entity, value, step).where(Record.headcount.is_not(None))


def _record_place(scope: Scope) -> Expression:
    if scope is Scope.GROUP:
        return Record.group_id
    if scope is Scope.BRANCH:
        return Record.branch_id
    if scope is Scope.SECTION:  # a section's own records, not those of the members who work in it
        return case((Record.owner_type == OwnerType.SECTION, Record.section_id))
    return literal(0, INT)


def _records(question: Question, step: StageStep) -> list[Select[Any]]:
    """One row for each record; a joint session has one for each branch where branches are counted."""
    entity: Expression = ENTITIES.get(question.measure, literal(""))
    value: Expression = SUMS.get(question.measure, literal(1, INT))
    by_branch = question.measure is Measure.BRANCHES
    first = _row(_record_place(question.scope), Record.branch_id if by_branch else entity, value, step)
    first = _with_stories(question, first)
    if question.scope is not Scope.BRANCH and not by_branch:
        return [first]
    place = CoOrganiser.unit_id if question.scope is Scope.BRANCH else _record_place(question.scope)
    further = _row(place, CoOrganiser.unit_id if by_branch else entity, value, step)
    further = further.join_from(Record, CoOrganiser, CoOrganiser.record_id == Record.id)
    return [first, _with_stories(question, further)]


def cells(question: Question, kind: Kind, kind_id: int) -> Select[Any]:
    """The cells of a question, counted from the rows: place_id, entity, day, value; no cell is 0."""
    return _folded(contributions(question, kind, kind_id))


@functools.lru_cache(maxsize=512)
def _folded(rows: Subquery) -> Select[Any]:
    return (
        select(rows.c.place_id, rows.c.entity, rows.c.day, cast(func.sum(rows.c.value), INT).label("value"))
        .group_by(rows.c.place_id, rows.c.entity, rows.c.day)
        .having(func.sum(rows.c.value) != 0)
    )
