"""By which identity a file recognises what was entered by hand."""

from __future__ import annotations

import itertools

from sqlalchemy import select, update

from tracker.db import db
from tracker.models import Campaign, Record, Status
from tracker.rules.campaigns import Kind
from tracker.rules.ledger_entries import Entry, base_of, identity_digest
from tracker.rules.ledgers import LedgerPlan


def free_identity(
    plan: LedgerPlan,
    entry: Entry,
    kind: Kind,
    campaign: Campaign,
    correcting: Record | None,
    taken: set[str],
) -> str | None:
    """The identity by which a file recognises the entry: of equal facts, the next free one.

    Where the kind names what tells its records apart there is only one. None if another record has it; one
    that was reversed gives it up to the entry that puts it right (`plan.freed`).
    """
    base = base_of(entry, kind)
    is_named = base != base_of(entry, kind, by_content=True)
    for ordinal in itertools.count():
        identity = identity_digest(base, ordinal)
        if identity not in taken:
            held = db.session.execute(
                select(Record.id, Record.status).where(
                    Record.campaign_id == campaign.id, Record.identity == identity
                )
            ).first()
            if held is None or (correcting is not None and held.id == correcting.id):
                return identity
            if is_named and held.status is Status.REVERSED:
                plan.freed.add(held.id)
                return identity
        if is_named:
            return None
    raise AssertionError("counting does not end")


def give_up_identities(plan: LedgerPlan) -> None:
    """Let reversed records give their identity up to the entries that put them right."""
    if plan.freed:
        reversed_ones = Record.id.in_(plan.freed), Record.status == Status.REVERSED
        db.session.execute(update(Record).where(*reversed_ones).values(identity=None))
