"""Whether an issue has so many rows behind it that nobody waits for it at a page."""

from __future__ import annotations

from sqlalchemy import select

from tracker.db import db
from tracker.models import Campaign, Record, Status

MANY = 20_000  # verified records; fewer are read and kept within some seconds


def is_long(campaign: Campaign) -> bool:
    """Whether its bulletins are issued as long work. Looks at `MANY` entries of an index at most."""
    counted = Record.campaign_id == campaign.id, Record.status == Status.VERIFIED
    found = select(Record.id).where(*counted).limit(1).offset(MANY)
    return db.session.scalar(found) is not None
