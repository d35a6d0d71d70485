"""What belongs to a plan before it is reported: printed sheets, and who ticked themselves in."""

from __future__ import annotations

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import IntPK, Model
from tracker.models.member import Member
from tracker.models.paper import Paper
from tracker.models.plan import Plan


class PlanSheet(Model):
    """A sign-in sheet printed for a plan. Its code and its names stand in the paper."""

    __tablename__ = "plan_sheet"
    __table_args__ = (UniqueConstraint("paper_id"),)

    id: Mapped[IntPK]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"))

    plan: Mapped[Plan] = relationship()
    paper: Mapped[Paper] = relationship()


class Arrival(Model):
    """A member who said "I am here". A proposal for the list of those present; gone once it is reported."""

    __tablename__ = "arrival"
    __table_args__ = (UniqueConstraint("plan_id", "member_id"),)

    id: Mapped[IntPK]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)

    plan: Mapped[Plan] = relationship()
    member: Mapped[Member] = relationship()
