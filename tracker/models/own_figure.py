"""Figures that the office makes in the browser: every version of each."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Code, IntPK, Model
from tracker.models.user import User


class OwnFigure(Model):
    """A figure that the office made in the browser, as it was at one time: rows are added, never changed.

    figure:  its id, beginning with `rules.own_figures.PREFIX`. The highest `version` of it holds.
    words:   the keys of a [[figures]] table, a day as text; of one that is withdrawn, as they were.
    """

    __tablename__ = "own_figure"
    __table_args__ = (
        UniqueConstraint("campaign_id", "figure", "version"),
        CheckConstraint("version > 0", name="version_counts"),
    )

    id: Mapped[IntPK]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    figure: Mapped[Code]
    version: Mapped[int]
    words: Mapped[dict[str, Any]]
    is_withdrawn: Mapped[bool] = mapped_column(default=False)
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    saved_at: Mapped[dt.datetime]

    saved_by: Mapped[User] = relationship()
