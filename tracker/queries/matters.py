"""Which matters are open, and whose they are. Nothing is kept: what is done is found no more."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy import exists, or_, select

from tracker.db import db
from tracker.models import (
    Assignment,
    Campaign,
    Matter,
    Record,
    Resolution,
    Status,
    Unit,
    User,
)
from tracker.models.assignment import OPEN_STATES, AssignmentState
from tracker.queries.access import branches_of, sections_of
from tracker.queries.boards import unit_amounts
from tracker.queries.deadlines import due_in
from tracker.queries.figures import standing_near, standing_on
from tracker.queries.pairings import members_with_visits_due
from tracker.queries.resolutions import STANDS
from tracker.queries.statements import reporting_on
from tracker.queries.verifications import waiting_count
from tracker.rules.campaigns import Scope
from tracker.rules.figures import Roster
from tracker.rules.goals import needed_by

UNFINISHED = tuple(state for state in OPEN_STATES if state is not AssignmentState.REPORTED)


def member_matters(campaign: Campaign, member_ids: Collection[int], today: dt.date) -> dict[int, set[Matter]]:
    """Member id -> what is open of these members' own; members without anything are left out.

    Three statements, and one for each kind with visits.
    """
    found: dict[int, set[Matter]] = defaultdict(set)
    if not member_ids:
        return found

    def note(matter: Matter, ids: Iterable[int | None]) -> None:
        for id_ in ids:
            if id_ is not None:
                found[id_].add(matter)

    returned = Record.campaign_id == campaign.id, Record.status == Status.RETURNED
    note(
        Matter.RETURNED,
        db.session.scalars(select(Record.member_id).where(*returned, Record.member_id.in_(member_ids))),
    )
    entered = select(User.member_id).where(
        User.member_id.in_(member_ids), exists().where(Record.entered_by_id == User.id, *returned)
    )
    note(Matter.RETURNED, db.session.scalars(entered))
    note(Matter.VISIT, members_with_visits_due(campaign, member_ids, today))
    resolved = (
        select(Resolution.member_id)
        .join(Record, Record.id == Resolution.record_id)
        .where(
            Record.campaign_id == campaign.id,
            Record.status.in_(STANDS),
            Resolution.member_id.in_(member_ids),
            Resolution.done_on.is_(None),
            Resolution.due_on < today,
        )
    )
    note(Matter.RESOLUTION, db.session.scalars(resolved))
    return found


def members_below_pace(
    campaign: Campaign, today: dt.date, member_ids: Collection[int] | None = None
) -> set[int]:
    """Members below an even pace in a goal that is each member's own. For themselves: no page lists them.

    The exempt, and those who reached the goal, are left out. member_ids: only of these.
    """
    day, only = min(today, campaign.ends_on), frozenset(member_ids or ())

    def near(roster: Roster) -> set[int]:
        """They and those of their branches."""
        branches = {row.branch_id for row in roster.members if row.member_id in only}
        return {row.member_id for row in roster.members if row.branch_id in branches}

    standing = standing_on(campaign, day) if member_ids is None else standing_near(campaign, day, near)
    rows = [row for row in standing.roster.members if not row.is_exempt]
    asked = {row.member_id for row in rows if member_ids is None or row.member_id in only}
    branches = {row.branch_id for row in rows if row.member_id in asked}
    found: set[int] = set()
    for goal in standing.spec.goals:
        figure = standing.figure_of(goal)
        if figure.kind is None or figure.scope is not Scope.MEMBER or figure.unit != goal.unit:
            continue
        needed = needed_by(goal, day)
        for branch_id in branches:
            amounts = unit_amounts(standing, figure, branch_id)
            found |= {id_ for id_, amount in amounts.items() if amount < needed and amount < goal.target}
    return found & asked


def unit_matters(campaign: Campaign, user: User, today: dt.date) -> set[Matter]:
    """What is open in the branches and sections that the user keeps. Some statements for each unit."""
    ids = branches_of(user) | sections_of(user)
    if not ids:
        return set()
    found = {Matter.VERIFY} if branches_of(user) and waiting_count(campaign.id, user, most=1) else set()
    if _is_silent(campaign, branches_of(user), today):
        found.add(Matter.STATEMENT)
    units = db.session.scalars(select(Unit).where(Unit.id.in_(ids)).order_by(Unit.id)).all()
    if any(due_in(campaign, unit, user, today).overdue for unit in units):
        found.add(Matter.STAGE)
    if _is_behind_with_plan(campaign, ids, branches_of(user), today):
        found.add(Matter.ASSIGNMENT)
    return found


def _is_silent(campaign: Campaign, branch_ids: Collection[int], today: dt.date) -> bool:
    """Whether a month that is over is not stated by one of these branches, or stated against the ledger."""
    if not branch_ids:
        return False
    reporting = reporting_on(campaign, today, branch_ids)
    return any(
        branch.open_in(month.code) for branch in reporting.branches.values() for month in reporting.months
    )


def _is_behind_with_plan(
    campaign: Campaign, unit_ids: Collection[int], branch_ids: Collection[int], today: dt.date
) -> bool:
    """Whether an assignment or a resolution of these units, or of groups of these branches, is overdue."""
    assigned = exists().where(
        Assignment.campaign_id == campaign.id, Assignment.unit_id.in_(unit_ids),
        Assignment.state.in_(UNFINISHED), Assignment.due_on < today,
    )  # fmt: skip
    groups = select(Unit.id).where(Unit.parent_id.in_(branch_ids))
    resolved = exists().where(
        Resolution.record_id == Record.id, Record.campaign_id == campaign.id, Record.status.in_(STANDS),
        or_(Resolution.unit_id.in_(unit_ids), Resolution.unit_id.in_(groups)),
        Resolution.done_on.is_(None), Resolution.due_on < today,
    )  # fmt: skip
    return bool(db.session.scalar(select(or_(assigned, resolved))))


def matters_of(campaign: Campaign, user: User, today: dt.date, asked: Collection[Matter]) -> set[Matter]:
    """Which of `asked` are open for this account now."""
    found: set[Matter] = set()
    if user.member_id is not None:
        found |= member_matters(campaign, [user.member_id], today).get(user.member_id, set())
        if Matter.PACE in asked and members_below_pace(campaign, today, [user.member_id]):
            found.add(Matter.PACE)
    if not found.issuperset(asked):
        found |= unit_matters(campaign, user, today)
    return found.intersection(asked)
