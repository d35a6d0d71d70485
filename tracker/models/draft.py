"""What somebody has begun to write and not sent yet."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import IntPK, Model
from tracker.models.campaign import Kind
from tracker.models.record import Record


class Draft(Model):
    """One form as it was typed. It is nobody's but its writer's, counts nowhere and is in no export.

    fields:    name of the field -> text, exactly as typed.
    record_id: the returned record that it corrects; None for a new one.
    version:   goes up with each saving: a second tab with an older one is told, and keeps its text apart.
    """

    __tablename__ = "draft"

    id: Mapped[IntPK]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    kind_id: Mapped[int] = mapped_column(ForeignKey("kind.id"))
    record_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"))
    fields: Mapped[dict[str, Any]]
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[dt.datetime]

    kind: Mapped[Kind] = relationship()
    record: Mapped[Record | None] = relationship()
