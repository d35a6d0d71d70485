"""Takes an imported roster back, if nothing was built on it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, or_, select, update
from sqlalchemy.orm import aliased

from tracker.db import db
from tracker.models import (
    Absence,
    Assignment,
    Batch,
    BatchSort,
    BatchState,
    CoOrganiser,
    Exemption,
    Grant,
    Member,
    Membership,
    Participation,
    Record,
    Resolution,
    Story,
    Unit,
    UnitCategory,
    User,
)
from tracker.rules.pinyin import pinyin_key
from tracker.rules.refusal import N_, Refused

IN_USE = N_("Records or accounts use what this roster brought in. Undo those imports first.")


def undo_roster(batch: Batch) -> None:
    """Remove the members and units that the batch made, and give changed members their old places back.

    Raises Refused if a later roster was brought in, or if records, attendances or accounts depend on it.
    """
    later = db.session.scalar(
        select(Batch.id)
        .where(
            Batch.sort == BatchSort.ROSTER, Batch.state == BatchState.COMMITTED, Batch.id != batch.id,
            Batch.committed_at > batch.committed_at,
        )
        .limit(1)
    )  # fmt: skip
    if later is not None:
        raise Refused(N_("Import %(later)s brought in a later roster. Undo it first."), later=later)
    undo: dict[str, list[Any]] = batch.report["undo"]
    _check_unused(undo)
    _restore(undo)
    db.session.flush()
    _remove(undo)
    db.session.expire_all()


def _check_unused(undo: dict[str, list[Any]]) -> None:
    members, units = undo["members"], undo["units"]
    brought = aliased(Membership)
    used: list[ColumnElement[bool]] = [
        exists().where(Record.member_id.in_(members)),
        exists().where(Participation.member_id.in_(members)),
        exists().where(Story.member_id.in_(members)),
        exists().where(Absence.member_id.in_(members)),
        exists().where(Resolution.member_id.in_(members) | Resolution.unit_id.in_(units)),
        exists().where(Assignment.unit_id.in_(units)),
        exists().where(User.member_id.in_(members)),
        exists().where(Grant.unit_id.in_(units)),
        exists().where(CoOrganiser.unit_id.in_(units)),
        exists().where(
            or_(Record.branch_id.in_(units), Record.group_id.in_(units), Record.section_id.in_(units))
        ),
        # Who was moved or exempted by hand since: that would be left without its member, or without its past.
        exists().where(
            Membership.member_id.in_(select(brought.member_id).where(brought.id.in_(undo["memberships"]))),
            Membership.id > max(undo["memberships"], default=0),
        ),
        exists().where(Exemption.member_id.in_(members), Exemption.id > max(undo["exemptions"], default=0)),
        # A member who was moved and has been somewhere since: that record stands under the new branch.
        exists().where(
            Membership.id.in_(undo["memberships"]),
            Participation.member_id == Membership.member_id,
            Participation.record_id == Record.id,
            or_(Membership.starts_on.is_(None), Record.happened_on >= Membership.starts_on),
        ),
    ]
    if any(db.session.scalar(select(condition)) for condition in used):
        raise Refused(IN_USE)


def _restore(undo: dict[str, list[Any]]) -> None:
    for membership_id, place in undo["corrected"]:
        _set(Membership, membership_id, **place)
    for membership_id, ends_on in undo["ended"]:
        _set(Membership, membership_id, ends_on=_day(ends_on))
    for exemption_id, ends_on in undo["ended_exemptions"]:
        _set(Exemption, exemption_id, ends_on=_day(ends_on))
    for member_id, reason, starts_on in undo["removed_exemptions"]:
        db.session.add(Exemption(member_id=member_id, reason=reason, starts_on=_day(starts_on)))
    for member_id, field, value in undo["updates"]:
        _set(Member, member_id, **{field: _day(value) if field == "joined_on" else value})
        if field == "name":
            _set(Member, member_id, pinyin=pinyin_key(value))
    for unit_id, category in undo["categories"]:
        _set(Unit, unit_id, category=UnitCategory(category) if category else None)
    for unit_id, name, code in undo["committee"]:
        _set(Unit, unit_id, name=name, code=code, pinyin=pinyin_key(name, is_person=False))


def _remove(undo: dict[str, list[Any]]) -> None:
    """Delete what the batch made, the dependent first: groups before branches."""
    for model, name in ((Exemption, "exemptions"), (Membership, "memberships"), (Member, "members")):
        db.session.execute(
            delete(model).where(model.id.in_(undo[name])).execution_options(synchronize_session=False)
        )
    for unit_id in reversed(undo["units"]):
        still_used = db.session.scalar(
            select(
                exists().where(
                    or_(
                        Membership.branch_id == unit_id,
                        Membership.group_id == unit_id,
                        Membership.section_id == unit_id,
                    )
                )
                | exists().where(Unit.parent_id == unit_id)
            )
        )
        if not still_used:
            db.session.execute(delete(Unit).where(Unit.id == unit_id))


def _set(model: type[Any], row_id: int, **values: Any) -> None:
    db.session.execute(
        update(model).where(model.id == row_id).values(**values).execution_options(synchronize_session=False)
    )


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
