"""The demo bureau's beginning and end. What it brought is written down, so that nothing else goes with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import and_, delete, func, insert, or_, select

from tracker.db import Model, db
from tracker.files import store
from tracker.models import AuditEvent, AuditSeal, Batch, Campaign, Evidence, Job, Member, User
from tracker.queries.demo import demo_campaign, held_by_demo, in_the_way, is_empty, kept_users
from tracker.rules.refusal import N_, Refused
from tracker.services.audit import record_event
from tracker.services.deletions import delete_once_committed
from tracker.services.evidence import path_of
from tracker.services.users import command_line_user

NOT_EMPTY = N_("There is something in the tracker already. The demo bureau is loaded into an empty one only.")
NONE = N_("No demo bureau is loaded.")
REAL = N_("Not removed: something is here that is no part of the demo. The page says what.")
# Tables whose rows belong to an account, and stay with an account that stays: the column that names it.
OWNED = {
    "user_account": "id",
    "user_grant": "user_id",
    "user_session": "user_id",
    "known_device": "user_id",
    "submission": "user_id",
    "suggestion": "by_id",
    "job": "asked_by_id",
}
STAYS = {"audit_event", "audit_seal", "try_count"}


@dataclass(frozen=True, slots=True)
class Before:
    """The installation before the demo. kept: accounts; event: the last one of the audit."""

    kept: list[int]
    event: int


def begin_demo() -> Before:
    """What was there before. Raises Refused unless there is nothing but administrators."""
    if not is_empty():
        raise Refused(NOT_EMPTY)
    return Before(_ids(select(User.id)), _last(AuditEvent))


def mark_demo(campaign: Campaign, before: Before, *, by: User | None, at: dt.datetime) -> None:
    """Write down what the demo brought: everything that is there now and was not before."""
    campaign.demo = {
        "users": _ids(select(User.id).where(User.id.not_in(before.kept))),
        "member": _last(Member),
        "batch": _last(Batch),
        "events": [before.event, _last(AuditEvent)],
    }
    record_event(by, "demo:load", campaign, at)


def remove_demo(*, data_dir: Path, by: User | None, at: dt.datetime) -> dict[str, int]:
    """Take the demo bureau out again, with all that was tried out in it. Gives back how much went.

    Acts of accounts that stay are kept in the audit; what they were about is gone, so its number goes too.
    Raises Refused if none is loaded, or if anything is there that may be real.
    """
    campaign = demo_campaign()
    if campaign is None:
        raise Refused(NONE)
    db.session.execute(select(Campaign.id).order_by(Campaign.id).with_for_update()).all()
    if in_the_way(campaign):
        raise Refused(REAL)
    gone, kept = held_by_demo(), kept_users(campaign)
    gone["accounts"] = db.session.scalar(select(func.count(User.id)).where(User.id.not_in(kept))) or 0
    _let_files_go(data_dir, kept)
    gone["events"] = _thin_audit(campaign.demo or {}, kept)
    db.session.flush()
    for table in reversed(Model.metadata.sorted_tables):
        if table.name in STAYS:
            continue
        statement = delete(table)
        if owner := OWNED.get(table.name):
            statement = statement.where(or_(table.c[owner].not_in(kept), table.c[owner].is_(None)))
        db.session.execute(statement)
    db.session.expunge_all()
    subject = db.session.get_one(User, by.id) if by else command_line_user()
    record_event(subject if by else None, "demo:remove", subject, at, **gone)
    return gone


def _ids(statement: Any) -> list[int]:
    return sorted(db.session.scalars(statement))


def _last(model: Any) -> int:
    return db.session.scalar(select(func.max(model.id))) or 0


def _let_files_go(data_dir: Path, kept: Sequence[int]) -> None:
    """Files that hang on rows which go."""
    paths = [*db.session.scalars(select(Batch.path))]
    paths += db.session.scalars(select(Job.path).where(Job.asked_by_id.not_in(kept)))
    for path in paths:
        if path:
            delete_once_committed(store.path_of(path, data_dir))
    for stored_as in db.session.scalars(select(Evidence.stored_as)):
        delete_once_committed(path_of(stored_as, data_dir))


def _thin_audit(demo: dict[str, Any], kept: Sequence[int]) -> int:
    """What invented people did goes with them; of other acts only the number of what is gone goes.

    An event is never changed, so those come again without that number. The chain of seals begins anew.
    """
    first, last = demo["events"]
    loading = and_(AuditEvent.actor_id.is_(None), AuditEvent.id > first, AuditEvent.id <= last)
    went = db.session.execute(delete(AuditEvent).where(or_(AuditEvent.actor_id.not_in(kept), loading)))
    about_kept = (AuditEvent.subject_type == "user_account") & AuditEvent.subject_id.in_(kept)
    about_gone = (AuditEvent.id > first) & ~about_kept & AuditEvent.subject_id.is_not(None)
    columns = [column for column in AuditEvent.__table__.columns if column.name not in ("id", "subject_id")]
    again = db.session.execute(select(*columns).where(about_gone).order_by(AuditEvent.id)).mappings().all()
    db.session.execute(delete(AuditEvent).where(about_gone))
    if again:
        db.session.execute(insert(AuditEvent), [dict(row) for row in again])
    db.session.execute(delete(AuditSeal))
    return int(went.rowcount)  # type: ignore[attr-defined]  # a DELETE gives a CursorResult
