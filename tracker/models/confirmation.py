"""The community's word that something was done."""

from __future__ import annotations

import datetime as dt
import enum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import IntPK, Model, enum_column
from tracker.models.record import Record


class Heard(enum.StrEnum):
    """How the community said so."""

    IN_PERSON = "in person"
    PHONE = "phone"
    WRITTEN = "written"


class Confirmation(Model):
    """Who of the community said so, by office and never by name; when, and how.

    One of a record stands at a time; one that was wrong is ended with a reason and stays.
    """

    __tablename__ = "confirmation"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_by_and_at"),
        CheckConstraint("(ended_at IS NULL) = (ended_why IS NULL)", name="ended_why_and_at"),
        Index(
            "ix_confirmation_record_id_standing",
            "record_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(None, "record_id", "id"),
    )

    id: Mapped[IntPK]
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    said_by: Mapped[str] = mapped_column(String(40))  # an office of the community
    said_on: Mapped[dt.date]
    heard: Mapped[Heard] = mapped_column(enum_column(Heard))
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    entered_at: Mapped[dt.datetime]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[dt.datetime | None]
    ended_why: Mapped[str | None] = mapped_column(String(400))

    record: Mapped[Record] = relationship()
