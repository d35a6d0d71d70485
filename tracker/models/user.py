"""Accounts and what they may do where."""

from __future__ import annotations

import datetime as dt
import enum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Code, IntPK, Model, Name, enum_column
from tracker.models.unit import Unit


class Role(enum.StrEnum):
    """What an account is for."""

    OFFICE = "office"
    AUDITOR = "auditor"
    SECRETARY = "secretary"


class User(Model):
    """One account. `failed_count` and `locked_until` survive a refused request on purpose."""

    __tablename__ = "user_account"  # `user` is a reserved word of PostgreSQL

    id: Mapped[IntPK]
    login: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    password_hash: Mapped[str] = mapped_column(String(200))
    session_salt: Mapped[str] = mapped_column(String(64))  # changing it ends every session of the account
    is_disabled: Mapped[bool] = mapped_column(default=False)
    failed_count: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[dt.datetime | None]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))

    grants: Mapped[list[Grant]] = relationship(back_populates="user", lazy="selectin")

    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        return not self.is_disabled

    def get_id(self) -> str:
        return f"{self.id}:{self.session_salt}"


class Grant(Model):
    """One role of one account at one unit; the office and the auditor have the whole bureau (None)."""

    __tablename__ = "user_grant"
    __table_args__ = (UniqueConstraint("user_id", "role", "unit_id"),)

    id: Mapped[IntPK]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    role: Mapped[Role] = mapped_column(enum_column(Role))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))

    user: Mapped[User] = relationship(back_populates="grants")
    unit: Mapped[Unit | None] = relationship()
