"""Which questions the ledger is folded by: each figure asks one, and many figures ask the same."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tracker.rules.campaigns import (
    DISTINCT_MEASURES,
    ROSTER_MEASURES,
    CampaignSpec,
    Figure,
    Kind,
    Measure,
    Scope,
)

PEOPLE_MEASURES = (Measure.PARTICIPATIONS, Measure.PERSONS, Measure.PERSON_MINUTES)
HEADS = "h:"  # prefix of the entity of a headcount without names


@dataclass(frozen=True, slots=True)
class Question:
    """Kind + filter, measure and scope: what a tally holds."""

    kind: str
    where: tuple[tuple[str, tuple[str, ...]], ...]
    where_not: tuple[tuple[str, tuple[str, ...]], ...]
    measure: Measure
    scope: Scope
    starts_on: dt.date | None = None

    @property
    def is_distinct(self) -> bool:
        return self.measure in DISTINCT_MEASURES

    @property
    def over_people(self) -> bool:
        """Whether it reads participations and not only records."""
        return self.scope is Scope.MEMBER or self.measure in PEOPLE_MEASURES

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "where": {key: list(values) for key, values in self.where},
            "where_not": {key: list(values) for key, values in self.where_not},
            "measure": str(self.measure),
            "scope": str(self.scope),
            "starts_on": self.starts_on.isoformat() if self.starts_on else None,
        }

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Question:
        """The question that `as_json` wrote."""
        return cls(
            kind=said["kind"],
            where=tuple((key, tuple(values)) for key, values in said["where"].items()),
            where_not=tuple((key, tuple(values)) for key, values in said["where_not"].items()),
            measure=Measure(said["measure"]),
            scope=Scope(said["scope"]),
            starts_on=dt.date.fromisoformat(said["starts_on"]) if said["starts_on"] else None,
        )

    @property
    def code(self) -> str:
        """A digest that is the same for the same question."""
        text = json.dumps(self.as_json(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def question_of(figure: Figure, scope: Scope | None = None) -> Question | None:
    """The question that `figure` asks, or would ask at another scope; None over the roster."""
    if figure.kind is None or figure.measure in ROSTER_MEASURES:
        return None
    return Question(
        kind=figure.kind,
        where=tuple((key, tuple(values)) for key, values in figure.where.as_json().items()),
        where_not=tuple((key, tuple(values)) for key, values in figure.where_not.as_json().items()),
        measure=figure.measure,
        scope=scope or figure.scope,
        starts_on=figure.starts_on,
    )


def scopes_kept(figure: Figure, kind: Kind) -> tuple[Scope, ...]:
    """Where a figure's question is folded: at its scope; for the bureau's, by branch and section too."""
    if figure.scope is not Scope.BUREAU:
        return (figure.scope,)
    if "section" in kind.owners:
        return (Scope.BUREAU, Scope.BRANCH, Scope.SECTION)
    return (Scope.BUREAU, Scope.BRANCH)


def questions_of(spec: CampaignSpec) -> list[Question]:
    """Every question of a campaign, each once, in the order of its figures."""
    found: dict[str, Question] = {}
    for figure in spec.figures:
        if figure.kind is None or figure.measure in ROSTER_MEASURES:
            continue
        for scope in scopes_kept(figure, spec.kind(figure.kind)):
            question = question_of(figure, scope)
            if question:
                found.setdefault(question.code, question)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class StageStep:
    """One way in which records enter or leave a set of stages.

    stages: the stages that records now have; None for any.
    at_end: the day is ended_on and not happened_on.
    sign:   1 enters, -1 leaves.
    """

    stages: tuple[str, ...] | None
    at_end: bool
    sign: int


def stage_steps(kind: Kind, wanted: tuple[str, ...] | None) -> list[StageStep]:
    """How records come into the `wanted` stages and go out again, day by day.

    wanted: names of stages; None if the figure does not ask for one.
    A stage with `before` begins on the record's ended_on; until then the record counts as `before`. So the
    sum of all steps up to a day is what stood in the wanted stages on that day.
    """
    if wanted is None:
        return [StageStep(None, at_end=False, sign=1)]
    enter, leave, arrive = [], [], []
    for stage in kind.stages:
        now, earlier = stage.name in wanted, (stage.before or stage.name) in wanted
        if earlier:
            enter.append(stage.name)
        if stage.before and earlier and not now:
            leave.append(stage.name)
        if stage.before and now and not earlier:
            arrive.append(stage.name)
    steps = [
        StageStep(tuple(enter), at_end=False, sign=1),
        StageStep(tuple(leave), at_end=True, sign=-1),
        StageStep(tuple(arrive), at_end=True, sign=1),
    ]
    return [step for step in steps if step.stages]


def wanted_stages(question: Question, kind: Kind) -> tuple[str, ...] | None:
    """The stages that a question asks for, None if it takes any."""
    where, where_not = dict(question.where), dict(question.where_not)
    if "stage" not in where and "stage" not in where_not:
        return None
    named = where.get("stage", tuple(stage.name for stage in kind.stages))
    return tuple(name for name in named if name not in where_not.get("stage", ()))
