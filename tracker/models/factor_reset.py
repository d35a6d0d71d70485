"""What is asked for when somebody has lost both device and recovery codes: two of the office must agree."""

from __future__ import annotations

import datetime as dt
import enum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import IntPK, Model, enum_column
from tracker.models.user import User


class ResetState(enum.StrEnum):
    """What became of a request."""

    OPEN = "open"
    DONE = "done"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class FactorReset(Model):
    """A request to take somebody's second step away. Until another one of the office confirms it, it stands.

    asked_by:  None for the command line, which needs no second person.
    closed_by: who confirmed or withdrew it.
    told_at:   when the one concerned was told, at their next sign-in.
    """

    __tablename__ = "factor_reset"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="reasoned"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_unless_open"),
        CheckConstraint(
            "state <> 'done' OR asked_by_id IS NULL OR (closed_by_id IS NOT NULL"
            " AND asked_by_id <> closed_by_id AND user_id <> asked_by_id AND user_id <> closed_by_id)",
            name="done_by_two",
        ),
        Index(None, "user_id", "asked_at"),
        Index(
            "ix_factor_reset_open", "user_id", unique=True,
            sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'"),
        ),
    )  # fmt: skip

    id: Mapped[IntPK]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    state: Mapped[ResetState] = mapped_column(enum_column(ResetState), default=ResetState.OPEN)
    reason: Mapped[str] = mapped_column(String(200))
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[dt.datetime]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    closed_at: Mapped[dt.datetime | None]
    told_at: Mapped[dt.datetime | None]

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    asked_by: Mapped[User | None] = relationship(foreign_keys=[asked_by_id])
    closed_by: Mapped[User | None] = relationship(foreign_keys=[closed_by_id])
