"""Closes: which hold, what they hold, and what reached a closed period since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import aliased, joinedload

from tracker.db import db
from tracker.models import (
    AuditEvent,
    Campaign,
    Close,
    CoOrganiser,
    Kind,
    Participation,
    Record,
    Status,
    Unit,
    User,
)
from tracker.queries.access import branches_of, is_office, sees_bureau

SHOWN = 200  # rows of one list; the ledger shows all of them
ROSTER_ACTS = ("member:duty", "member:end_exemption", "member:exempt", "member:move", "roster:import")
Day = SQLColumnExpression[dt.date] | dt.date
WAITS = (Status.SUBMITTED, Status.RETURNED)


def holds(at: dt.datetime) -> ColumnElement[bool]:
    """Closes that hold at a moment."""
    return and_(Close.holds_at <= at, or_(Close.reopened_at.is_(None), Close.reopened_at > at))


def reaches(close: type[Close] = Close) -> ColumnElement[bool]:
    """Whether a record changes figures of a close's days and place.

    A later stage changes them on the day on which it was reached, all others on each of their days. A place
    is reached by its own records, by those that it holds with others, and by those that its people are in.
    """
    # Said outright: of itself a subquery refers to the statement right around it only, and would ask here
    # whether there is any record with such a person.
    people = exists().where(Participation.record_id == Record.id, Participation.branch_id == close.unit_id)
    joint = exists().where(CoOrganiser.record_id == Record.id, CoOrganiser.unit_id == close.unit_id)
    people, joint = people.correlate(Record, close), joint.correlate(Record, close)
    here = or_(close.unit_id.is_(None), close.unit_id == Record.branch_id, people, joint)
    days = _on_days(close.starts_on, close.ends_on)
    return and_(close.campaign_id == Record.campaign_id, days, here)


def _on_days(first: Day, last: Day) -> ColumnElement[bool]:
    """Whether a record changes figures between two days: columns of a close, or days."""
    late_stage = Record.follows_id.is_not(None) & Record.ended_on.is_not(None)
    return or_(
        and_(~late_stage, Record.happened_on.between(first, last)), Record.ended_on.between(first, last)
    )


def held(at: dt.datetime) -> ColumnElement[bool]:
    """Whether a close holds a record at a moment: nothing of it may change but by reversal or late entry."""
    return exists().where(reaches(), holds(at))


def holding(campaign: Campaign, at: dt.datetime) -> list[Close]:
    """The closes of a campaign that hold at a moment, those of the bureau first."""
    found = select(Close).where(Close.campaign_id == campaign.id, holds(at))
    return list(db.session.scalars(found.order_by(Close.unit_id.nulls_first(), Close.starts_on, Close.id)))


def held_ids(ids: Collection[int], at: dt.datetime) -> set[int]:
    """Those of the records that a close holds."""
    return set(db.session.scalars(select(Record.id).where(Record.id.in_(ids), held(at)))) if ids else set()


def unmarked(campaign: Campaign) -> int | None:
    """The first record that came to count in a closed period and is not marked late; None without one."""
    close = aliased(Close)
    slipped = exists().where(
        reaches(close),
        close.holds_at <= Record.verified_at,
        or_(close.reopened_at.is_(None), close.reopened_at > Record.verified_at),
    )
    return db.session.scalar(
        select(Record.id)
        .where(
            Record.campaign_id == campaign.id,
            Record.status == Status.VERIFIED,
            Record.late_why.is_(None),
            slipped,
        )
        .order_by(Record.id)
        .limit(1)
    )


def closes_within(user: User) -> ColumnElement[bool]:
    """Closes that the user may see: all, or the bureau's and those of their branches."""
    if sees_bureau(user):
        return true()
    branches = branches_of(user)
    return or_(Close.unit_id.is_(None), Close.unit_id.in_(branches)) if branches else false()


def close_for(user: User, close_id: int) -> Close | None:
    """The close with that id, None if it does not exist or is not theirs to see."""
    return db.session.scalar(select(Close).where(Close.id == close_id, closes_within(user)))


def may_close(user: User, unit: Unit | None) -> bool:
    """Whether the user may close periods of this branch, or of the bureau (None)."""
    return is_office(user) or (unit is not None and unit.id in branches_of(user))


