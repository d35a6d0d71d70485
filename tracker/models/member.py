"""Members, where they belonged when, and what they are exempt from."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Code, IntPK, Model, Name
from tracker.models.unit import Unit


class Member(Model):
    """One party member, recognised by number. Two members may share a name."""

    __tablename__ = "member"

    id: Mapped[IntPK]
    number: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    pinyin: Mapped[str] = mapped_column(String(400), default="", index=True)  # "zhangsan zs"
    joined_on: Mapped[dt.date | None]
    phone: Mapped[str | None] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(default=1)

    memberships: Mapped[list[Membership]] = relationship(
        back_populates="member", order_by="Membership.starts_on.nulls_first(), Membership.id"
    )
    exemptions: Mapped[list[Exemption]] = relationship(back_populates="member")


class Membership(Model):
    """Where a member belongs from one day to the day before another (组织关系).

    Days: from `starts_on` (None: from ever) up to and without `ends_on` (None: still).
    Category and standing are the roster's own words (在职, 正式党员): they are data of the roster.
    """

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on > starts_on", name="ends_after_start"
        ),
        Index(None, "member_id", "starts_on"),
        Index(None, "branch_id"),
    )

    id: Mapped[IntPK]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    branch_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    section_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    category: Mapped[str | None] = mapped_column(String(40))  # 在职, 离退休
    standing: Mapped[str | None] = mapped_column(String(40))  # 正式党员, 预备党员
    duty: Mapped[str | None] = mapped_column(String(80))
    starts_on: Mapped[dt.date | None]
    ends_on: Mapped[dt.date | None]

    member: Mapped[Member] = relationship(back_populates="memberships")
    branch: Mapped[Unit] = relationship(foreign_keys=[branch_id])
    group: Mapped[Unit | None] = relationship(foreign_keys=[group_id])
    section: Mapped[Unit | None] = relationship(foreign_keys=[section_id])


class Exemption(Model):
    """A member is not counted in "all" for a stated reason, from one day to the day before another."""

    __tablename__ = "exemption"
    __table_args__ = (
        CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on > starts_on", name="ends_after_start"
        ),
    )

    id: Mapped[IntPK]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    reason: Mapped[Name]
    starts_on: Mapped[dt.date | None]
    ends_on: Mapped[dt.date | None]

    member: Mapped[Member] = relationship(back_populates="exemptions")
