"""Seals, opens and deletes the person behind a code. Nothing of what is sealed is kept or logged in clear."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.exc import IntegrityError

from tracker.db import db
from tracker.files.seal_keys import add_key, load_keys
from tracker.models import Campaign, DeletedWhy, Record, SealedOpening, SealedPerson, User
from tracker.queries.access import reach_of
from tracker.queries.campaigns import spec_of
from tracker.queries.pairings import kind_of, sealed_of
from tracker.rules.pairings import check_delete_on, check_particulars, last_delete_on, may_open
from tracker.rules.refusal import N_, Refused
from tracker.rules.seals import Sealed, SealKey, seal, unseal
from tracker.services.audit import record_event
from tracker.services.records import CHANGED
from tracker.services.seal_keys import keys_of

NOT_THEIRS = N_("This is not yours to open or write.")
GONE = N_("What was sealed has been deleted.")


def seal_person(
    record: Record,
    words: Mapping[str, str],
    *,
    delete_on: dt.date | None,
    version: int,
    keys_file: Path,
    suite: str,
    by: User,
    at: dt.datetime,
    today: dt.date,
) -> SealedPerson:
    """Seal name, contact and address of the person behind the record's code, in place of what was sealed.

    words:     'name', 'contact', 'address'; only the name is needed.
    delete_on: the day on which it is deleted, at the latest as the campaign file says.
    version:   of what is sealed as it was seen, 0 where there was nothing.
    suite:     of the first key, where there is none yet.
    Raises Refused if it is not theirs, was changed meanwhile, or words, day or the file of keys will not do.
    """  # fmt: skip
    kind = kind_of(record)
    if not may_open(record, kind, reach_of(by)) or record.branch_id is None or record.subject is None:
        raise Refused(NOT_THEIRS)
    spec = spec_of(db.session.get_one(Campaign, record.campaign_id))
    checked = check_particulars(*(words.get(name, "") for name in ("name", "contact", "address")))
    day = check_delete_on(delete_on, today=today, last=last_delete_on(spec, kind))
    if (row := sealed_of(record)) is not None:
        db.session.refresh(row, with_for_update=True)
    if (row.version if row else 0) != version or (row and row.deleted_at):
        raise Refused(CHANGED)
    bound = (SealedPerson.__tablename__, record.campaign_id, record.branch_id, record.subject)
    sealed = seal(checked, keys_of(keys_file, suite), bound)
    is_new = row is None
    if row is None:
        row = SealedPerson(
            campaign_id=record.campaign_id, branch_id=record.branch_id, subject=record.subject,
            created_by_id=by.id, created_at=at, version=0,
        )  # fmt: skip
    _put(row, sealed)
    row.written_by_id, row.written_at, row.delete_on = by.id, at, day
    row.version += 1
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError:  # somebody sealed it at the same moment
        raise Refused(CHANGED) from None
    record_event(by, "sealed:seal" if is_new else "sealed:write", row, at, record_id=record.id)
    return row


def _put(row: SealedPerson, sealed: Sealed) -> None:
    row.suite, row.key_name = sealed.suite, sealed.key_name
    row.nonce, row.sealed = sealed.nonce, sealed.content


def _bound_to(row: SealedPerson) -> tuple[Any, ...]:
    """What is sealed belongs to this code of this branch and campaign: in another row it does not open."""
    return SealedPerson.__tablename__, row.campaign_id, row.branch_id, row.subject


def _unsealed(row: SealedPerson, keys: list[SealKey]) -> dict[str, str]:
    if row.nonce is None or row.sealed is None:
        raise Refused(GONE)
    return unseal(Sealed(row.suite, row.key_name, row.nonce, row.sealed), keys, _bound_to(row))


def open_person(opening_id: int, *, keys_file: Path) -> dict[str, str]:
    """What is sealed, for an opening that stands in the log already: without one nothing is opened.

    Raises Refused if it was deleted meanwhile, or if the keys or what is sealed are not the right ones.
    """
    opening = db.session.get_one(SealedOpening, opening_id)
    row = db.session.get_one(SealedPerson, opening.sealed_person_id)
    return _unsealed(row, load_keys(keys_file))


def delete_person(row: SealedPerson, why: DeletedWhy, *, version: int, by: User, at: dt.datetime) -> None:
    """Delete what is sealed; the row stays for its log. Whose it is to delete is for the caller to know.

    Raises Refused if it was changed or deleted meanwhile.
    """
    if not _delete(row.id, version, why, by, at):
        raise Refused(CHANGED)
    record_event(by, "sealed:delete", row, at)


def _delete(id_: int, version: int, why: DeletedWhy, by: User | None, at: dt.datetime) -> bool:
    done = db.session.execute(
        update(SealedPerson)
        .where(SealedPerson.id == id_, SealedPerson.version == version, SealedPerson.deleted_at.is_(None))
        .values(
            sealed=None, nonce=None, deleted_at=at, deleted_by_id=by.id if by else None, deleted_why=why,
            version=version + 1,
        )
    )  # fmt: skip
    return done.rowcount == 1  # type: ignore[attr-defined, no-any-return]  # an UPDATE gives a CursorResult


def has_due(today: dt.date) -> bool:
    """Whether there is something sealed whose day has come."""
    due = exists().where(SealedPerson.deleted_at.is_(None), SealedPerson.delete_on <= today)
    return bool(db.session.scalar(select(due)))


def delete_due(today: dt.date, *, at: dt.datetime) -> int:
    """Delete everything sealed whose day has come. Returns how many; each leaves its event."""
    due = select(SealedPerson).where(SealedPerson.deleted_at.is_(None), SealedPerson.delete_on <= today)
    count = 0
    for row in db.session.scalars(due.order_by(SealedPerson.id)).all():
        if _delete(row.id, row.version, DeletedWhy.DUE, None, at):
            record_event(None, "sealed:delete", row, at)
            count += 1
    return count


def change_key(keys_file: Path, suite: str, *, at: dt.datetime) -> int:
    """Add a key and seal everything with it anew, row by row. Returns how many.

    The file keeps the old keys: broken off before the commit, the rows still open with them.
    Raises Refused if a row does not open; then no row is changed.
    """
    keys = add_key(keys_file, suite)
    count = 0
    present = select(SealedPerson).where(SealedPerson.sealed.is_not(None)).order_by(SealedPerson.id)
    for row in db.session.scalars(present.with_for_update()).all():
        _put(row, seal(_unsealed(row, keys), keys, _bound_to(row)))
        row.version += 1
        db.session.flush()
        record_event(None, "sealed:change_key", row, at)
        count += 1
    return count
