"""One row of the ledger, whatever its kind, and the people in it."""

from __future__ import annotations

import datetime as dt
import enum
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import IntPK, Model, enum_column
from tracker.models.batch import Batch
from tracker.models.campaign import Kind
from tracker.models.member import Member
from tracker.models.paper import Paper
from tracker.models.unit import Unit
from tracker.models.user import User

if TYPE_CHECKING:
    from tracker.models.story import Story
    from tracker.models.work import Work


WAITS = "status = 'submitted'"
OPEN_OR_COUNTS = "status IN ('submitted', 'returned', 'verified', 'continued')"


class Status(enum.StrEnum):
    """How far a record has come. Only VERIFIED counts. What is not sent yet is a Draft, no record."""

    SUBMITTED = "submitted"
    VERIFIED = "verified"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"  # taken back by whoever entered it, before it was verified
    REVERSED = "reversed"
    CONTINUED = "continued"  # a later stage of the same fact counts in its place
    COUNTER = "counter"  # the counter-record of a reversed one; it never counts


class OwnerType(enum.StrEnum):
    """Whose record it is."""

    MEMBER = "member"
    GROUP = "group"
    BRANCH = "branch"
    SECTION = "section"
    BUREAU = "bureau"


class Record(Model):
    """One fact. Branch, group and section are those of its owner on the day it happened.

    `identity` recognises the row when its file comes again; `content` tells whether it changed. Both are
    digests (hex). An undone import gives up its identities, a single reversal keeps its own, so that a file
    sent again does not bring back what was reversed.
    """

    __tablename__ = "record"
    __table_args__ = (
        CheckConstraint("minutes IS NULL OR minutes > 0", name="minutes_positive"),
        CheckConstraint("quantity IS NULL OR quantity >= 0", name="quantity_not_negative"),
        CheckConstraint("people_served IS NULL OR people_served >= 0", name="people_served_not_negative"),
        CheckConstraint("headcount IS NULL OR headcount > 0", name="headcount_positive"),
        CheckConstraint("ended_on IS NULL OR ended_on >= happened_on", name="ends_after_start"),
        CheckConstraint("due_on IS NULL OR due_on >= happened_on", name="due_after_start"),
        CheckConstraint("status <> 'verified' OR verified_at IS NOT NULL", name="verified_at_if_verified"),
        CheckConstraint("(verified_at IS NULL) = (verified_by_id IS NULL)", name="verified_by_and_at"),
        CheckConstraint("(status = 'reversed') = (reversed_at IS NOT NULL)", name="reversed_at_iff_reversed"),
        CheckConstraint(
            "verified_by_id IS NULL OR verified_by_id <> entered_by_id OR batch_id IS NOT NULL",
            name="not_verified_by_enterer",
        ),
        CheckConstraint(
            "verified_by_member_id IS NULL OR member_id IS NULL OR verified_by_member_id <> member_id"
            " OR batch_id IS NOT NULL",
            name="not_verified_by_its_member",
        ),
        CheckConstraint("(status = 'returned') = (returned_at IS NOT NULL)", name="returned_at_iff_returned"),
        CheckConstraint("(returned_at IS NULL) = (returned_by_id IS NULL)", name="returned_by_and_at"),
        CheckConstraint("(status = 'counter') = (reverses_id IS NOT NULL)", name="reverses_iff_counter"),
        CheckConstraint("(follows_id IS NULL) = (since_on IS NULL)", name="since_iff_follows"),
        CheckConstraint("(owner_type = 'member') = (member_id IS NOT NULL)", name="member_iff_owner"),
        UniqueConstraint("campaign_id", "identity"),
        Index(None, "kind_id", "status", "happened_on"),
        Index(None, "kind_id", "member_id", "happened_on"),
        Index(None, "batch_id", "batch_row"),
        # What a search finds by what is written: few rows say it, so each index holds those alone.
        *(
            Index(
                None,
                name,
                sqlite_where=text(f"{name} IS NOT NULL"),
                postgresql_where=text(f"{name} IS NOT NULL"),
            )
            for name in ("title", "ref", "category", "place", "community", "subject")
        ),
        Index(None, "status", "branch_id", "entered_at"),
        # What waits, oldest first: little of a ledger that is verified.
        Index(
            "ix_record_waiting",
            *("campaign_id", "entered_at", "id"),
            sqlite_where=text(WAITS),
            postgresql_where=text(WAITS),
        ),
        Index(None, "branch_id", "kind_id", "happened_on"),  # what a branch has of a kind in a month
        Index(None, "group_id", "kind_id", "happened_on"),
        Index(None, "section_id", "kind_id", "happened_on"),
        Index(None, "entered_by_id", "status"),
        # Of one record at most one next stage waits or counts.
        Index(
            "ix_record_follows_id_open",
            "follows_id",
            unique=True,
            sqlite_where=text(OPEN_OR_COUNTS),
            postgresql_where=text(OPEN_OR_COUNTS),
        ),
    )

    id: Mapped[IntPK]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    kind_id: Mapped[int] = mapped_column(ForeignKey("kind.id"))
    ref: Mapped[str | None] = mapped_column(String(64))  # 编号
    happened_on: Mapped[dt.date]
    is_dated: Mapped[bool] = mapped_column(default=True)  # False: the row had no day, it holds from the start
    ended_on: Mapped[dt.date | None]
    due_on: Mapped[dt.date | None]  # by which it is to have come to its last stage
    minutes: Mapped[int | None]
    quantity: Mapped[int | None]
    people_served: Mapped[int | None]
    headcount: Mapped[int | None]  # only where the names are missing
    type: Mapped[str | None] = mapped_column(String(80))
    category: Mapped[str | None] = mapped_column(String(200))
    source: Mapped[str | None] = mapped_column(String(80))
    title: Mapped[str | None] = mapped_column(String(200))
    place: Mapped[str | None] = mapped_column(String(200))
    community: Mapped[str | None] = mapped_column(String(200))
    subject: Mapped[str | None] = mapped_column(String(64))  # a code, never a name
    stage: Mapped[str | None] = mapped_column(String(40))

    owner_type: Mapped[OwnerType] = mapped_column(enum_column(OwnerType))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    section_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))

    status: Mapped[Status] = mapped_column(enum_column(Status))
    version: Mapped[int] = mapped_column(default=1)
    identity: Mapped[str | None] = mapped_column(String(64))
    content: Mapped[str | None] = mapped_column(String(64))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))
    batch_sheet: Mapped[str | None] = mapped_column(String(40))
    batch_row: Mapped[int | None]  # as Excel shows it
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    entered_at: Mapped[dt.datetime]
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    verified_at: Mapped[dt.datetime | None]
    verified_by_member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))  # who the verifier is
    returned_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    returned_at: Mapped[dt.datetime | None]
    returned_why: Mapped[str | None] = mapped_column(String(400))
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("paper.id"), index=True)  # keyed in from it
    reversed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reversed_at: Mapped[dt.datetime | None]
    reversed_why: Mapped[str | None] = mapped_column(String(400))
    replaced_in_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))  # the import that corrected it
    reverses_id: Mapped[int | None] = mapped_column(
        ForeignKey("record.id"), unique=True
    )  # of a counter-record
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"), index=True)  # the stage before
    since_on: Mapped[dt.date | None]  # the day on which this stage was reached
    note: Mapped[str | None] = mapped_column(String(400))  # what was said of this stage
    before_note: Mapped[str | None] = mapped_column(String(400))  # how it was before
    after_note: Mapped[str | None] = mapped_column(String(400))  # how it is now
    late_why: Mapped[str | None] = mapped_column(
        String(400)
    )  # why it came after its period was closed (补记)

    kind: Mapped[Kind] = relationship()
    member: Mapped[Member | None] = relationship(foreign_keys=[member_id])
    group: Mapped[Unit | None] = relationship(foreign_keys=[group_id])
    branch: Mapped[Unit | None] = relationship(foreign_keys=[branch_id])
    section: Mapped[Unit | None] = relationship(foreign_keys=[section_id])
    batch: Mapped[Batch | None] = relationship(foreign_keys=[batch_id])
    paper: Mapped[Paper | None] = relationship()
    entered_by: Mapped[User] = relationship(foreign_keys=[entered_by_id])
    verified_by: Mapped[User | None] = relationship(foreign_keys=[verified_by_id])
    returned_by: Mapped[User | None] = relationship(foreign_keys=[returned_by_id])
    reversed_by: Mapped[User | None] = relationship(foreign_keys=[reversed_by_id])
    reverses: Mapped[Record | None] = relationship(remote_side="Record.id", foreign_keys=[reverses_id])
    follows: Mapped[Record | None] = relationship(remote_side="Record.id", foreign_keys=[follows_id])
    work: Mapped[Work | None] = relationship(back_populates="record")
    participations: Mapped[list[Participation]] = relationship(
        back_populates="record", order_by="Participation.id"
    )
    co_organisers: Mapped[list[CoOrganiser]] = relationship(back_populates="record")
    stories_told: Mapped[list[Story]] = relationship(back_populates="record", order_by="Story.ordinal")

    @property
    def stories(self) -> str | None:
        """The titles of the stories that were told, in one line; None if there were none."""
        return "、".join(story.title for story in self.stories_told) or None


