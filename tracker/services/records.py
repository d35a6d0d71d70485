"""Writes on single records. A verified record is never edited: it is reversed, with a reason."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select, update

from tracker.db import db
from tracker.models import Campaign, Participation, Record, Status, User
from tracker.rules.cells import clean
from tracker.rules.refusal import N_, Refused
from tracker.services.audit import record_event
from tracker.services.ledger_writing import FIELDS
from tracker.services.tallies import recount_records
from tracker.services.users import command_line_user

SHORTEST_REASON = 2
CHANGED = N_("Somebody changed this record meanwhile. Reload the page and look again.")  # a 409 in pages


def check_reason(why: str) -> str:
    """The reason without blanks at its ends. Raises Refused if there is none, or for control characters."""
    try:
        why = " ".join(clean(why).split())
    except Refused as refusal:
        raise Refused(refusal.msgid, "why", **refusal.params) from None
    if len(why) < SHORTEST_REASON:
        raise Refused(N_("Say why, in a few words."), "why")
    return why[:400]


def reverse_record(record: Record, *, version: int, why: str, by: User | None, at: dt.datetime) -> None:
    """Take a verified record out of every figure (冲正). It stays in the ledger with the reason, and its
    counter-record beside it, which never counts.

    version: the one that was seen; raises Refused if the record has changed since, or does not count.
    """
    why = check_reason(why)
    # An import holds the campaign before it replaces records. The counter-record refers to the campaign; to
    # ask for it only after the record would lock up with the import.
    own = select(Campaign.id).where(Campaign.id == record.campaign_id)
    db.session.execute(own.with_for_update(read=True, key_share=True))
    changed = db.session.execute(
        update(Record)
        .where(Record.id == record.id, Record.status == Status.VERIFIED, Record.version == version)
        .values(
            status=Status.REVERSED,
            reversed_at=at,
            reversed_by_id=by.id if by else None,
            reversed_why=why,
            version=version + 1,
        )
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        raise Refused(CHANGED)
    db.session.refresh(record)
    _add_counter(record, by or command_line_user(), at)
    record_event(by, "record:reverse", record, at)  # the reason stands in the row: it may name somebody
    _recount(record)


def _add_counter(record: Record, by: User, at: dt.datetime) -> None:
    """The counter-record: the same particulars, by whoever reversed, pointing at what it takes back."""
    copied = {name: getattr(record, name) for name in FIELDS if name not in ("identity", "content")}
    db.session.add(
        Record(
            campaign_id=record.campaign_id, kind_id=record.kind_id, status=Status.COUNTER,
            reverses_id=record.id, entered_by_id=by.id, entered_at=at, **copied,
        )
    )  # fmt: skip


def reverse_participation(
    participation: Participation, *, version: int, why: str, by: User | None, at: dt.datetime
) -> None:
    """Take one attendance out of a verified record: 人次 and 人数 change, the session stays.

    Raises Refused if it was reversed before, or if it is the only person whose record this is.
    """
    why = check_reason(why)
    record = participation.record
    if record.status is not Status.VERIFIED:
        raise Refused(N_("This record does not count, so nothing in it can be reversed."))
    if record.member_id == participation.member_id:
        raise Refused(N_("This record is about one person; reverse the record itself."))
    changed = db.session.execute(
        update(Participation)
        .where(
            Participation.id == participation.id,
            Participation.reversed_at.is_(None),
            Participation.version == version,
        )
        .values(reversed_at=at, reversed_by_id=by.id if by else None, reversed_why=why, version=version + 1)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        raise Refused(CHANGED)
    db.session.refresh(participation)
    record_event(by, "participation:reverse", participation, at, record_id=record.id)
    _recount(record)


def _recount(record: Record) -> None:
    campaign = db.session.get_one(Campaign, record.campaign_id)
    recount_records(campaign, [record.id])
