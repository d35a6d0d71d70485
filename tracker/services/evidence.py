"""Files of evidence: kept beside their record in one act, taken away with a reason.

A row never stands without its file (tracker/files/store.py). What a broken transaction or a killed process
leaves behind is a file without a row, which `sweep` finds.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select, update

from tracker.db import db
from tracker.files import store
from tracker.files.evidence import CheckedFile
from tracker.models import Evidence, Record, Status, User
from tracker.queries.access import branches_of, is_office, reach_of
from tracker.rules.evidence import check_takes_files, is_settled
from tracker.rules.reach import may_enter
from tracker.rules.refusal import N_, Refused
from tracker.services.audit import record_event
from tracker.services.deletions import delete_once_committed
from tracker.services.records import CHANGED, check_reason

LEFT_ALONE = dt.timedelta(hours=1)  # no transaction is open for so long
OPEN = (Status.SUBMITTED, Status.RETURNED)


def may_add(record: Record, by: User) -> bool:
    """Whether files of the record are theirs to add, as far as it takes any: they entered it, it is about
    them, or they may enter for its owner."""
    is_about = by.member_id is not None and record.member_id == by.member_id
    return record.entered_by_id == by.id or is_about or may_enter(record, reach_of(by))


def may_remove(evidence: Evidence, record: Record, by: User) -> bool:
    """Whether the file is theirs to take away now: they added it, or verify such records; and it is not what
    the verifier of a record that counts may have seen."""
    is_theirs = evidence.added_by_id == by.id or is_office(by) or record.branch_id in branches_of(by)
    is_settled_now = is_settled(record.status, record.verified_at, evidence.added_at)
    return is_theirs and not is_settled_now and evidence.removed_at is None


def path_of(stored_as: str, data_dir: Path) -> Path:
    """Where the file of an evidence lies."""
    return store.path_of(f"{store.EVIDENCE}/{stored_as}", data_dir)


def add_evidence(
    record: Record,
    files: Sequence[CheckedFile],
    *,
    data_dir: Path,
    most: int,
    by: User,
    at: dt.datetime,
) -> list[Evidence]:
    """Keep these files with the record. One that waits changes by it: whoever verifies it looks again.

    most: files that one record takes. Raises Refused, and then no row is kept: the record counts no more,
    has too many, has one of them already, or is not theirs to add to.
    """
    if not may_add(record, by):
        raise Refused(N_("Only whoever enters for this owner, or whom the record is about, can add a file."))
    held = select(Record.status).where(Record.id == record.id).with_for_update()
    status = db.session.scalars(held).one()
    kept = select(Evidence.sha256).where(Evidence.record_id == record.id, Evidence.removed_at.is_(None))
    known = set(db.session.scalars(kept))
    check_takes_files(status, len(known), len(files), most)
    rows = []
    for file in files:
        if file.sha256 in known:
            raise Refused(N_("“%(name)s” is with this record already."), "files", name=file.name)
        known.add(file.sha256)
        row = Evidence(
            record_id=record.id, stored_as=_write(file.content, data_dir), name=file.name, sha256=file.sha256,
            media_type=file.media_type, size=len(file.content), added_by_id=by.id, added_at=at,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()  # the event needs its id
        record_event(by, "evidence:add", row, at, record_id=record.id)
        rows.append(row)
    _touch(record)
    return rows


def remove_evidence(evidence: Evidence, *, why: str, data_dir: Path, by: User, at: dt.datetime) -> None:
    """Take a file away: its bytes are deleted once the transaction has ended, that it was there is kept.

    Raises Refused without a reason, if it is not theirs to take away, or if somebody was faster.
    """
    why = check_reason(why)
    record = db.session.scalars(
        select(Record).where(Record.id == evidence.record_id).with_for_update(of=Record)
    ).one()
    db.session.refresh(record)
    if not may_remove(evidence, record, by):
        raise Refused(
            N_("This file stays: it was there when the record was verified, or is not yours to remove.")
        )
    changed = db.session.execute(
        update(Evidence)
        .where(Evidence.id == evidence.id, Evidence.removed_at.is_(None))
        .values(removed_at=at, removed_by_id=by.id, removed_why=why)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        raise Refused(CHANGED)
    db.session.refresh(evidence)
    record_event(by, "evidence:remove", evidence, at, record_id=record.id)
    _touch(record)
    delete_once_committed(path_of(evidence.stored_as, data_dir))


def _touch(record: Record) -> None:
    """Whoever has the record open to verify it saw other files: their act meets another version."""
    db.session.execute(
        update(Record)
        .where(Record.id == record.id, Record.status.in_(OPEN))
        .values(version=Record.version + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(record)


def _write(content: bytes, data_dir: Path) -> str:
    """Put a new file whole onto the disk; its name."""
    name = secrets.token_hex(16)
    with store.whole_file(path_of(name, data_dir)) as file:
        file.write(content)
    return name


def sweep(data_dir: Path, at: dt.datetime) -> list[Path]:
    """The files that belong to no row and are older than any transaction, for the caller to delete."""
    wanted = db.session.scalars(select(Evidence.stored_as).where(Evidence.removed_at.is_(None)))
    names = [f"{store.EVIDENCE}/{one}" for one in wanted]
    return store.unnamed(store.EVIDENCE, names, (at - LEFT_ALONE).timestamp(), data_dir)


def missing(data_dir: Path) -> int | None:
    """The id of the first evidence whose file is not on the disk as it was kept; None if all are."""
    rows = select(Evidence.id, Evidence.stored_as, Evidence.size).where(Evidence.removed_at.is_(None))
    for id_, stored_as, size in db.session.execute(rows.order_by(Evidence.id)):
        path = path_of(stored_as, data_dir)
        if not path.is_file() or path.stat().st_size != size:
            return id_
    return None
