"""The campaign: dates, and the kinds, figures and goals that its file defines; the office's figures."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Code, IntPK, Model, Name


class Campaign(Model):
    """One campaign. `definition` is the checked content of its file; kinds are its rows.

    own_figures: what the newest rows of OwnFigure say, in the words of the file: kept here too, so that
                 whoever has the campaign has all its figures.
    """

    __tablename__ = "campaign"
    __table_args__ = (CheckConstraint("ends_on > starts_on", name="ends_after_start"),)

    id: Mapped[IntPK]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    definition: Mapped[dict[str, Any]]
    own_figures: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    loaded_at: Mapped[dt.datetime]
    demo: Mapped[dict[str, Any] | None]  # of the invented bureau: what it brought (services/demo.py)
    is_current: Mapped[bool] = mapped_column(default=False)  # the one that pages open without being asked

    kinds: Mapped[list[Kind]] = relationship(
        back_populates="campaign", order_by="Kind.position", cascade="all, delete-orphan"
    )


class Kind(Model):
    """One sort of record (台账类别). What it asks for stands in the campaign's definition under its code."""

    __tablename__ = "kind"
    __table_args__ = (UniqueConstraint("campaign_id", "code"),)

    id: Mapped[IntPK]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    code: Mapped[Code]
    name: Mapped[Name]
    position: Mapped[int]

    campaign: Mapped[Campaign] = relationship(back_populates="kinds")
