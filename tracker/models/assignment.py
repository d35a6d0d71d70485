"""What the leading group's plan assigns: the item, who is in charge, the day, how far it has come."""

from __future__ import annotations

import datetime as dt
import enum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import IntPK, Model, enum_column
from tracker.models.meeting import Meeting
from tracker.models.unit import Unit
from tracker.models.user import User


class AssignmentState(enum.StrEnum):
    """How far an assignment has come."""

    NOT_BEGUN = "not_begun"  # 未开始
    UNDER_WAY = "under_way"  # 推进中
    REPORTED = "reported"  # reported as done by those in charge; the office has not confirmed it
    DONE = "done"  # 已办结
    DROPPED = "dropped"  # 不再办理


OPEN_STATES = (AssignmentState.NOT_BEGUN, AssignmentState.UNDER_WAY, AssignmentState.REPORTED)


class Assignment(Model):
    """One item of the plan (重点任务). A unit is in charge, or an office that is no unit, in words.

    meeting_id:  the meeting that decided it.
    reported_on: when those in charge reported it as done; the day on which it counts as finished.
    ended_on:    when the office confirmed it as done, or dropped it.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("(unit_id IS NULL) <> (in_charge IS NULL)", name="one_in_charge"),
        CheckConstraint("(ended_on IS NOT NULL) = (state IN ('done', 'dropped'))", name="ended_on_and_state"),
        CheckConstraint("reported_on IS NOT NULL OR state <> 'reported'", name="reported_on_and_state"),
        Index(None, "campaign_id", "due_on"),
    )

    id: Mapped[IntPK]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    text: Mapped[str] = mapped_column(String(400))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    in_charge: Mapped[str | None] = mapped_column(String(80))
    due_on: Mapped[dt.date]
    state: Mapped[AssignmentState] = mapped_column(
        enum_column(AssignmentState), default=AssignmentState.NOT_BEGUN
    )
    reported_on: Mapped[dt.date | None]
    ended_on: Mapped[dt.date | None]
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    set_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    set_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(default=1)

    unit: Mapped[Unit | None] = relationship()
    meeting: Mapped[Meeting | None] = relationship()
    set_by: Mapped[User] = relationship()


class AssignmentStep(Model):
    """One thing that was said of an assignment: another state, another day, or only how far it is.

    was_due_on, due_on: from which day to which it was put off or brought forward; None if it was not.
    """

    __tablename__ = "assignment_step"
    __table_args__ = (
        CheckConstraint("(was_due_on IS NULL) = (due_on IS NULL)", name="both_days"),
        Index(None, "assignment_id", "id"),
    )

    id: Mapped[IntPK]
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    state: Mapped[AssignmentState] = mapped_column(enum_column(AssignmentState))
    was_due_on: Mapped[dt.date | None]
    due_on: Mapped[dt.date | None]
    text: Mapped[str | None] = mapped_column(String(400))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[dt.datetime]

    by: Mapped[User] = relationship()


class MeetingAssignment(Model):
    """A meeting looked at an assignment."""

    __tablename__ = "meeting_assignment"
    __table_args__ = (UniqueConstraint("meeting_id", "assignment_id"),)

    id: Mapped[IntPK]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), index=True)
