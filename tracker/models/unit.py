"""The party tree (committee, branch, group) and the second tree of sections."""

from __future__ import annotations

import datetime as dt
import enum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Code, IntPK, Model, Name, enum_column


class UnitLevel(enum.StrEnum):
    """Where in its tree a unit stands."""

    COMMITTEE = "committee"
    BRANCH = "branch"
    GROUP = "group"
    SECTION = "section"


class UnitCategory(enum.StrEnum):
    """What sort of branch it is: 在职, 离退休, 联合, 临时."""

    SERVING = "serving"
    RETIRED = "retired"
    JOINT = "joint"
    TEMPORARY = "temporary"


class Unit(Model):
    """One party organisation, or one section. A unit without dates has always been there."""

    __tablename__ = "unit"
    __table_args__ = (
        CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on > starts_on", name="ends_after_start"
        ),
        CheckConstraint("(level IN ('committee', 'section')) OR parent_id IS NOT NULL", name="has_parent"),
        Index("uq_unit_place", "level", "parent_id", "name", unique=True),
    )

    id: Mapped[IntPK]
    level: Mapped[UnitLevel] = mapped_column(enum_column(UnitLevel))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[Name]
    pinyin: Mapped[str] = mapped_column(String(400), default="")
    category: Mapped[UnitCategory | None] = mapped_column(enum_column(UnitCategory))
    code: Mapped[Code | None]
    position: Mapped[int] = mapped_column(default=0)
    starts_on: Mapped[dt.date | None]
    ends_on: Mapped[dt.date | None]

    parent: Mapped[Unit | None] = relationship(remote_side="Unit.id", back_populates="children")
    children: Mapped[list[Unit]] = relationship(back_populates="parent", order_by="Unit.position, Unit.id")
