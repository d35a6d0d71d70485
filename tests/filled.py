"""A ledger with something of everything, that counts: for tests of the schema."""

from __future__ import annotations

from sqlalchemy import select

from tests.bureau import DAY, Bureau
from tests.maker import NOW, Maker
from tests.world import World
from tracker.db import db
from tracker.models import Record
from tracker.services.stages import carry_on
from tracker.services.verifications import verify_records


def filled(make: Maker) -> int:
    """Write and commit it. Returns the campaign's id."""
    bureau = Bureau(make)
    World(make, bureau.campaign)
    task = db.session.scalars(select(Record).where(Record.stage == "在办")).one()
    later = carry_on(
        task, to="完成", on=DAY, note="修好了", version=task.version, by=make.office, at=NOW, last=DAY
    )
    verify_records([(later.id, later.version)], by=make.user(), at=NOW)
    db.session.commit()
    return bureau.campaign.id
