"""Keeps when something that comes again was done last."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.dialects import postgresql, sqlite

from tracker.db import db
from tracker.models import Beat, Heartbeat


def note_beat(beat: Beat, at: dt.datetime, *, is_well: bool) -> None:
    """Keep that it was done now; the time before is forgotten. Two at once leave one of them."""
    make = (postgresql if db.engine.dialect.name == "postgresql" else sqlite).insert
    statement = make(Heartbeat).values(beat=beat, at=at, is_well=is_well)
    values = {"at": statement.excluded.at, "is_well": statement.excluded.is_well}
    db.session.execute(statement.on_conflict_do_update(index_elements=["beat"], set_=values))
