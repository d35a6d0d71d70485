"""One section: its own records by kind and stage, its part of the goals, what waits and what is open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.models import Campaign, OwnerType, Record, Status, Unit
from tracker.queries.boards import unit_value
from tracker.queries.campaigns import spec_of
from tracker.queries.figures import inside, standing_near
from tracker.rules.campaigns import Goal, Kind, Scope
from tracker.rules.goals import GoalStanding, stand

OWNER = str(OwnerType.SECTION)
LISTED = 10


@dataclass(frozen=True, slots=True)
class SectionKind:
    """The section's records of one kind, by stage. The stages are never added together.

    stages:  name → verified records in it on the day, in the order of the campaign; '' for a kind without.
    waiting: name → records that wait to be verified, as they were entered.
    """

    kind: Kind
    stages: Mapping[str, int]
    waiting: Mapping[str, int]

    @property
    def is_empty(self) -> bool:
        return not any(self.stages.values()) and not any(self.waiting.values())


@dataclass(frozen=True, slots=True)
class SectionGoal:
    """One goal of the bureau to which sections add: `value` is this section's part of it."""

    goal: Goal
    position: int
    standing: GoalStanding
    value: Fraction


@dataclass(frozen=True, slots=True)
class OpenRecord:
    """A verified record that has not come to its end: where it stands, and for how many days."""

    record: Record
    stage: str
    days: int


@dataclass(frozen=True, slots=True)
class SectionBoard:
    """One section on one day. open_count: how many are open, beyond the first that are listed."""

    kinds: tuple[SectionKind, ...]
    goals: tuple[SectionGoal, ...]
    pending: tuple[Record, ...]
    open: tuple[OpenRecord, ...]
    open_count: int


def stage_on(kind: Kind, stage: str | None, ended_on: dt.date | None, day: dt.date) -> str:
    """The stage of a record on `day`: one that begins at the end day is its `before` until then."""
    known = kind.stage(stage)
    if known is not None and known.before and (ended_on is None or ended_on > day):
        return known.before
    return stage or ""


def _own(campaign: Campaign, unit: Unit) -> list[ColumnElement[bool]]:
    return [
        Record.campaign_id == campaign.id,
        Record.owner_type == OwnerType.SECTION,
        Record.section_id == unit.id,
    ]


def section_board(campaign: Campaign, unit: Unit, day: dt.date) -> SectionBoard:
    """What a section has in the ledger as of `day`, and what is on its way."""
    kinds = [kind for kind in spec_of(campaign).kinds if OWNER in kind.owners]
    open_records = _open(campaign, unit, kinds, day)
    return SectionBoard(
        tuple(_by_stage(campaign, unit, kinds, day)),
        tuple(_goals(campaign, unit, day)),
        tuple(_pending(campaign, unit)),
        tuple(open_records[:LISTED]),
        len(open_records),
    )


def _by_stage(campaign: Campaign, unit: Unit, kinds: list[Kind], day: dt.date) -> list[SectionKind]:
    codes = {kind.id: kind.code for kind in campaign.kinds}
    rows = db.session.execute(
        select(Record.kind_id, Record.stage, Record.ended_on, Record.status, func.count())
        .where(
            *_own(campaign, unit),
            Record.status.in_((Status.VERIFIED, Status.SUBMITTED)),
            Record.happened_on <= day,
        )
        .group_by(Record.kind_id, Record.stage, Record.ended_on, Record.status)
    ).all()
    found = []
    for kind in kinds:
        names = [stage.name for stage in kind.stages] or [""]
        counts = {status: dict.fromkeys(names, 0) for status in (Status.VERIFIED, Status.SUBMITTED)}
        for kind_id, stage, ended_on, status, count in rows:
            if codes[kind_id] == kind.code:
                name = stage_on(kind, stage, ended_on, day)
                counts[status][name] = counts[status].get(name, 0) + int(count)
        found.append(SectionKind(kind, counts[Status.VERIFIED], counts[Status.SUBMITTED]))
    return found


def _goals(campaign: Campaign, unit: Unit, day: dt.date) -> list[SectionGoal]:
    standing = standing_near(campaign, day, inside(unit.id))
    found = []
    for position, goal in enumerate(standing.spec.goals, 1):
        figure = standing.figure_of(goal)
        if figure.kind is None or figure.scope is not Scope.BUREAU:
            continue
        kind = standing.spec.kind(figure.kind)
        value = unit_value(standing, figure, unit.id, "section") if OWNER in kind.owners else None
        if value is not None:
            whole = stand(goal, standing.value(figure), kind, day)
            found.append(SectionGoal(goal, position, whole, value))
    return found


def _pending(campaign: Campaign, unit: Unit) -> list[Record]:
    """What waits or was returned, oldest first."""
    return list(
        db.session.scalars(
            select(Record)
            .where(*_own(campaign, unit), Record.status.in_((Status.SUBMITTED, Status.RETURNED)))
            .order_by(Record.entered_at, Record.id)
            .limit(LISTED)
            .options(joinedload(Record.kind))
        )
    )


def _open(campaign: Campaign, unit: Unit, kinds: list[Kind], day: dt.date) -> list[OpenRecord]:
    """Verified records of kinds that come to an end, and have not by `day`; the oldest first."""
    ending = {kind.code: kind for kind in kinds if any(stage.before for stage in kind.stages)}
    kind_ids = [kind.id for kind in campaign.kinds if kind.code in ending]
    rows = db.session.scalars(
        select(Record)
        .where(
            *_own(campaign, unit),
            Record.kind_id.in_(kind_ids),
            Record.status == Status.VERIFIED,
            Record.happened_on <= day,
        )
        .order_by(Record.happened_on, Record.id)
        .options(joinedload(Record.kind))
    )
    found = []
    for record in rows:
        kind = ending[record.kind.code]
        name = stage_on(kind, record.stage, record.ended_on, day)
        known = kind.stage(name)
        if known is None or not known.before:
            found.append(OpenRecord(record, name, (day - record.happened_on).days))
    return found
