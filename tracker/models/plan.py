"""What is to take place: an activity on a day, and the table of holidays that planning heeds."""

from __future__ import annotations

import datetime as dt
import enum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import IntPK, Model, Name, enum_column
from tracker.models.campaign import Kind
from tracker.models.member import Member
from tracker.models.record import Record
from tracker.models.series import Series
from tracker.models.unit import Unit
from tracker.models.user import User


class Plan(Model):
    """One activity that is to take place. It is no fact: no figure counts it.

    from_minute, to_minute: minutes of the local day; None: the whole day, or no end said.
    record_id: the record that says it was held. It says so only as long as it stands: a withdrawn or
               reversed record leaves the plan open again.
    """

    __tablename__ = "plan"
    __table_args__ = (
        CheckConstraint("from_minute IS NULL OR from_minute BETWEEN 0 AND 1439", name="begins_within_day"),
        CheckConstraint(
            "to_minute IS NULL OR (from_minute IS NOT NULL AND to_minute > from_minute"
            " AND to_minute <= 1440)",
            name="ends_after_begin",
        ),
        CheckConstraint("(cancelled_at IS NULL) = (cancelled_by_id IS NULL)", name="cancelled_by_and_at"),
        CheckConstraint("(cancelled_at IS NULL) = (cancelled_why IS NULL)", name="cancelled_why_and_at"),
        Index(None, "campaign_id", "happens_on"),
        Index(None, "title"),  # found by what is written
    )

    id: Mapped[IntPK]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    kind_id: Mapped[int] = mapped_column(ForeignKey("kind.id"))
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"), index=True)
    happens_on: Mapped[dt.date]
    from_minute: Mapped[int | None]
    to_minute: Mapped[int | None]
    type: Mapped[str | None] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(200))
    place: Mapped[str | None] = mapped_column(String(200))
    note: Mapped[str | None] = mapped_column(String(400))
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)  # 领学人
    planned_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    planned_at: Mapped[dt.datetime]
    cancelled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    cancelled_at: Mapped[dt.datetime | None]
    cancelled_why: Mapped[str | None] = mapped_column(String(400))
    record_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"), unique=True)
    code_digest: Mapped[str | None] = mapped_column(String(64), unique=True)  # of the code to tick in by
    version: Mapped[int] = mapped_column(default=1)

    kind: Mapped[Kind] = relationship()
    series: Mapped[Series | None] = relationship()
    lead: Mapped[Member | None] = relationship()
    planned_by: Mapped[User] = relationship(foreign_keys=[planned_by_id])
    cancelled_by: Mapped[User | None] = relationship(foreign_keys=[cancelled_by_id])
    record: Mapped[Record | None] = relationship()
    organisers: Mapped[list[PlanOrganiser]] = relationship(
        back_populates="plan", order_by="PlanOrganiser.position, PlanOrganiser.id"
    )


class PlanOrganiser(Model):
    """A unit that holds it. The first one (position 0) answers for it, and reports it."""

    __tablename__ = "plan_organiser"
    __table_args__ = (UniqueConstraint("plan_id", "unit_id"),)

    id: Mapped[IntPK]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    position: Mapped[int]

    plan: Mapped[Plan] = relationship(back_populates="organisers")
    unit: Mapped[Unit] = relationship()


class DaySort(enum.StrEnum):
    """What the table says of a day."""

    HOLIDAY = "holiday"  # 放假
    WORKDAY = "workday"  # 调休上班
    ORDINARY = "ordinary"  # taken out by hand, so that filling the year does not bring it back


class Holiday(Model):
    """One day that is not what its weekday says. Days entered by hand are kept when a year is filled."""

    __tablename__ = "holiday"

    id: Mapped[IntPK]
    day: Mapped[dt.date] = mapped_column(unique=True)
    sort: Mapped[DaySort] = mapped_column(enum_column(DaySort))
    name: Mapped[Name]
    is_manual: Mapped[bool] = mapped_column(default=False)