def closes_of(campaign: Campaign, user: User) -> list[Close]:
    """All closes that the user may see, the latest period first; also those that were opened again."""
    found = select(Close).where(Close.campaign_id == campaign.id, closes_within(user))
    found = found.options(joinedload(Close.unit), joinedload(Close.closed_by).lazyload(User.grants))
    order = Close.starts_on.desc(), Close.ends_on.desc(), Close.unit_id.nulls_first(), Close.id.desc()
    return list(db.session.scalars(found.order_by(*order)))


@dataclass(frozen=True, slots=True)
class KindLine:
    """One kind's records in a period and place: how many count, wait, were entered late, and were reversed
    after the period was closed."""

    kind: Kind
    verified: int
    waiting: int
    late: int
    reversed: int


def lines_of(campaign: Campaign, close: Close) -> list[KindLine]:
    """What a period holds, kind by kind; kinds without any are there with zeros.

    close: may be one that is not stored, to look before it is made: then nothing is late yet.
    """
    since = close.holds_at
    verified = Record.status == Status.VERIFIED
    counts = db.session.execute(
        select(
            Record.kind_id,
            func.count().filter(verified),
            func.count().filter(Record.status.in_(WAITS)),
            func.count().filter(verified & _is_late(since)),
            func.count().filter(_reversed_since(since)),
        )
        .where(Record.campaign_id == campaign.id, _inside(close))
        .group_by(Record.kind_id)
    )
    found = {kind_id: [int(n) for n in row] for kind_id, *row in counts}
    return [KindLine(kind, *found.get(kind.id, [0, 0, 0, 0])) for kind in campaign.kinds]


def _inside(close: Close) -> ColumnElement[bool]:
    """Records that change figures of this close's days and place."""
    days = _on_days(close.starts_on, close.ends_on)
    if close.unit_id is None:
        return days
    people = select(Participation.record_id).where(Participation.branch_id == close.unit_id)
    joint = select(CoOrganiser.record_id).where(CoOrganiser.unit_id == close.unit_id)
    return and_(days, or_(Record.branch_id == close.unit_id, Record.id.in_(people), Record.id.in_(joint)))


def _is_late(since: dt.datetime) -> ColumnElement[bool]:
    return and_(Record.late_why.is_not(None), Record.verified_at >= since)


def _reversed_since(since: dt.datetime) -> ColumnElement[bool]:
    """Records that counted until they were reversed, wholly or one attendance, after a moment."""
    one = exists().where(Participation.record_id == Record.id, Participation.reversed_at >= since)
    whole = and_(
        Record.status == Status.REVERSED, Record.reversed_at >= since, Record.verified_at.is_not(None)
    )
    return or_(whole, and_(Record.status == Status.VERIFIED, one))


def late_rows(close: Close, shown: int = SHOWN) -> tuple[Sequence[Record], int]:
    """What was entered late into a closed period, the latest first, and how many there are in all."""
    where = Record.campaign_id == close.campaign_id, _inside(close), _is_late(close.holds_at)
    return _rows([*where, Record.status == Status.VERIFIED], Record.verified_at, shown)


def reversed_rows(close: Close, shown: int = SHOWN) -> tuple[Sequence[Record], int]:
    """What was taken out of a closed period, wholly or in part, the latest first, and how many in all."""
    where = Record.campaign_id == close.campaign_id, _inside(close), _reversed_since(close.holds_at)
    return _rows(list(where), Record.id, shown)


def _rows(
    where: list[ColumnElement[bool]], by: SQLColumnExpression[Any], shown: int
) -> tuple[Sequence[Record], int]:
    total = db.session.scalar(select(func.count()).select_from(Record).where(*where)) or 0
    rows = select(Record).where(*where).order_by(by.desc(), Record.id.desc()).limit(shown)
    options = joinedload(Record.kind), joinedload(Record.member), joinedload(Record.branch)
    return db.session.scalars(rows.options(*options)).unique().all(), total


def roster_acts_since(close: Close) -> int:
    """How often the roster was changed after the period was closed: a close does not hold the roster."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(AuditEvent)
            .where(AuditEvent.action.in_(ROSTER_ACTS), AuditEvent.at >= close.holds_at)
        )
        or 0
    )
