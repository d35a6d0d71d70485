"""Folded cells: sums of verified rows by day, so that a page need not read the ledger."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import IntPK, Model


class Tally(Model):
    """What is folded: one question (kind, filter, measure, scope), shared by the figures that ask it."""

    __tablename__ = "tally"
    __table_args__ = (UniqueConstraint("campaign_id", "code"),)

    id: Mapped[IntPK]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    kind_id: Mapped[int] = mapped_column(ForeignKey("kind.id"))
    code: Mapped[str] = mapped_column(String(64))  # digest of `question`
    question: Mapped[dict[str, Any]]  # rules.tallies.Question as JSON


class TallyCell(Model):
    """What one day adds: of one tally, in one place (member, unit or 0 for the bureau), for one entity.

    `entity` is what is counted once (a member's id, a subject's code …) and '' where things are summed.
    A cell is replaced by a recount of its rows, never added to.
    """

    __tablename__ = "tally_cell"
    __table_args__ = (
        UniqueConstraint("tally_id", "place_id", "entity", "day"),
        Index(None, "tally_id", "day"),
    )

    id: Mapped[IntPK]
    tally_id: Mapped[int] = mapped_column(ForeignKey("tally.id"))
    place_id: Mapped[int]
    entity: Mapped[str] = mapped_column(String(200))
    day: Mapped[dt.date]
    value: Mapped[int]
