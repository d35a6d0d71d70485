"""From a browser's id to a plan or a series: the only way there, as queries/access.py is for the rest."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ColumnElement, or_, select, true

from tracker.db import db
from tracker.models import Membership, Plan, PlanOrganiser, Series, Unit, UnitLevel, User
from tracker.queries.access import branches_of, groups_of, sections_of, sees_bureau
from tracker.queries.rosters import holds_on
from tracker.rules.plans import may_plan
from tracker.rules.reach import Reach


def units_seen(user: User, day: dt.date) -> set[int]:
    """Units whose plans concern the user: the bureau; kept branches with their groups; led groups and headed
    sections; where they are a member on `day`; and the branch of each such group."""
    branches, groups, sections = branches_of(user), groups_of(user), sections_of(user)
    found = branches | groups | sections
    if user.member_id is not None:
        stays = select(Membership.branch_id, Membership.group_id, Membership.section_id).where(
            Membership.member_id == user.member_id,
            holds_on(Membership.starts_on, Membership.ends_on, day),
        )
        found |= {unit for row in db.session.execute(stays) for unit in row if unit is not None}
    rows = db.session.execute(
        select(Unit.id, Unit.parent_id, Unit.level).where(
            (Unit.level == UnitLevel.COMMITTEE) | Unit.id.in_(groups) | Unit.parent_id.in_(branches)
        )
    )
    for unit_id, parent_id, level in rows:
        found.add(unit_id)
        if level is UnitLevel.GROUP and parent_id is not None:
            found.add(parent_id)
    return found


def plans_within(user: User, day: dt.date) -> ColumnElement[bool]:
    """Which plans the user may see: those of the units that concern them, and those that they lead."""
    if sees_bureau(user):
        return true()
    held = select(PlanOrganiser.plan_id).where(PlanOrganiser.unit_id.in_(units_seen(user, day)))
    found: list[ColumnElement[bool]] = [Plan.id.in_(held)]
    if user.member_id is not None:
        found.append(Plan.lead_id == user.member_id)
    return or_(*found)


def plan_for(user: User, plan_id: int, day: dt.date) -> Plan | None:
    """The plan with that id, None if it does not exist or does not concern the user on `day`."""
    return db.session.scalar(select(Plan).where(Plan.id == plan_id, plans_within(user, day)))


def own_plan_for(user: User, reach: Reach, plan_id: int, day: dt.date) -> Plan | None:
    """The plan with that id, None unless it is the user's to change: of whom its first organiser is."""
    plan = plan_for(user, plan_id, day)
    return plan if plan is not None and is_own(plan, reach) else None


def is_own(plan: Plan, reach: Reach) -> bool:
    """Whether the plan is somebody's to change and to report."""
    unit = plan.organisers[0].unit
    return may_plan(unit.level, unit.id, unit.parent_id, reach)


def series_for(user: User, series_id: int, day: dt.date) -> Series | None:
    """The series with that id, None if it does not exist or its unit does not concern the user on `day`."""
    found = select(Series).where(Series.id == series_id)
    if not sees_bureau(user):
        found = found.where(Series.unit_id.in_(units_seen(user, day)))
    return db.session.scalar(found)


def is_own_series(series: Series, reach: Reach) -> bool:
    """Whether the series is somebody's to change and to end."""
    return may_plan(series.unit.level, series.unit_id, series.unit.parent_id, reach)
