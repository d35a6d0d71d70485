"""What is kept of the codes with which somebody signs in whose device is lost."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import IntPK, Model


class RecoveryCode(Model):
    """One code that was not used yet; its row goes with its use. digest: of rules.recovery_codes."""

    __tablename__ = "recovery_code"

    id: Mapped[IntPK]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    drawn_at: Mapped[dt.datetime]
