"""What stands beside a pairing, for tests: something sealed, a visit."""

from __future__ import annotations

import datetime as dt

from tests.maker import NOW
from tracker.db import db
from tracker.models import NoteSort, OpenedWhy, PairingNote, SealedOpening, SealedPerson


def put_sealed(record, by):
    """Something sealed behind the record's code that no key opens: services.sealed_people seals truly."""
    row = SealedPerson(
        campaign_id=record.campaign_id, branch_id=record.branch_id, subject=record.subject,
        suite="aes-256-gcm", key_name="none", nonce=b"n" * 12, sealed=b"s" * 32, created_by_id=by.id,
        created_at=NOW, written_by_id=by.id, written_at=NOW, delete_on=dt.date(2022, 6, 1),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def put_opening(row, record, by):
    """That somebody opened it."""
    opening = SealedOpening(
        sealed_person_id=row.id, record_id=record.id, by_id=by.id, at=NOW, why=OpenedWhy.VISIT
    )
    db.session.add(opening)
    db.session.flush()
    return opening


def put_visit(record, by, on=None, text=None):
    """A visit noted beside the record, on its own day or another."""
    row = PairingNote(
        campaign_id=record.campaign_id, member_id=record.member_id, subject=record.subject,
        record_id=record.id, sort=NoteSort.VISIT, happened_on=on or record.happened_on, text=text,
        entered_by_id=by.id, entered_at=NOW,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def by_id(root, id_):
    """The element of that id, None if the page has none."""
    return next((one for one in root.iter() if one.get("id") == id_), None)
