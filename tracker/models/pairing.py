"""What stands beside the record of a pairing: the sealed person, who opened it, and notes."""

from __future__ import annotations

import datetime as dt
import enum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import IntPK, Model, enum_column
from tracker.models.user import User


class OpenedWhy(enum.StrEnum):
    """Why sealed particulars are opened. A closed list: what people type would name the person in clear."""

    VISIT = "visit"
    CALL = "call"
    CHECK = "check"
    HAND_OVER = "hand_over"
    EMERGENCY = "emergency"


class DeletedWhy(enum.StrEnum):
    """Why sealed particulars were deleted. A closed list for the same reason."""

    ENDED = "ended"
    ASKED = "asked"
    MISTAKE = "mistake"
    DUE = "due"  # their day had come


class SealedPerson(Model):
    """The name and contact behind a code, readable only with a key that is not in the database.

    One for each code in a branch: a code that another branch writes, or mistypes, opens nothing. Deleted, the
    row stays without what was sealed, for its log.
    """

    __tablename__ = "sealed_person"
    __table_args__ = (
        CheckConstraint("(deleted_at IS NULL) = (sealed IS NOT NULL)", name="sealed_until_deleted"),
        CheckConstraint("(sealed IS NULL) = (nonce IS NULL)", name="nonce_iff_sealed"),
        CheckConstraint("(deleted_at IS NULL) = (deleted_why IS NULL)", name="deleted_why_and_at"),
        Index(None, "delete_on"),
        Index(
            "ix_sealed_person_present",
            "campaign_id",
            "branch_id",
            "subject",
            unique=True,
            sqlite_where=text("deleted_at IS NULL"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
    )

    id: Mapped[IntPK]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    branch_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    subject: Mapped[str] = mapped_column(String(64))  # the code
    suite: Mapped[str] = mapped_column(String(24))  # rules.seals.SUITES
    key_name: Mapped[str] = mapped_column(String(24))  # which key of the file of keys
    nonce: Mapped[bytes | None] = mapped_column(LargeBinary)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[dt.datetime]
    written_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))  # who wrote it last
    written_at: Mapped[dt.datetime]
    delete_on: Mapped[dt.date]
    deleted_at: Mapped[dt.datetime | None]
    deleted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # None: its day had come
    deleted_why: Mapped[DeletedWhy | None] = mapped_column(enum_column(DeletedWhy))
    version: Mapped[int] = mapped_column(default=1)

    created_by: Mapped[User] = relationship(foreign_keys=[created_by_id])
    written_by: Mapped[User] = relationship(foreign_keys=[written_by_id])
    deleted_by: Mapped[User | None] = relationship(foreign_keys=[deleted_by_id])


class SealedOpening(Model):
    """Somebody asked for sealed particulars: written, and committed, before anything is opened."""

    __tablename__ = "sealed_opening"
    __table_args__ = (Index(None, "sealed_person_id", "at"), Index(None, "record_id"))

    id: Mapped[IntPK]
    sealed_person_id: Mapped[int] = mapped_column(ForeignKey("sealed_person.id"))
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))  # on whose page
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[dt.datetime]
    why: Mapped[OpenedWhy] = mapped_column(enum_column(OpenedWhy))

    by: Mapped[User] = relationship()
    person: Mapped[SealedPerson] = relationship()


class NoteSort(enum.StrEnum):
    """What a note of a pairing says."""

    VISIT = "visit"
    NEED = "need"
    MEASURE = "measure"


class PairingNote(Model):
    """One visit, need or measure of a member's pairing with a code. It outlives the stages of the record."""

    __tablename__ = "pairing_note"
    __table_args__ = (
        CheckConstraint("sort = 'visit' OR text IS NOT NULL", name="text_unless_visit"),
        Index(None, "campaign_id", "member_id", "subject", "happened_on"),
    )

    id: Mapped[IntPK]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    subject: Mapped[str] = mapped_column(String(64))
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), index=True)  # on whose page it was noted
    sort: Mapped[NoteSort] = mapped_column(enum_column(NoteSort))
    happened_on: Mapped[dt.date]
    text: Mapped[str | None] = mapped_column(String(200))
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    entered_at: Mapped[dt.datetime]

    entered_by: Mapped[User] = relationship()
