"""Who is expected at a plan, who ticked themselves in, and which sheets were printed for it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.models import Arrival, Membership, Paper, Plan, PlanSheet, UnitLevel
from tracker.queries.entries import MemberLine, members_to_enter_for
from tracker.queries.plans import line_of
from tracker.queries.rosters import holds_on
from tracker.rules.arrivals import Window, window_of
from tracker.rules.plans import PlanState
from tracker.rules.reach import Reach
from tracker.rules.tokens import digest_of


def window(plan: Plan) -> Window:
    """When its code holds."""
    return window_of(plan.happens_on, plan.from_minute, plan.to_minute)


def takes_arrivals(plan: Plan, day: dt.date, minute: int) -> bool:
    """Whether members may tick themselves in at this minute of the day."""
    is_open = line_of(plan, day).state is PlanState.AHEAD
    return is_open and window(plan).holds(day, minute)


def plan_of_token(token: str, day: dt.date, minute: int) -> Plan | None:
    """The plan whose code this is, None if there is none or it does not hold at this minute of the day."""
    plan = db.session.scalar(select(Plan).where(Plan.code_digest == digest_of(token)))
    return plan if plan is not None and takes_arrivals(plan, day, minute) else None


def is_expected(plan: Plan, member_id: int) -> bool:
    """Whether the member belongs on its day to one of those who hold it; the bureau expects everybody."""
    stays = select(Membership.branch_id, Membership.group_id, Membership.section_id).where(
        Membership.member_id == member_id,
        holds_on(Membership.starts_on, Membership.ends_on, plan.happens_on),
    )
    units = {unit for row in db.session.execute(stays) for unit in row}
    return bool(units) and any(
        one.unit.level is UnitLevel.COMMITTEE or one.unit_id in units for one in plan.organisers
    )


def expected_within(plan: Plan, reach: Reach) -> list[MemberLine]:
    """Of those expected, the members within reach, by branch, group and number."""
    found: dict[int, MemberLine] = {}
    for one in plan.organisers:
        unit_id = None if one.unit.level is UnitLevel.COMMITTEE else one.unit_id
        for line in members_to_enter_for(reach, plan.happens_on, unit_id=unit_id):
            found.setdefault(line.id, line)
    return list(found.values())


def arrived_ids(plan: Plan) -> list[int]:
    """Ids of the members who ticked themselves in, in their order."""
    rows = select(Arrival.member_id).where(Arrival.plan_id == plan.id).order_by(Arrival.id)
    return list(db.session.scalars(rows))


def sheets_of(plan: Plan) -> list[Paper]:
    """The sheets that were printed for it, the latest first."""
    sheets = select(PlanSheet).where(PlanSheet.plan_id == plan.id).order_by(PlanSheet.id.desc())
    return [one.paper for one in db.session.scalars(sheets.options(joinedload(PlanSheet.paper)))]


def plan_of_sheet(paper: Paper) -> Plan | None:
    """The plan for which a sheet was printed, None for any other sheet."""
    return db.session.scalar(
        select(Plan).join(PlanSheet, PlanSheet.plan_id == Plan.id).where(PlanSheet.paper_id == paper.id)
    )
