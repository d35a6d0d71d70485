"""Rows that the ledger holds already, though not as the file recognises them.

A sheet that the ledger was written out to says what stands now: without an attendance that was reversed, with
a due day that was changed, with one of two equal rows of which the other was withdrawn. Brought in again it
changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple, TypeVar

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import selectinload

from tracker.db import db
from tracker.models import Campaign, DeadlineChange, Participation, Record, Status
from tracker.queries.layouts import entry_of
from tracker.rules.campaigns import CampaignSpec
from tracker.rules.ledger_entries import base_of, content_digest, content_of, identity_digest
from tracker.rules.ledgers import LedgerPlan

CHUNK = 5_000  # values of one IN list
FURTHER = 2  # ordinals beyond those of the file at which an equal row is looked for
STANDING = (Status.SUBMITTED, Status.RETURNED, Status.VERIFIED)

Value = TypeVar("Value")


class Stored(NamedTuple):
    """A record that is there already."""

    id: int
    content: str | None
    status: Status


def chunks(values: Iterable[Value]) -> Iterator[list[Value]]:
    """The values in lists that a database takes in one statement."""
    rest = iter(values)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def stored_by_identity(campaign_id: int, identities: Iterable[str]) -> dict[str, Stored]:
    """Records by the identities that the file has too."""
    if not db.session.scalar(select(Record.id).where(Record.campaign_id == campaign_id).limit(1)):
        return {}
    found: dict[str, Stored] = {}
    for chunk in chunks(identities):
        rows = db.session.execute(
            select(Record.identity, Record.id, Record.content, Record.status).where(
                Record.campaign_id == campaign_id, Record.identity.in_(chunk)
            )
        )
        found.update((key, Stored(id_, content, status)) for key, id_, content, status in rows if key)
    return found


def known_again(
    plan: LedgerPlan, campaign: Campaign, spec: CampaignSpec, stored: Mapping[str, Stored]
) -> dict[int, Stored]:
    """position of an entry → the record that says the very same now. Each record once.

    stored: what the entries' own identities found; those that say the same need nothing more.
    """
    claimed: set[int] = set()
    unsure: list[int] = []
    for position, entry in enumerate(plan.entries):
        old = stored.get(entry.identity)
        if old is not None and old.content == entry.content:
            claimed.add(old.id)
        else:
            unsure.append(position)
    if not unsure or not stored_any(campaign.id):
        return {}
    found: dict[int, Stored] = {}
    changed = _changed_since(plan, campaign, unsure)
    further = _further(plan, campaign, spec, [n for n in unsure if plan.entries[n].identity not in stored])
    for position in unsure:
        content = plan.entries[position].content
        for known in (*changed.get(content, ()), *further.get(content, ())):
            if known.id not in claimed:
                claimed.add(known.id)
                found[position] = known
                break
    return found


def stored_any(campaign_id: int) -> bool:
    """Whether the campaign's ledger holds anything yet."""
    return db.session.scalar(select(Record.id).where(Record.campaign_id == campaign_id).limit(1)) is not None


def _changed_since(plan: LedgerPlan, campaign: Campaign, unsure: list[int]) -> dict[str, list[Stored]]:
    """What records say now of which an attendance was reversed or the due day changed: digest → records."""
    entries = [plan.entries[position] for position in unsure]
    codes, days = {entry.kind for entry in entries}, [entry.happened_on for entry in entries]
    reversed_one: ColumnElement[bool] = exists().where(
        Participation.record_id == Record.id, Participation.reversed_at.is_not(None)
    )
    due_changed: ColumnElement[bool] = exists().where(DeadlineChange.record_id == Record.id)
    records = db.session.scalars(
        select(Record)
        .where(
            Record.kind_id.in_([kind.id for kind in campaign.kinds if kind.code in codes]),
            Record.status.in_(STANDING),
            Record.happened_on.between(min(days), max(days)),
            or_(reversed_one, due_changed),
        )
        .order_by(Record.id)
        .options(
            selectinload(Record.participations),
            selectinload(Record.co_organisers),
            selectinload(Record.stories_told),
        )
    )
    found: dict[str, list[Stored]] = {}
    for record in records:
        entry = entry_of(record)
        entry.people = tuple(row.member_id for row in record.participations if row.reversed_at is None)
        entry.co_organisers = tuple(row.unit_id for row in record.co_organisers)
        known = Stored(record.id, record.content, record.status)
        found.setdefault(content_digest(entry), []).append(known)
    return found


def _further(
    plan: LedgerPlan, campaign: Campaign, spec: CampaignSpec, new: list[int]
) -> dict[str, list[Stored]]:
    """Equal rows at ordinals that the file does not reach: digest of their content → records."""
    kinds = {kind.code: kind for kind in spec.kinds}
    equals = Counter(entry.content for entry in plan.entries)
    probes: dict[str, str] = {}
    for position in new:
        entry = plan.entries[position]
        base = content_of(entry)
        if base_of(entry, kinds[entry.kind]) == base:
            for ordinal in range(equals[entry.content], equals[entry.content] + FURTHER):
                probes[identity_digest(base, ordinal)] = entry.content
    found: dict[str, list[Stored]] = {}
    for identity, known in stored_by_identity(campaign.id, probes).items():
        if known.status in STANDING and known.content == probes[identity]:
            found.setdefault(probes[identity], []).append(known)
    return found
