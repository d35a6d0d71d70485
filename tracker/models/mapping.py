"""How the headings of another program's workbook are read, saved under a name."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import IntPK, Model, Name
from tracker.models.user import User


class Mapping(Model):
    """Columns of a platform's export (列对应). An import keeps its own copy: this one may change or go.

    content: as `rules.mappings.MappingSpec.as_json` shapes it.
    """

    __tablename__ = "mapping"
    __table_args__ = (UniqueConstraint("campaign_id", "name"),)

    id: Mapped[IntPK]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    name: Mapped[Name]
    content: Mapped[dict[str, Any]]
    version: Mapped[int] = mapped_column(default=1)
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    saved_at: Mapped[dt.datetime]

    saved_by: Mapped[User] = relationship()
