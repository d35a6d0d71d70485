"""Choices of a list that somebody gave a name, for themselves alone."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import IntPK, Model


class SavedFilter(Model):
    """What one person chose in a list, to be opened again. Nobody else sees it.

    page:       which list, a key of rules.saved_filters.LISTS.
    query:      the choices as they stand in an address.
    removed_at: it can be taken back for a minute; the next one that is saved sweeps it away.
    """

    __tablename__ = "saved_filter"
    __table_args__ = (
        CheckConstraint("name <> '' AND query <> ''", name="said"),
        Index(
            "ix_saved_filter_name_of_one",
            "user_id",
            "page",
            "name",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
    )

    id: Mapped[IntPK]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    page: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(String(2000))
    saved_at: Mapped[dt.datetime]
    removed_at: Mapped[dt.datetime | None]
