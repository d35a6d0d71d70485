"""Verifying and giving back: many records in one act, each by one conditional change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, and_, exists, insert, not_, select, tuple_, update
from sqlalchemy.orm import aliased

from tracker.db import db
from tracker.models import AuditEvent, Campaign, Comment, Participation, Record, Status, User
from tracker.queries.campaigns import spec_of
from tracker.queries.verifications import MOST_AT_ONCE, RETURN, VERIFY, is_own, within_reach
from tracker.rules.refusal import N_, Refused
from tracker.services.closes import check_not_held, mark_late
from tracker.services.entry_locks import lock_members, lock_out_imports
from tracker.services.ledger_comparison import check_days_again
from tracker.services.records import CHANGED, check_reason
from tracker.services.stages import followed_by, give_back, take_over
from tracker.services.tallies import recount_records

UNDO_WITHIN = dt.timedelta(seconds=75)  # a minute, and the time that the page took

Seen = tuple[int, int]  # id and version of a record as the verifier saw it


def verify_records(seen: Sequence[Seen], *, by: User, at: dt.datetime, late_why: str = "") -> list[int]:
    """Let records count: those that are still as they were seen, in reach, and not the verifier's own.

    at:       also names the act: `undo_act` takes everything back that was done at this moment.
    late_why: why records of closed periods come late, where it was not said when they were entered.
    Returns the ids that were verified; the others were changed or decided by somebody else meanwhile.
    Raises Refused if there is none at all, if there are too many, or if nobody says why some come late.
    """
    ids = _ids(seen)
    for campaign in _campaigns(ids):
        lock_out_imports(campaign.id)  # and whoever closes a period
    mark_late(_theirs(seen, by), late_why, at)
    values = {
        "status": Status.VERIFIED,
        "verified_by_id": by.id,
        "verified_at": at,
        "verified_by_member_id": by.member_id,
    }
    done = _decide(seen, values, _follows_what_counts(), by=by)
    _note(done, VERIFY, by, at)
    _recount([*done, *take_over(done, by=by, at=at)])
    return done


def return_records(seen: Sequence[Seen], *, why: str, by: User, at: dt.datetime) -> list[int]:
    """Give records back with one reason, that their people may correct them. As `verify_records`."""
    why = check_reason(why)
    values = {
        "status": Status.RETURNED,
        "returned_by_id": by.id,
        "returned_at": at,
        "returned_why": why,
    }
    done = _decide(seen, values, by=by)
    db.session.execute(
        insert(Comment),
        [{"record_id": id_, "by_id": by.id, "at": at, "text": why, "is_return": True} for id_ in done],
    )
    _note(done, RETURN, by, at)
    return done


def _follows_what_counts() -> ColumnElement[bool]:
    """A later stage counts only in place of one that still does."""
    before = aliased(Record)
    counts = exists().where(before.id == Record.follows_id, before.status == Status.VERIFIED)
    return Record.follows_id.is_(None) | counts


def _decide(
    seen: Sequence[Seen], values: dict[str, object], *where: ColumnElement[bool], by: User
) -> list[int]:
    """Change those of the seen records that may be, in one statement; each row is held to its version."""
    ids = _ids(seen)
    _lock(ids, by, Status.SUBMITTED)
    done = db.session.scalars(
        update(Record)
        .where(
            Record.id.in_(ids),  # found by the key; the pairs alone would be a walk through the table
            tuple_(Record.id, Record.version).in_(sorted(set(seen))),
            Record.status == Status.SUBMITTED,
            within_reach(by),
            not_(is_own(by)),
            *where,
        )
        .values(version=Record.version + 1, **values)
        .returning(Record.id)
        .execution_options(synchronize_session=False)
    ).all()
    if not done:
        raise Refused(CHANGED)
    return sorted(done)


def _ids(seen: Sequence[Seen]) -> list[int]:
    """The ids in their order. Raises Refused if there is none, or if there are too many."""
    if not seen:
        raise Refused(N_("Choose at least one record."), "seen")
    if len(seen) > MOST_AT_ONCE:
        raise Refused(N_("Choose at most %(most)d records at once."), "seen", most=MOST_AT_ONCE)
    return sorted({id_ for id_, _ in seen})


def _theirs(seen: Sequence[Seen], by: User) -> list[int]:
    """Those that wait as they were seen, and are theirs to decide."""
    as_seen = tuple_(Record.id, Record.version).in_(sorted(set(seen)))
    waits = as_seen, Record.status == Status.SUBMITTED, within_reach(by), not_(is_own(by))
    return sorted(db.session.scalars(select(Record.id).where(*waits)))


def _lock(ids: Sequence[int], by: User, *states: Status) -> None:
    """Keep other writers of these records out until this transaction ends: in the order of their ids, so that
    two verifiers of the same rows wait for each other. Whoever writes takes records before tallies."""
    before = Record.id.in_(followed_by(ids))
    db.session.execute(
        select(Record.id)
        .where((Record.id.in_(ids) & Record.status.in_(states) & within_reach(by)) | before)
        .order_by(Record.id)
        .with_for_update(of=Record)
    )


def undo_act(moment: dt.datetime, *, by: User, at: dt.datetime) -> list[int]:
    """Take back what `by` verified or gave back at `moment`, within the minute.

    Which records those were is told by the events of the act, so an import is never among them: it is undone
    as a whole, elsewhere. What somebody corrected, reversed or decided since stays as it is now.
    Returns the ids that wait again. Raises Refused if it is too late, if there is nothing to take back, or if
    somebody filled the day meanwhile.
    """
    if not dt.timedelta(0) <= at - moment <= UNDO_WITHIN:
        raise Refused(
            N_("The minute for taking it back is over. A verified record can be reversed by the office.")
        )
    acts = db.session.scalars(
        select(AuditEvent.subject_id).where(
            AuditEvent.actor_id == by.id,
            AuditEvent.at == moment,
            AuditEvent.subject_type == Record.__tablename__,
            AuditEvent.action.in_((VERIFY, RETURN)),
        )
    )
    ids = sorted({id_ for id_ in acts if id_ is not None})
    if not ids:
        raise Refused(CHANGED)
    _lock_days(ids)
    counts = Record.id.in_(ids) & (Record.status == Status.VERIFIED) & (Record.verified_at == moment)
    check_not_held(counts, at)
    _lock(ids, by, Status.VERIFIED, Status.RETURNED)
    verified = _undo(
        ids,
        and_(Record.status == Status.VERIFIED, Record.verified_by_id == by.id, Record.verified_at == moment),
        {"verified_by_id": None, "verified_at": None, "verified_by_member_id": None},
    )
    _note(verified, "record:undo_verify", by, at)
    returned = _undo(
        ids,
        and_(Record.status == Status.RETURNED, Record.returned_by_id == by.id, Record.returned_at == moment),
        {"returned_by_id": None, "returned_at": None, "returned_why": None},
    )
    _note(returned, "record:undo_return", by, at)
    if not verified and not returned:
        raise Refused(CHANGED)
    for campaign in _campaigns(returned):
        check_days_again(campaign, spec_of(campaign), returned)
    _recount([*verified, *give_back(verified, by=by, at=at)])
    return sorted([*verified, *returned])


def _undo(ids: Sequence[int], which: ColumnElement[bool], values: dict[str, object]) -> list[int]:
    changed = db.session.scalars(
        update(Record)
        .where(Record.id.in_(ids), which)
        .values(status=Status.SUBMITTED, version=Record.version + 1, **values)
        .returning(Record.id)
        .execution_options(synchronize_session=False)
    )
    return sorted(changed.all())


def _note(ids: Iterable[int], action: str, by: User, at: dt.datetime) -> None:
    """One event for each record, in the same transaction."""
    rows = [
        {
            "at": at,
            "actor_id": by.id,
            "action": action,
            "subject_type": "record",
            "subject_id": id_,
            "detail": {},
        }
        for id_ in ids
    ]
    if rows:
        db.session.execute(insert(AuditEvent), rows)


def _recount(ids: Sequence[int]) -> None:
    if not ids:
        return
    db.session.expire_all()
    for campaign in _campaigns(ids):
        recount_records(campaign, ids)


def _campaigns(ids: Sequence[int]) -> list[Campaign]:
    found = db.session.scalars(select(Record.campaign_id).where(Record.id.in_(ids)).distinct())
    return [db.session.get_one(Campaign, campaign_id) for campaign_id in sorted(found)]


def _lock_days(ids: Sequence[int]) -> None:
    """Whoever fills a day locks its member before any record, so this does as well."""
    for campaign in _campaigns(ids):
        lock_out_imports(campaign.id)
    people = db.session.scalars(select(Participation.member_id).where(Participation.record_id.in_(ids)))
    lock_members(sorted(set(people)))
