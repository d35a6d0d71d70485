"""What the leading group's plan comes to: assignments and what the bureau's sessions resolved, counted."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, Subquery, and_, case, cast, func, literal, select, union_all

from tracker.db import db
from tracker.models import Assignment, AssignmentStep, Campaign, OwnerType, Record, Resolution, User
from tracker.queries.assignment_access import assignments_within, resolutions_within
from tracker.queries.resolutions import STANDS
from tracker.rules.deadlines import SOON

ENDED = ("done", "dropped")


@dataclass(frozen=True, slots=True)
class PlanSums:
    """What the plan comes to, as the reader may see it. Every number counts rows.

    resolved:  open resolutions of sessions, of which only open or done is known.
    late:      of `done`, those finished after their day.
    put_off:   assignments whose day was moved to a later one.
    """

    total: int
    not_begun: int
    under_way: int
    resolved: int
    reported: int
    done: int
    late: int
    dropped: int
    overdue: int
    soon: int
    put_off: int

    @property
    def open(self) -> int:
        return self.not_begun + self.under_way + self.resolved + self.reported


def plan_rows(campaign: Campaign, user: User) -> Subquery:
    """Assignments and resolutions in one shape; `finished_on` is the day that tells whether it was late."""
    assigned = select(
        literal("assignment").label("of"),
        Assignment.id.label("id"),
        cast(Assignment.state, String).label("state"),
        Assignment.due_on.label("due_on"),
        Assignment.ended_on.label("ended_on"),
        func.coalesce(Assignment.reported_on, Assignment.ended_on).label("finished_on"),
        Assignment.unit_id.label("unit_id"),
        Assignment.text.label("text"),
    ).where(Assignment.campaign_id == campaign.id, assignments_within(user))
    resolved = (
        select(
            literal("resolution"),
            Resolution.id,
            case((Resolution.done_on.is_(None), "resolved"), else_="done"),
            Resolution.due_on,
            Resolution.done_on,
            Resolution.done_on,
            Resolution.unit_id,
            Resolution.text,
        )
        .join(Record, Record.id == Resolution.record_id)
        .where(
            Record.campaign_id == campaign.id,
            Record.owner_type == OwnerType.BUREAU,
            Record.status.in_(STANDS),
            resolutions_within(user),
        )
    )
    return union_all(assigned, resolved).subquery("plan_rows")


def is_overdue(rows: Subquery, today: dt.date) -> ColumnElement[bool]:
    """As rules.assignments.deadline_of_assignment says it of one."""
    return and_(rows.c.state.not_in((*ENDED, "reported")), rows.c.due_on < today)


def plan_sums(campaign: Campaign, user: User, today: dt.date) -> PlanSums:
    """The sums over everything that the reader may see. Two statements."""
    rows = plan_rows(campaign, user)

    def count(*where: ColumnElement[bool]) -> ColumnElement[int]:
        return func.count(case((and_(*where), 1)))

    is_open = rows.c.state.not_in((*ENDED, "reported"))
    found = db.session.execute(
        select(
            func.count(),
            *(count(rows.c.state == state) for state in ("not_begun", "under_way", "resolved", "reported")),
            count(rows.c.state == "done"),
            count(rows.c.state == "done", rows.c.finished_on > rows.c.due_on),
            count(rows.c.state == "dropped"),
            count(is_overdue(rows, today)),
            count(is_open, rows.c.due_on.between(today, today + SOON)),
        ).select_from(rows)
    ).one()
    put_off = db.session.scalar(
        select(func.count(func.distinct(AssignmentStep.assignment_id)))
        .join(Assignment, Assignment.id == AssignmentStep.assignment_id)
        .where(
            Assignment.campaign_id == campaign.id,
            assignments_within(user),
            AssignmentStep.due_on > AssignmentStep.was_due_on,
        )
    )
    counts: list[int] = [*found, put_off or 0]
    return PlanSums(*counts)
