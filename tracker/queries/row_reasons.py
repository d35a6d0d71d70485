"""Why a row of an issue adds something else today, as far as the ledger tells."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.models import Participation, Record, Status, User
from tracker.rules.corrections import MANY
from tracker.rules.proofs import Cause, Comparison, RowChange, Way

STAGES_BACK = 6  # how many later stages are followed back to the record that was there


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one record adds something else.

    record:  None if it is no more in the ledger.
    at, by:  when it was reversed or verified, and by whom; None where nobody can be named.
    why:     the reason beside the reversal, or beside the late entry.
    count:   of attendances that were reversed; else 1.
    link_id: the record that it carried on, or that carries it on.
    is_half: the one that came in the place of another, which is counted there.
    """

    record: Record | None
    cause: Cause
    at: dt.datetime | None = None
    by: User | None = None
    why: str | None = None
    count: int = 1
    link_id: int | None = None
    is_half: bool = False


def reasons_of(changes: Iterable[RowChange]) -> dict[int, Reason]:
    """Record → reason. At most four statements, and one for each stage that is followed back."""
    by_id: dict[int, RowChange] = {}
    for change in changes:  # one record may have changed in several bases
        have = by_id.get(change.record_id)
        if have is None or change.lost > have.lost:
            by_id[change.record_id] = change
    if not by_id:
        return {}
    records = _records(list(by_id))
    reversed_people = _reversed_people([id_ for id_, one in by_id.items() if one.way is not Way.ADDED])
    gone = {id_ for id_, one in by_id.items() if one.way is not Way.ADDED}
    followers = _followers(list(gone))
    replacing = {one.replaced_in_id for one in records.values() if one.replaced_in_id is not None}
    roots = _roots([record for record in records.values() if by_id[record.id].way is Way.ADDED], gone)
    found = {}
    for id_, change in by_id.items():
        record = records.get(id_)
        if record is None:
            found[id_] = Reason(None, Cause.OTHER)
        elif change.way is Way.ADDED:
            found[id_] = _added(record, roots.get(id_), replacing)
        else:
            found[id_] = _lost(record, change, reversed_people.get(id_, []), followers.get(id_))
    return found


def _records(ids: Sequence[int]) -> dict[int, Record]:
    rows = db.session.scalars(
        select(Record)
        .where(Record.id.in_(ids))
        .options(joinedload(Record.kind), joinedload(Record.reversed_by), joinedload(Record.verified_by))
        .execution_options(populate_existing=True)
    )
    return {record.id: record for record in rows.unique()}


def _reversed_people(ids: Sequence[int]) -> dict[int, list[Participation]]:
    """Record → its attendances that were reversed, the last one first."""
    found: dict[int, list[Participation]] = {}
    rows = select(Participation).where(
        Participation.record_id.in_(ids), Participation.reversed_at.is_not(None)
    )
    for one in db.session.scalars(
        rows.order_by(Participation.reversed_at.desc(), Participation.id.desc()).execution_options(
            populate_existing=True
        )
    ):
        found.setdefault(one.record_id, []).append(one)
    return found


def _followers(ids: Sequence[int]) -> dict[int, int]:
    """Record → the next stage that counts, or counted, in its place."""
    rows = db.session.execute(
        select(Record.follows_id, Record.id)
        .where(Record.follows_id.in_(ids), Record.status.in_((Status.VERIFIED, Status.CONTINUED)))
        .order_by(Record.id)
    )
    return {before: later for before, later in rows if before is not None}


def _roots(added: Sequence[Record], gone: set[int]) -> dict[int, int]:
    """Record that came → the one that went, which it carries on over however many stages."""
    found: dict[int, int] = {}
    looking = {record.id: record.follows_id for record in added if record.follows_id is not None}
    for _stage in range(STAGES_BACK):
        found |= {id_: root for id_, root in looking.items() if root in gone}
        looking = {id_: root for id_, root in looking.items() if root not in gone}
        if not looking:
            break
        before = dict(
            db.session.execute(
                select(Record.id, Record.follows_id).where(
                    Record.id.in_(set(looking.values())), Record.follows_id.is_not(None)
                )
            ).all()
        )
        looking = {id_: earlier for id_, root in looking.items() if (earlier := before.get(root)) is not None}
    return found


def _added(record: Record, root: int | None, replacing: set[int]) -> Reason:
    if root is not None:
        return Reason(record, Cause.CONTINUED, record.verified_at, record.verified_by, None, 1, root, True)
    if record.batch_id in replacing:
        return Reason(record, Cause.REPLACED, record.verified_at, record.verified_by, is_half=True)
    return Reason(record, Cause.ADDED, record.verified_at, record.verified_by, record.late_why)


def _lost(record: Record, change: RowChange, people: Sequence[Participation], follower: int | None) -> Reason:
    if record.status is Status.REVERSED:
        cause = Cause.REPLACED if record.replaced_in_id is not None else Cause.REVERSED
        return Reason(record, cause, record.reversed_at, record.reversed_by, record.reversed_why)
    if record.status is Status.CONTINUED:
        return Reason(record, Cause.CONTINUED, link_id=follower)
    if people:
        # Several may have been taken out before the issue too: the last ones are those that are missing.
        last = people[0]
        by = db.session.get(User, last.reversed_by_id) if last.reversed_by_id else None
        count = max(1, min(change.lost, len(people)))
        return Reason(record, Cause.REVERSED, last.reversed_at, by, last.reversed_why, count)
    return Reason(record, Cause.OTHER)


def causes_of(comparison: Comparison, reasons: Mapping[int, Reason]) -> Counter[str]:
    """Cause → how many rows, those that are not named under MANY."""
    found: Counter[str] = Counter()
    for change in comparison.changes:
        reason = reasons[change.record_id]
        if not reason.is_half:
            found[str(reason.cause)] += reason.count
    if comparison.unnamed:
        found[MANY] = comparison.unnamed
    return found
