"""When the program last did what it should do again and again; whoever watches it reads this."""

from __future__ import annotations

import datetime as dt
import enum

from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import IntPK, Model, enum_column


class Beat(enum.StrEnum):
    """What comes again: the worker's two rounds, and the recount of `flask data check`."""

    MINUTE = "minute"
    HOUR = "hour"
    TOTALS = "totals"


class Heartbeat(Model):
    """The last time of one of them; a row for each. No archive has it: it says nothing of another machine.

    is_well: nothing broke off in the round; the recount found nothing that differs.
    """

    __tablename__ = "heartbeat"

    id: Mapped[IntPK]
    beat: Mapped[Beat] = mapped_column(enum_column(Beat), unique=True)
    at: Mapped[dt.datetime]
    is_well: Mapped[bool]
