"""Random samples of verified records that somebody checks, and what was found."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Code, IntPK, Model, enum_column
from tracker.models.campaign import Campaign, Kind
from tracker.models.record import Record
from tracker.models.unit import Unit
from tracker.models.user import User


class Verdict(enum.StrEnum):
    """What was found of a record: 属实, 有误, 无法核对."""

    RIGHT = "right"
    WRONG = "wrong"
    UNCLEAR = "unclear"


class Fault(enum.StrEnum):
    """What is wrong in a record."""

    NOT_HELD = "not_held"  # it did not happen
    DAY = "day"
    AMOUNT = "amount"
    PEOPLE = "people"
    CONTENT = "content"
    OTHER = "other"


class Sample(Model):
    """A sample of one unit's verified records of one kind over a period, as `rules.samples.draw` drew it.

    unit:    a branch, a section, or the committee for what the bureau owns itself.
    period:  code of the month or phase; its days are kept, since a campaign's file may change.
    frame:   ids of all records among which it was drawn, upwards. They and the seed draw it again.
    round:   1 for the first sample of the same unit, kind and period.
    wrong, unclear, bound: of a completed one: how many were found wrong or could not be checked, and how many
             of the frame are wrong at most, those that could not be checked taken for wrong.
    """

    __tablename__ = "sample"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("size > 0 AND size <= frame_size", name="size_within_frame"),
        CheckConstraint("level BETWEEN 50 AND 99", name="level_is_percent"),
        CheckConstraint("(completed_at IS NULL) = (completed_by_id IS NULL)", name="completed_by_and_at"),
        CheckConstraint(
            "(completed_at IS NULL) = (wrong IS NULL) AND (completed_at IS NULL) = (unclear IS NULL)"
            " AND (completed_at IS NULL) = (bound IS NULL)",
            name="result_iff_completed",
        ),
        UniqueConstraint("kind_id", "unit_id", "starts_on", "ends_on", "round"),
        Index(None, "campaign_id", "starts_on", "ends_on"),
        Index(None, "unit_id"),
    )

    id: Mapped[IntPK]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    kind_id: Mapped[int] = mapped_column(ForeignKey("kind.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    period: Mapped[Code]
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    round: Mapped[int]
    seed: Mapped[Code]
    is_seed_typed: Mapped[bool]
    level: Mapped[int]
    most_percent: Mapped[int | None]  # what its size was to say, see rules.samples.SamplePlan
    frame: Mapped[list[Any]]
    frame_size: Mapped[int]
    frame_digest: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    drawn_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    drawn_at: Mapped[dt.datetime]
    completed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    completed_at: Mapped[dt.datetime | None]
    wrong: Mapped[int | None]
    unclear: Mapped[int | None]
    bound: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    campaign: Mapped[Campaign] = relationship()
    kind: Mapped[Kind] = relationship()
    unit: Mapped[Unit] = relationship()
    drawn_by: Mapped[User] = relationship(foreign_keys=[drawn_by_id])
    completed_by: Mapped[User | None] = relationship(foreign_keys=[completed_by_id])
    rows: Mapped[list[SampleRow]] = relationship(back_populates="sample", order_by="SampleRow.ordinal")


class SampleRow(Model):
    """One record that was drawn, and what was found of it. note: in the checker's words."""

    __tablename__ = "sample_row"
    __table_args__ = (
        CheckConstraint("(verdict IS NULL) = (checked_at IS NULL)", name="checked_at_iff_verdict"),
        CheckConstraint("(verdict IS NULL) = (checked_by_id IS NULL)", name="checked_by_iff_verdict"),
        CheckConstraint(
            "(verdict IS NOT NULL AND verdict = 'wrong') = (fault IS NOT NULL)", name="fault_iff_wrong"
        ),
        UniqueConstraint("sample_id", "record_id"),
        UniqueConstraint("sample_id", "ordinal"),
        Index(None, "record_id"),
    )

    id: Mapped[IntPK]
    sample_id: Mapped[int] = mapped_column(ForeignKey("sample.id"))
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    ordinal: Mapped[int]
    verdict: Mapped[Verdict | None] = mapped_column(enum_column(Verdict))
    fault: Mapped[Fault | None] = mapped_column(enum_column(Fault))
    note: Mapped[str | None] = mapped_column(String(400))
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    checked_at: Mapped[dt.datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    sample: Mapped[Sample] = relationship(back_populates="rows")
    record: Mapped[Record] = relationship()
    checked_by: Mapped[User | None] = relationship()


class SampleReopening(Model):
    """That a completed sample was opened again: why, and what it had come to."""

    __tablename__ = "sample_reopening"

    id: Mapped[IntPK]
    sample_id: Mapped[int] = mapped_column(ForeignKey("sample.id"), index=True)
    why: Mapped[str] = mapped_column(String(400))
    wrong: Mapped[int]
    unclear: Mapped[int]
    bound: Mapped[int]
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[dt.datetime]

    by: Mapped[User] = relationship()
