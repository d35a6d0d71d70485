"""How an office, or a branch, wants the ledger of a kind on its sheets, saved under a name."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Code, IntPK, Model, Name
from tracker.models.unit import Unit
from tracker.models.user import User


class Layout(Model):
    """A layout (表样) of the bureau, for everybody who takes ledgers away, or of one branch, for its keepers.

    kind:    its code, as in the campaign file.
    content: as `rules.layouts.Layout.as_json` shapes it.
    """

    __tablename__ = "layout"
    __table_args__ = (
        UniqueConstraint("campaign_id", "kind", "unit_id", "name"),
        # A NULL is equal to no other, so the bureau's own need an index of theirs.
        Index(
            "ix_layout_name_of_bureau",
            "campaign_id",
            "kind",
            "name",
            unique=True,
            sqlite_where=text("unit_id IS NULL"),
            postgresql_where=text("unit_id IS NULL"),
        ),
        Index(None, "unit_id"),
    )

    id: Mapped[IntPK]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))  # a branch; None: the bureau's
    kind: Mapped[Code]
    name: Mapped[Name]
    content: Mapped[dict[str, Any]]
    version: Mapped[int] = mapped_column(default=1)
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    saved_at: Mapped[dt.datetime]

    saved_by: Mapped[User] = relationship()
    unit: Mapped[Unit | None] = relationship(lazy="joined")
