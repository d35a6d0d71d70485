"""Accounts, and what they may do where."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Code, IntPK, Model, Name, enum_column
from tracker.models.member import Member
from tracker.models.unit import Unit, UnitLevel


class Role(enum.StrEnum):
    """What an account is for."""

    OFFICE = "office"
    AUDITOR = "auditor"  # reads everything, changes nothing
    SECRETARY = "secretary"
    DEPUTY = "deputy"  # a secretary's rights, for absence and hand-over
    GROUP_LEADER = "group_leader"
    SECTION_HEAD = "section_head"
    MEMBER = "member"
    ADMINISTRATOR = "administrator"  # runs the machine, sees no business data


# At what a role is held. The others have no unit: the whole bureau, the person's own records, the machine.
LEVELS: dict[Role, UnitLevel] = {
    Role.SECRETARY: UnitLevel.BRANCH,
    Role.DEPUTY: UnitLevel.BRANCH,
    Role.GROUP_LEADER: UnitLevel.GROUP,
    Role.SECTION_HEAD: UnitLevel.SECTION,
}


class User(Model):
    """One account. A password that somebody else drew (a slip) must be changed, and ends by itself.

    totp_secret is sealed (services/second_factor.py); totp_step is the last code's, which is no use again.
    """

    __tablename__ = "user_account"  # `user` is a reserved word of PostgreSQL

    id: Mapped[IntPK]
    login: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    password_hash: Mapped[str] = mapped_column(String(200))
    password_at: Mapped[dt.datetime | None]  # since when; None: from before that was noted
    former_hashes: Mapped[list[Any]] = mapped_column(default=list)  # of the passwords before, the last first
    must_change: Mapped[bool] = mapped_column(default=False)
    slip_until: Mapped[dt.datetime | None]  # after it a slip's password opens nothing
    is_disabled: Mapped[bool] = mapped_column(default=False)
    is_reminded: Mapped[bool] = mapped_column(default=True)  # whether they want reminders in the tracker
    wants_tour: Mapped[bool | None]  # to be offered one; None: not signed in with a slip yet
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), unique=True)
    totp_secret: Mapped[str | None] = mapped_column(String(400))
    totp_step: Mapped[int | None]
    signed_in_at: Mapped[dt.datetime | None]

    member: Mapped[Member | None] = relationship()
    grants: Mapped[list[Grant]] = relationship(
        back_populates="user", lazy="selectin", order_by="Grant.id", cascade="all, delete-orphan"
    )

    is_authenticated = True
    is_anonymous = False
    # Of the session that this request came with; set when it is loaded, kept in no column.
    token = ""
    session_id = 0
    works_in = 0  # the id of the campaign in which this browser works; 0: the current one
    seen_at = dt.datetime.max.replace(tzinfo=dt.UTC)

    @property
    def is_active(self) -> bool:
        return not self.is_disabled

    def get_id(self) -> str:
        """What Flask-Login keeps in the cookie: the session's opaque token."""
        return self.token


class Grant(Model):
    """One role of one account at one unit; roles that have no unit hold for the whole bureau (None)."""

    __tablename__ = "user_grant"
    __table_args__ = (
        UniqueConstraint("user_id", "role", "unit_id"),
        CheckConstraint(
            "(role IN ('secretary', 'deputy', 'group_leader', 'section_head')) = (unit_id IS NOT NULL)",
            name="unit_iff_role_has_one",
        ),
        Index(None, "unit_id", "role"),
    )

    id: Mapped[IntPK]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    role: Mapped[Role] = mapped_column(enum_column(Role))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))

    user: Mapped[User] = relationship(back_populates="grants")
    unit: Mapped[Unit | None] = relationship(lazy="joined")
