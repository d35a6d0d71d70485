"""The leading group's meetings: what they studied, decided and looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.models import (
    Assignment,
    Campaign,
    Kind,
    Meeting,
    MeetingAssignment,
    OwnerType,
    Record,
    User,
)
from tracker.queries.assignment_access import assignments_within
from tracker.queries.assignments import PlanLineOf, assigned_line
from tracker.queries.campaigns import spec_of
from tracker.queries.paging import Page, page_within
from tracker.queries.resolutions import STANDS, agenda_of
from tracker.rules.meetings import Regularity, regularity

PER_PAGE = 10
MOST_SESSIONS = 60


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """One meeting, what it studied, how many assignments it decided and looked at (of those seen)."""

    meeting: Meeting
    studied: tuple[str, ...]
    decided: int
    looked_at: int


def meetings_page(campaign: Campaign, user: User, page: int) -> Page[MeetingLine]:
    """The meetings, the latest first."""
    total = db.session.scalar(select(func.count(Meeting.id)).where(Meeting.campaign_id == campaign.id)) or 0
    at = page_within(page, total, PER_PAGE)
    rows = db.session.scalars(
        select(Meeting)
        .where(Meeting.campaign_id == campaign.id)
        .order_by(Meeting.held_on.desc(), Meeting.id.desc())
        .offset((at - 1) * PER_PAGE)
        .limit(PER_PAGE)
        .options(joinedload(Meeting.record))
    ).all()
    ids = [row.id for row in rows]
    seen = assignments_within(user)
    decided = _counted(
        select(Assignment.meeting_id, func.count()).where(Assignment.meeting_id.in_(ids), seen)
        .group_by(Assignment.meeting_id)
    )  # fmt: skip
    looked = _counted(
        select(MeetingAssignment.meeting_id, func.count())
        .join(Assignment, Assignment.id == MeetingAssignment.assignment_id)
        .where(MeetingAssignment.meeting_id.in_(ids), seen)
        .group_by(MeetingAssignment.meeting_id)
    )
    lines = [MeetingLine(row, studied_at(row), decided.get(row.id, 0), looked.get(row.id, 0)) for row in rows]
    return Page(lines, at, total, PER_PAGE)


def _counted(statement: object) -> dict[int, int]:
    return {row[0]: row[1] for row in db.session.execute(statement)}  # type: ignore[call-overload]


def studied_at(meeting: Meeting) -> tuple[str, ...]:
    """What was studied: the agenda of the session in the ledger as long as that stands, or what was noted."""
    if meeting.record is not None and meeting.record.status in STANDS:
        return tuple(point.text for point in agenda_of(meeting.record))
    return tuple((meeting.studied or "").splitlines())


def regularity_of(campaign: Campaign, today: dt.date) -> Regularity:
    """How regularly meetings were held until `today`."""
    days = db.session.scalars(
        select(Meeting.held_on).where(Meeting.campaign_id == campaign.id, Meeting.held_on <= today)
    )
    return regularity(days, spec_of(campaign), today)


def decided_at(meeting: Meeting, user: User, today: dt.date) -> list[PlanLineOf]:
    """The assignments that it decided, as far as the reader sees them."""
    rows = (
        select(Assignment)
        .where(Assignment.meeting_id == meeting.id, assignments_within(user))
        .order_by(Assignment.due_on, Assignment.id)
        .options(joinedload(Assignment.unit))
    )
    return [assigned_line(row, today) for row in db.session.scalars(rows)]


def looked_at(meeting: Meeting, user: User, today: dt.date) -> list[PlanLineOf]:
    """The assignments that it looked at, as far as the reader sees them."""
    rows = (
        select(Assignment)
        .join(MeetingAssignment, MeetingAssignment.assignment_id == Assignment.id)
        .where(MeetingAssignment.meeting_id == meeting.id, assignments_within(user))
        .order_by(Assignment.due_on, Assignment.id)
        .options(joinedload(Assignment.unit))
    )
    return [assigned_line(row, today) for row in db.session.scalars(rows)]


def looked_at_ids(meeting: Meeting) -> set[int]:
    """The ids of all assignments that it looked at."""
    rows = select(MeetingAssignment.assignment_id).where(MeetingAssignment.meeting_id == meeting.id)
    return set(db.session.scalars(rows))


def meetings_about(assignment: Assignment) -> list[Meeting]:
    """The meetings that looked at it, the latest first."""
    rows = (
        select(Meeting)
        .join(MeetingAssignment, MeetingAssignment.meeting_id == Meeting.id)
        .where(MeetingAssignment.assignment_id == assignment.id)
        .order_by(Meeting.held_on.desc(), Meeting.id.desc())
    )
    return list(db.session.scalars(rows))


def meetings_offered(campaign: Campaign) -> list[Meeting]:
    """The meetings that can have decided something, the latest first."""
    rows = select(Meeting).where(Meeting.campaign_id == campaign.id)
    return list(db.session.scalars(rows.order_by(Meeting.held_on.desc(), Meeting.id.desc())))


def sessions_offered(campaign: Campaign, keep: Meeting | None, today: dt.date) -> list[Record]:
    """Sessions of the bureau in the ledger that have an agenda and are said of no other meeting, the latest
    first. keep: a meeting whose own session stays among them."""
    codes: Collection[str] = [kind.code for kind in spec_of(campaign).kinds if kind.has_agenda]
    taken = select(Meeting.record_id).where(Meeting.record_id.is_not(None))
    if keep is not None:
        taken = taken.where(Meeting.id != keep.id)
    return list(
        db.session.scalars(
            select(Record)
            .join(Kind, Kind.id == Record.kind_id)
            .where(
                Record.campaign_id == campaign.id, Kind.code.in_(codes), Record.is_dated,
                Record.owner_type == OwnerType.BUREAU, Record.status.in_(STANDS),
                Record.happened_on <= today, Record.id.not_in(taken),
            )
            .order_by(Record.happened_on.desc(), Record.id.desc())
            .limit(MOST_SESSIONS)
            .options(joinedload(Record.kind))
        )
    )  # fmt: skip
