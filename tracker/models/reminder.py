"""Gentle reminders: who was reminded of which matter, and when last. What is open is asked anew each time."""

from __future__ import annotations

import datetime as dt
import enum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import IntPK, Model, enum_column
from tracker.models.user import User


class Matter(enum.StrEnum):
    """Of what somebody can be reminded. How each is found stands in queries/matters.py."""

    RETURNED = "returned"  # records that came back and were not put right
    VISIT = "visit"  # a visit of a pairing is due
    RESOLUTION = "resolution"  # something that a session resolved, of which they take care, is overdue
    PACE = "pace"  # an own goal is below an even pace; told to nobody else
    VERIFY = "verify"  # records wait to be verified
    STATEMENT = "statement"  # a month that is over was not stated, or the ledger says otherwise
    STAGE = "stage"  # records of the unit are overdue on their way to the last stage
    ASSIGNMENT = "assignment"  # items of the leading group's plan, or resolutions, are overdue in the unit


class Reminder(Model):
    """The last reminder of one person about one matter: one row for both, written anew each time.

    sent_on:      the business day; the next one is sent a week later at the earliest.
    sent_by_id:   who sent it; None for the schedule.
    dismissed_at: when the one who got it put it away.
    """

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("user_id", "matter"),)

    id: Mapped[IntPK]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    matter: Mapped[Matter] = mapped_column(enum_column(Matter))
    sent_on: Mapped[dt.date]
    sent_at: Mapped[dt.datetime]
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    dismissed_at: Mapped[dt.datetime | None]

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    sent_by: Mapped[User | None] = relationship(foreign_keys=[sent_by_id])
