"""Folded cells: sums of verified rows by day, so that a page need not read the ledger."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import INT, IntPK, Model


class Tally(Model):
    """What is folded: one question (kind, filter, measure, scope), shared by the figures that ask it."""

    __tablename__ = "tally"
    __table_args__ = (UniqueConstraint("campaign_id", "code"),)

    id: Mapped[IntPK]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    kind_id: Mapped[int] = mapped_column(ForeignKey("kind.id"))
    code: Mapped[str] = mapped_column(String(64))  # digest of `question`
    question: Mapped[dict[str, Any]]  # rules.tallies.Question as JSON
    # Drawn anew whenever cells of the tally are replaced, so never the same twice; 0: not since there are
    # versions. What a process has worked out from the cells holds while this stays (queries/worked_out.py).
    version: Mapped[int] = mapped_column(INT, default=0, server_default="0")


class TallyCell(Model):
    """What one day adds: of one tally, in one place (member, unit or 0 for the bureau), for one entity.

    `entity` is what is counted once (a member's id, a subject's code …) and '' where things are summed.
    A cell is replaced by a recount of its rows, never added to.
    """

    __tablename__ = "tally_cell"
    # A figure adds up all cells of its tally: SQLite keeps them in the order of their key, so that they are
    # read one after the other and not each where it was written (decision 0080).
    __table_args__ = (Index(None, "tally_id", "day"), {"sqlite_with_rowid": False})

    tally_id: Mapped[int] = mapped_column(ForeignKey("tally.id"), primary_key=True)
    place_id: Mapped[int] = mapped_column(primary_key=True)
    entity: Mapped[str] = mapped_column(String(200), primary_key=True)
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    value: Mapped[int]
