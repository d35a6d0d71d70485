"""Who ticked what, and whose number stands in the ledger instead."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import select

from tracker.db import db
from tracker.models import Campaign, Kind, Record, Status
from tracker.queries.campaigns import spec_of
from tracker.rules.ticks import TickList, list_of, tick_lists

MOST_NAMED = 5_000  # members in one statement
# What was given back comes again, or is withdrawn: until then it keeps its place.
STANDS = (Status.SUBMITTED, Status.RETURNED, Status.VERIFIED)


@dataclass(slots=True)
class Ticks:
    """One member and one list. total: of rows that give a number; None where none stands.

    records: title -> the record that is its tick.
    """

    ticked: TickList
    total: int | None = None
    records: dict[str, Record] = field(default_factory=dict)

    def count(self, *statuses: Status) -> int:
        return sum(record.status in statuses for record in self.records.values())


def ticks_among(campaign: Campaign, ids: Collection[int]) -> set[int]:
    """Those of the records that are ticks of the campaign."""
    lists = tick_lists(spec_of(campaign))
    rows = db.session.execute(
        select(Kind.code, Record)
        .join(Kind, Kind.id == Record.kind_id)
        .where(Record.campaign_id == campaign.id, Record.id.in_(ids))
    )
    return {record.id for kind, record in rows if list_of(lists, kind, record) is not None}


def ticks_of(
    campaign: Campaign, member_ids: Collection[int], lists: tuple[TickList, ...] | None = None
) -> dict[int, dict[str, Ticks]]:
    """member -> code of a list -> what stands. Every member has every list. One statement.

    lists: of the campaign's current definition where none are given.
    """
    lists = tick_lists(spec_of(campaign)) if lists is None else lists
    found = {member: {one.code: Ticks(one) for one in lists} for member in member_ids}
    if not lists or not member_ids:
        return found
    some = len(member_ids) <= MOST_NAMED  # of more, a statement reads the kind and picks them out here
    rows = db.session.execute(
        select(Kind.code, Record)
        .join(Kind, Kind.id == Record.kind_id)
        .where(
            Record.campaign_id == campaign.id,
            Kind.code.in_({one.kind.code for one in lists}),
            Record.member_id.in_(member_ids) if some else Record.member_id.is_not(None),
            Record.status.in_(STANDS),
        )
        .order_by(Record.id)
        .execution_options(populate_existing=True)
    )
    for kind, record in rows:
        own = found.get(record.member_id or 0)
        if own is None:
            continue
        tick = list_of(lists, kind, record)
        if tick is not None:
            own[tick.code].records[record.title or ""] = record
            continue
        for one in lists:
            if one.kind.code == kind and one.holds(record):
                own[one.code].total = (own[one.code].total or 0) + (record.quantity or 0)
    return found
