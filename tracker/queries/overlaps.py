"""Where somebody was on a day on which they note hours of their own: what may be the same time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select, true

from tracker.db import db
from tracker.models import Campaign, Participation, Record, Status, User
from tracker.models import Kind as KindRow
from tracker.queries.access import records_within
from tracker.rules.campaigns import Kind

STANDS = (Status.SUBMITTED, Status.VERIFIED)

Day = tuple[int, dt.date]  # member and day


@dataclass(frozen=True, slots=True)
class Attended:
    """One attendance. minutes: None where the session says no time."""

    record_id: int
    what: str
    minutes: int | None


def attended(
    campaign: Campaign, kind: Kind, days: Collection[Day], reader: User | None = None
) -> dict[Day, list[Attended]]:
    """What these members attended on these days, of the kinds with which `kind` may overlap.

    reader: only what they may see; None: what is the members' own to know.
    """
    if not kind.overlaps_with or not days:
        return {}
    rows = db.session.execute(
        select(
            Participation.member_id, Record.happened_on, Record.id, Record.title, Record.type, KindRow.name,
            Participation.minutes, Record.minutes,
        )
        .join(Record, Record.id == Participation.record_id)
        .join(KindRow, KindRow.id == Record.kind_id)
        .where(
            Record.campaign_id == campaign.id,
            KindRow.code.in_(kind.overlaps_with),
            Record.status.in_(STANDS),
            Record.is_dated,
            Record.happened_on.in_({day for _, day in days}),
            Participation.member_id.in_({member for member, _ in days}),
            Participation.reversed_at.is_(None),
            records_within(reader) if reader else true(),
        )
        .order_by(Record.id)
    )  # fmt: skip
    found: dict[Day, list[Attended]] = {}
    for member, day, record_id, title, type_, name, own, whole in rows:
        if (member, day) in days:
            found.setdefault((member, day), []).append(
                Attended(record_id, title or type_ or name, own or whole)
            )
    return found