class Participation(Model):
    """One member in one record: a row of attendance (人次). Its places are those of that day."""

    __tablename__ = "participation"
    __table_args__ = (
        CheckConstraint("minutes IS NULL OR minutes > 0", name="minutes_positive"),
        UniqueConstraint("record_id", "member_id"),
        Index(None, "member_id", "record_id"),
        Index(None, "branch_id", "record_id"),  # what the people of a branch were in
        Index(None, "group_id", "record_id"),
    )

    id: Mapped[IntPK]
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    minutes: Mapped[int | None]
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    section_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    version: Mapped[int] = mapped_column(default=1)
    reversed_at: Mapped[dt.datetime | None]
    reversed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reversed_why: Mapped[str | None] = mapped_column(String(400))

    record: Mapped[Record] = relationship(back_populates="participations")
    member: Mapped[Member] = relationship()
    branch: Mapped[Unit | None] = relationship(foreign_keys=[branch_id])


class CoOrganiser(Model):
    """A further branch that held a joint session. The first one stands in the record itself."""

    __tablename__ = "co_organiser"
    __table_args__ = (UniqueConstraint("record_id", "unit_id"),)

    id: Mapped[IntPK]
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)

    record: Mapped[Record] = relationship(back_populates="co_organisers")
    unit: Mapped[Unit] = relationship()
