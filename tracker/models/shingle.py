"""The index by which near copies of texts are found."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import INT, Model


class Shingle(Model):
    """One shingle of a text, as a number: rules.near_copies says which are kept. It holds no words."""

    __tablename__ = "shingle"

    value: Mapped[int] = mapped_column(INT, primary_key=True, autoincrement=False)
    work_id: Mapped[int] = mapped_column(
        ForeignKey("work.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )
