"""One branch: its goals, its groups, and what waits there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import ColumnElement, case, false, func, not_, select
from sqlalchemy.orm import joinedload, selectinload

from tracker.db import db
from tracker.models import Campaign, Record, Status, Unit, User
from tracker.queries.access import branches_of, is_office
from tracker.queries.boards import unit_amounts, unit_value
from tracker.queries.figures import Standing, inside, standing_near
from tracker.queries.groups import Group, count_reached, group_of
from tracker.queries.rosters import roster_as_of
from tracker.queries.statements import Reporting, reporting_on
from tracker.queries.verifications import is_own, needs_office
from tracker.rules.campaigns import Goal, Scope
from tracker.rules.figures import UnitRow, reduce_value
from tracker.rules.goals import GoalStanding, stand
from tracker.rules.statements import NOTHING_DUE, Told

SHOWN = 5  # of what waits; the queue has the rest


@dataclass(frozen=True, slots=True)
class BranchGoal:
    """One goal in one branch.

    state:    'own' (members or groups of the branch, with a standing), 'share' (of the bureau's value),
              'silent' (nothing reported) or 'not_asked'.
    standing: of the whole bureau for a share, of the branch alone for its own.
    value:    what the branch comes to, or adds.
    told:     what its due months come to: a value may rest on silence.
    """

    goal: Goal
    position: int
    state: str
    standing: GoalStanding
    value: Fraction | None = None
    reached: int | None = None
    of: int = 0
    told: Told = NOTHING_DUE


@dataclass(frozen=True, slots=True)
class BranchBoard:
    """One branch on one day. standing: everything that its figures were taken from; reporting: its months."""

    members: int
    exempt: int
    goals: tuple[BranchGoal, ...]
    groups: tuple[Group, ...]
    standing: Standing
    reporting: Reporting


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
    standing = standing_near(campaign, day, inside(unit.id))
    reporting = reporting_on(campaign, day, [unit.id])
    members = [row for row in standing.roster.members if row.branch_id == unit.id]
    goals = tuple(
        _branch_goal(standing, goal, position, unit, reporting)
        for position, goal in enumerate(standing.spec.goals, 1)
    )
    groups = tuple(
        group_of(standing, row, reporting)
        for row in standing.roster.at_level("group")
        if row.parent_id == unit.id
    )
    exempt = sum(1 for row in members if row.is_exempt)
    return BranchBoard(len(members), exempt, goals, groups, standing, reporting)


def _branch_goal(
    standing: Standing, goal: Goal, position: int, unit: Unit, reporting: Reporting
) -> BranchGoal:
    figure = standing.figure_of(goal)
    kind = standing.spec.kind(figure.kind) if figure.kind else None
    value = unit_value(standing, figure, unit.id, "branch")
    category = str(unit.category) if unit.category else None
    is_asked = value is not None and not (category in goal.not_for and not value)
    told = reporting.told(figure.kind, unit.id, goal.starts_on) if is_asked else NOTHING_DUE
    is_silent = not value and not reporting.is_reported(figure.kind or "", unit.id, goal.starts_on)
    if is_asked and not is_silent and figure.scope is not Scope.BUREAU:
        amounts = unit_amounts(standing, figure, unit.id)
        own = stand(goal, reduce_value(figure, standing.spec, amounts, standing.day), kind, standing.day)
        return BranchGoal(goal, position, "own", own, value, count_reached(amounts, goal), len(amounts), told)
    whole = stand(goal, standing.value(figure), kind, standing.day)
    if not is_asked:
        return BranchGoal(goal, position, "not_asked", whole)
    if is_silent:
        return BranchGoal(goal, position, "silent", whole, told=told)
    return BranchGoal(goal, position, "share", whole, value, told=told)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits to be verified in one branch.

    total:  all of it, whoever may decide.
    mine:   how many of it are for the reader to verify; since: when the oldest of these was entered.
    oldest: the first of all, with whether each is the reader's own and so somebody else's to verify; only
            for those who keep the branch.
    """

    total: int
    mine: int
    since: dt.datetime | None
    oldest: tuple[tuple[Record, bool], ...] = ()


def waiting_in(campaign: Campaign, unit: Unit, user: User) -> Waiting:
    """What waits in a branch, as `user` may see and decide it. Two statements and their people."""
    where = [
        Record.campaign_id == campaign.id,
        Record.status == Status.SUBMITTED,
        Record.branch_id == unit.id,
    ]
    theirs: ColumnElement[bool] = false()
    if unit.id in branches_of(user):
        theirs = not_(is_own(user))
    elif is_office(user):  # the rest is for the branch to verify
        theirs = not_(is_own(user)) & needs_office()
    total, mine, since = db.session.execute(
        select(
            func.count(),
            func.count(case((theirs, Record.id))),
            func.min(case((theirs, Record.entered_at))),
        ).where(*where)
    ).one()
    oldest: tuple[tuple[Record, bool], ...] = ()
    if total and unit.id in branches_of(user):
        rows = db.session.execute(
            select(Record, is_own(user))
            .where(*where)
            .order_by(Record.entered_at, Record.id)
            .limit(SHOWN)
            .options(
                joinedload(Record.kind),
                joinedload(Record.member),
                joinedload(Record.group),
                joinedload(Record.entered_by),
                selectinload(Record.participations),
            )
        )
        oldest = tuple((record, bool(own)) for record, own in rows)
    return Waiting(total, mine, since, oldest)
