"""One party group: its goals, and what was entered there. Nobody is named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from tracker.db import db
from tracker.models import Campaign, Kind, OwnerType, Participation, Record, Status, Unit, User
from tracker.queries.access import records_within, sees_bureau
from tracker.queries.boards import unit_amounts
from tracker.queries.figures import Standing, inside, standing_near
from tracker.queries.statements import Reporting
from tracker.rules.campaigns import Goal, Scope
from tracker.rules.figures import FigureValue, UnitRow, reduce_value
from tracker.rules.goals import GoalStanding, stand
from tracker.rules.statements import NOTHING_DUE, Told

LISTED = (Status.SUBMITTED, Status.RETURNED, Status.VERIFIED)
LATEST = 10


@dataclass(frozen=True, slots=True)
class GroupGoal:
    """One goal in one party group: the smallest and the mean over its members, or the group's own value.

    reached: how many of `of` members have reached it; None for the group's own.
    told: what the due months of the group's branch come to.
    """

    goal: Goal
    position: int
    standing: GoalStanding
    mean: Fraction | None = None
    reached: int | None = None
    of: int = 0
    told: Told = NOTHING_DUE

    @property
    def is_silent(self) -> bool:
        """Whether its zero is none: the branch has said nothing of some due month."""
        return bool(self.told.silent) and not self.standing.value


@dataclass(frozen=True, slots=True)
class Group:
    """One party group of a branch."""

    unit: UnitRow
    members: int
    goals: tuple[GroupGoal, ...]


@dataclass(frozen=True, slots=True)
class KindLine:
    """How many records of one kind a unit has, by state."""

    kind: Kind
    counts: Mapping[Status, int]


def group_board(campaign: Campaign, unit: Unit, day: dt.date, reporting: Reporting) -> Group:
    """The goals of one party group as of `day`. reporting: at least that of its branch."""
    row = UnitRow(unit.id, str(unit.level), unit.name, unit.parent_id)
    return group_of(standing_near(campaign, day, inside(unit.id)), row, reporting)


def group_of(standing: Standing, unit: UnitRow, reporting: Reporting) -> Group:
    """One party group on the day of `standing`; goals that ask nobody in it are left out."""
    found = []
    for position, goal in enumerate(standing.spec.goals, 1):
        figure = standing.figure_of(goal)
        if figure.kind is None or figure.scope not in (Scope.MEMBER, Scope.GROUP):
            continue
        amounts = unit_amounts(standing, figure, unit.id, "group")
        if not amounts:
            continue
        value: FigureValue = reduce_value(figure, standing.spec, amounts, standing.day)
        own = stand(goal, value, standing.spec.kind(figure.kind), standing.day)
        told = reporting.told(figure.kind, unit.parent_id or 0, goal.starts_on)
        if figure.scope is Scope.MEMBER:
            mean = sum(amounts.values(), Fraction(0)) / len(amounts)
            reached = count_reached(amounts, goal)
            found.append(GroupGoal(goal, position, own, mean, reached, len(amounts), told))
        else:
            found.append(GroupGoal(goal, position, own, told=told))
    members = sum(1 for row in standing.roster.members if row.group_id == unit.id)
    return Group(unit, members, tuple(found))


def count_reached(amounts: Mapping[int, Fraction], goal: Goal) -> int:
    """How many of the amounts have reached the goal's target."""
    return sum(1 for amount in amounts.values() if amount >= goal.target)


def in_group(unit: Unit) -> ColumnElement[bool]:
    """Records of the group, and those that one of its people was in."""
    there = select(Participation.record_id).where(Participation.group_id == unit.id)
    return or_(Record.group_id == unit.id, Record.id.in_(there))


def kinds_entered(campaign: Campaign, unit: Unit, user: User) -> list[KindLine]:
    """How many of the group's records `user` may see, by kind and state; kinds without any are left out."""
    rows = db.session.execute(
        select(Record.kind_id, Record.status, func.count())
        .where(
            Record.campaign_id == campaign.id,
            Record.status.in_(LISTED),
            in_group(unit),
            records_within(user),
        )
        .group_by(Record.kind_id, Record.status)
    )
    counts: dict[int, dict[Status, int]] = {}
    for kind_id, status, count in rows:
        counts.setdefault(kind_id, {})[status] = int(count)
    return [KindLine(kind, counts[kind.id]) for kind in campaign.kinds if kind.id in counts]


def latest_entered(campaign: Campaign, unit: Unit, user: User) -> list[Record]:
    """What waits or was returned in the group, oldest first: the group's own records, and those that the
    reader entered for its people. Readers of the whole bureau see only the group's own: no person's hours."""
    own = (Record.owner_type == OwnerType.GROUP) & (Record.group_id == unit.id)
    if not sees_bureau(user):
        own = own | ((Record.entered_by_id == user.id) & in_group(unit))
    return list(
        db.session.scalars(
            select(Record)
            .where(
                Record.campaign_id == campaign.id,
                Record.status.in_((Status.SUBMITTED, Status.RETURNED)),
                own,
                records_within(user),
            )
            .order_by(Record.entered_at, Record.id)
            .limit(LATEST)
            .options(
                joinedload(Record.kind),
                joinedload(Record.member),
                joinedload(Record.group),
                selectinload(Record.participations),
            )
        )
    )
