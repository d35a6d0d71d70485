"""Takes an imported ledger back as one act."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.orm import aliased

from tracker.db import db
from tracker.models import Assignment, Batch, BatchState, Campaign, OwnerType, Record, Status, Unit, User
from tracker.queries.campaigns import spec_of
from tracker.queries.stages import STANDING
from tracker.rules.pinyin import pinyin_key
from tracker.rules.refusal import N_, Refused
from tracker.services.closes import check_not_held
from tracker.services.ledger_comparison import TIMED, check_days_again
from tracker.services.tallies import recount_batch

UNDONE = "导入撤销"  # kept with the record, in the campaign's language
CHUNK = 2_000
CARRIED_ON = N_(
    "%(count)s records of this import were taken on to a later stage. Withdraw or reverse those first."
)


def undo_ledger(batch: Batch, campaign: Campaign, *, by: User, at: dt.datetime) -> None:
    """Reverse what the batch wrote, and bring back what it had corrected.

    Raises Refused if a later import corrected rows of this one: then that one has to go first; or if a day
    would be too long with what comes back.
    A record that was reversed by itself stays reversed, and its row is still known.
    """
    later = db.session.scalar(
        select(Batch.id)
        .join(Record, Record.replaced_in_id == Batch.id)
        .where(Record.batch_id == batch.id, Batch.state == BatchState.COMMITTED)
        .order_by(Batch.id.desc())
        .limit(1)
    )
    if later is not None:
        raise Refused(N_("Import %(later)s corrected rows of this one. Undo it first."), later=later)
    following = aliased(Record)
    carried = db.session.scalar(
        select(func.count())
        .select_from(following)
        .join(Record, Record.id == following.follows_id)
        .where(Record.batch_id == batch.id, following.status.in_(STANDING))
    )
    if carried:
        raise Refused(CARRIED_ON, count=carried)
    counts = (Record.batch_id == batch.id) & (Record.status == Status.VERIFIED)
    counted = (Record.replaced_in_id == batch.id) & Record.verified_at.is_not(None)
    check_not_held(counts | counted, at)
    # In the order in which verifiers lock what waits, so that they and this wait for each other.
    waits = (Record.batch_id == batch.id) & (Record.status == Status.SUBMITTED)
    db.session.execute(select(Record.id).where(waits).order_by(Record.id).with_for_update())
    own = update(Record).where(Record.batch_id == batch.id).execution_options(synchronize_session=False)
    db.session.execute(
        own.where(Record.status != Status.REVERSED).values(
            status=Status.REVERSED, reversed_at=at, reversed_by_id=by.id, reversed_why=UNDONE, identity=None,
            returned_at=None, returned_by_id=None, returned_why=None, version=Record.version + 1,
        )
    )  # fmt: skip
    _bring_back(batch, batch.report.get("undo", {}).get("replaced", []))
    back = db.session.scalars(
        select(Record.id).where(Record.replaced_in_id == batch.id, Record.status.in_(TIMED))
    )
    check_days_again(campaign, spec_of(campaign), back.all())
    for unit_id, name, code in batch.report.get("undo", {}).get("committee", []):
        _unname(unit_id, name, code)
    db.session.expire_all()
    recount_batch(campaign, batch.id)
    db.session.execute(
        update(Record)
        .where(Record.replaced_in_id == batch.id)
        .values(replaced_in_id=None)
        .execution_options(synchronize_session=False)
    )


def _unname(unit_id: int, name: str | None, code: str | None) -> None:
    """Take the committee's name back, unless another import speaks of it too, or units hang under it."""
    speaks = (Record.owner_type == OwnerType.BUREAU) & (Record.status != Status.REVERSED)
    if db.session.scalar(select(exists().where(speaks))):
        return
    if name is not None:
        named = {"name": name, "code": code, "pinyin": pinyin_key(name, is_person=False)}
        db.session.execute(update(Unit).where(Unit.id == unit_id).values(**named))
    elif not db.session.scalar(
        select(exists().where(Unit.parent_id == unit_id) | exists().where(Assignment.unit_id == unit_id))
    ):
        db.session.execute(delete(Unit).where(Unit.id == unit_id))


def _bring_back(batch: Batch, replaced: list[list[object]]) -> None:
    """Give the corrected records their identity back, and those that this batch reversed their place."""
    holder = aliased(Record)
    taken = set(
        db.session.scalars(
            select(holder.identity).where(holder.batch_id == batch.id, holder.identity.is_not(None))
        )
    )
    chosen = update(Record).execution_options(synchronize_session=False)
    for record_id, identity in replaced:
        if identity in taken:  # its correction was reversed by itself: neither counts
            continue
        db.session.execute(chosen.where(Record.id == record_id).values(identity=identity))
    for is_verified, status in ((True, Status.VERIFIED), (False, Status.SUBMITTED)):
        was = Record.verified_at.is_not(None) if is_verified else Record.verified_at.is_(None)
        db.session.execute(
            chosen.where(Record.replaced_in_id == batch.id, Record.identity.is_not(None), was).values(
                status=status, reversed_at=None, reversed_by_id=None, reversed_why=None,
                version=Record.version + 1,
            )
        )  # fmt: skip
