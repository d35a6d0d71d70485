"""One branch: its goals, its groups, its months. Nobody is named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import func, select

from tracker.db import db
from tracker.models import Campaign, CoOrganiser, Record, Status, Unit
from tracker.queries.boards import reported_kinds, unit_amounts, unit_value
from tracker.queries.figures import Standing, standing_on
from tracker.queries.rosters import roster_as_of
from tracker.rules.campaigns import Goal, Scope
from tracker.rules.figures import FigureValue, UnitRow, reduce_value
from tracker.rules.goals import GoalStanding, stand


@dataclass(frozen=True, slots=True)
class BranchGoal:
    """One goal in one branch.

    state:    'own' (members or groups of the branch, with a standing), 'share' (of the bureau's value),
              'silent' (nothing reported) or 'not_asked'.
    standing: of the whole bureau for a share, of the branch alone for its own.
    value:    what the branch comes to, or adds.
    """

    goal: Goal
    position: int
    state: str
    standing: GoalStanding
    value: Fraction | None = None
    reached: int | None = None
    of: int = 0


@dataclass(frozen=True, slots=True)
class GroupGoal:
    """One goal in one party group: the smallest and the mean over its members, or the group's own value."""

    goal: Goal
    position: int
    standing: GoalStanding
    mean: Fraction | None = None
    reached: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """One party group of the branch."""

    unit: UnitRow
    members: int
    goals: tuple[GroupGoal, ...]


@dataclass(frozen=True, slots=True)
class BranchBoard:
    """One branch on one day."""

    members: int
    exempt: int
    goals: tuple[BranchGoal, ...]
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class BranchLine:
    """One branch in the list of branches."""

    unit: UnitRow
    members: int
    groups: int


def branch_lines(day: dt.date, within: set[int] | None = None) -> list[BranchLine]:
    """Branches of the day in the order of the plan, with how many are in them; `within` limits them by id."""
    roster = roster_as_of(day)
    return [
        BranchLine(
            unit,
            sum(1 for row in roster.members if row.branch_id == unit.id),
            sum(1 for group in roster.at_level("group") if group.parent_id == unit.id),
        )
        for unit in roster.at_level("branch")
        if within is None or unit.id in within
    ]


def branch_board(campaign: Campaign, unit: Unit, day: dt.date) -> BranchBoard:
    """Goals and groups of one branch as of `day`."""
    standing = standing_on(campaign, day)
    reported = reported_kinds(campaign, day)
    members = [row for row in standing.roster.members if row.branch_id == unit.id]
    goals = tuple(
        _branch_goal(standing, goal, position, unit, reported)
        for position, goal in enumerate(standing.spec.goals, 1)
    )
    groups = tuple(
        _group(standing, row) for row in standing.roster.at_level("group") if row.parent_id == unit.id
    )
    return BranchBoard(len(members), sum(1 for row in members if row.is_exempt), goals, groups)


def _branch_goal(
    standing: Standing, goal: Goal, position: int, unit: Unit, reported: set[tuple[str, int]]
) -> BranchGoal:
    figure = standing.spec.figure(goal.figure)
    assert figure is not None  # the campaign file was checked: every goal has its figure
    kind = standing.spec.kind(figure.kind) if figure.kind else None
    whole = stand(goal, standing.value(figure), kind, standing.day)
    value = unit_value(standing, figure, unit.id, "branch")
    category = str(unit.category) if unit.category else None
    if value is None or (category in goal.not_for and not value):
        return BranchGoal(goal, position, "not_asked", whole)
    if (figure.kind or "", unit.id) not in reported and not value:
        return BranchGoal(goal, position, "silent", whole)
    if figure.scope is Scope.BUREAU:
        return BranchGoal(goal, position, "share", whole, value)
    amounts = unit_amounts(standing, figure, unit.id)
    own = stand(goal, reduce_value(figure, standing.spec, amounts, standing.day), kind, standing.day)
    return BranchGoal(goal, position, "own", own, value, _reached(amounts, goal), len(amounts))


def _reached(amounts: Mapping[int, Fraction], goal: Goal) -> int:
    return sum(1 for amount in amounts.values() if amount >= goal.target)


def _group(standing: Standing, unit: UnitRow) -> Group:
    found = []
    for position, goal in enumerate(standing.spec.goals, 1):
        figure = standing.spec.figure(goal.figure)
        if figure is None or figure.kind is None or figure.scope not in (Scope.MEMBER, Scope.GROUP):
            continue
        amounts = unit_amounts(standing, figure, unit.id, "group")
        if not amounts:
            continue
        value: FigureValue = reduce_value(figure, standing.spec, amounts, standing.day)
        own = stand(goal, value, standing.spec.kind(figure.kind), standing.day)
        of_members = figure.scope is Scope.MEMBER
        mean = sum(amounts.values(), Fraction(0)) / len(amounts) if of_members else None
        found.append(GroupGoal(goal, position, own, mean, _reached(amounts, goal) if of_members else None))
    members = sum(1 for row in standing.roster.members if row.group_id == unit.id)
    return Group(unit, members, tuple(found))


@dataclass(frozen=True, slots=True)
class Months:
    """Verified rows of a branch by month and kind: kinds across, months down, zeros included."""

    kinds: tuple[str, ...]
    rows: tuple[tuple[dt.date, tuple[int, ...]], ...]
    totals: tuple[int, ...]


def months_of(campaign: Campaign, unit: Unit, day: dt.date) -> Months:
    """How many verified rows of each kind the branch has in each month up to `day`; joint sessions are in.

    Rows without a day stand in the month in which the campaign began.
    """
    joint = select(CoOrganiser.record_id).where(CoOrganiser.unit_id == unit.id)
    rows = db.session.execute(
        select(Record.kind_id, Record.happened_on, func.count())
        .where(
            Record.campaign_id == campaign.id,
            Record.status == Status.VERIFIED,
            Record.happened_on <= day,
            (Record.branch_id == unit.id) | Record.id.in_(joint),
        )
        .group_by(Record.kind_id, Record.happened_on)
        .order_by(Record.happened_on, Record.kind_id)
    )
    counts: dict[tuple[dt.date, int], int] = {}
    for kind_id, on, count in rows:
        key = (on.replace(day=1), kind_id)
        counts[key] = counts.get(key, 0) + int(count)
    kinds = [kind for kind in campaign.kinds if any(kind_id == kind.id for _, kind_id in counts)]
    months = []
    month = campaign.starts_on.replace(day=1)
    while month <= day:
        months.append(month)
        month = (month + dt.timedelta(days=32)).replace(day=1)
    lines = tuple((month, tuple(counts.get((month, kind.id), 0) for kind in kinds)) for month in months)
    totals = tuple(sum(line[n] for _, line in lines) for n in range(len(kinds)))
    return Months(tuple(kind.name for kind in kinds), lines, totals)
