"""Plans that come again: every Friday, every second week, once a month."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import IntPK, Model, Name, enum_column
from tracker.models.campaign import Kind
from tracker.models.unit import Unit
from tracker.models.user import User


class Every(enum.StrEnum):
    """How often it comes."""

    WEEK = "week"
    TWO_WEEKS = "two_weeks"
    MONTH = "month"  # in the same week of each month as the first time; after a fifth week, in the last one


class Series(Model):
    """What its plans have in common and how their days came about. What is said of a day stands in its plan.

    unit_id:  who answers for it: the first organiser of its plans.
    lead_ids: members who lead in turn, [] if nobody is named.
    ends_on:  the last day on which one may be; ending a series sets it earlier.
    """

    __tablename__ = "series"
    __table_args__ = (CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_of_a_week"),)

    id: Mapped[IntPK]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    kind_id: Mapped[int] = mapped_column(ForeignKey("kind.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    title: Mapped[Name]
    every: Mapped[Every] = mapped_column(enum_column(Every))
    weekday: Mapped[int]  # 0 is Monday
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    lead_ids: Mapped[list[Any]]
    planned_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    planned_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(default=1)

    kind: Mapped[Kind] = relationship()
    unit: Mapped[Unit] = relationship()
    planned_by: Mapped[User] = relationship()
