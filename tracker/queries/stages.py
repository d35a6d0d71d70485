"""How far records of a kind have come: the way of one, and the board of all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from tracker.db import db
from tracker.models import Campaign, Kind, Record, Status, Unit, User
from tracker.queries.access import records_within
from tracker.queries.confirmations import is_confirmed
from tracker.queries.deadlines import is_due, owned_by
from tracker.rules.campaigns import Kind as KindSpec
from tracker.rules.campaigns import Stage
from tracker.rules.deadlines import Deadline, deadline_of

ON_THE_BOARD = 30  # cards of one stage; the ledger lists the rest
LONGEST_WAY = 40
STANDING = (Status.SUBMITTED, Status.RETURNED, Status.VERIFIED, Status.CONTINUED)


@dataclass(frozen=True, slots=True)
class Card:
    """A record on the board: since which day, for how many days; has_next: a next stage waits for it."""

    record: Record
    since: dt.date
    days: int
    has_next: bool
    deadline: Deadline | None = None
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One stage: how many verified records stand in it on the day, and those that stand there longest.

    confirmed: how many of them the community has confirmed; None where the stage does not ask for its word.
    """

    stage: str
    total: int
    cards: list[Card]
    confirmed: int | None = None


def way_of(record: Record, user: User) -> list[Record]:
    """The stages of the fact that the record says, the first one first; only what the user may see."""
    way = [record]
    while way[0].follows_id is not None and len(way) < LONGEST_WAY:
        before = _seen(user, Record.id == way[0].follows_id)
        if before is None:
            break
        way.insert(0, before)
    while len(way) < LONGEST_WAY:
        after = _seen(user, Record.follows_id == way[-1].id, Record.status.in_(STANDING))
        if after is None:
            return way
        way.append(after)
    return way


def _seen(user: User, *where: ColumnElement[bool]) -> Record | None:
    statement = select(Record).where(*where, records_within(user)).order_by(Record.id.desc()).limit(1)
    return db.session.scalar(statement)


def waits_for_next(record: Record) -> bool:
    """Whether a next stage of the record waits to be verified or corrected already."""
    waiting = Record.status.in_((Status.SUBMITTED, Status.RETURNED))
    return bool(db.session.scalar(select(exists().where(Record.follows_id == record.id, waiting))))


def board(
    campaign: Campaign,
    kind: KindSpec,
    user: User,
    day: dt.date,
    unit: Unit | None = None,
    due: Deadline | None = None,
) -> list[Column]:
    """The verified records of a kind by stage, as the user may see them. Three statements for each stage.

    day:  today, for how long something stands where it does.
    unit: only what that branch, group or section owns.
    due:  only what is overdue, or due soon.
    """
    where = [
        Record.campaign_id == campaign.id,
        Record.kind_id.in_(select(Kind.id).where(Kind.campaign_id == campaign.id, Kind.code == kind.code)),
        Record.status == Status.VERIFIED,
        records_within(user),
    ]
    if unit is not None:
        where.append(owned_by(unit))
    if due is not None:
        where.append(is_due(kind, due, day))
    return [_column(kind, stage, where, day) for stage in kind.stages]


def _column(kind: KindSpec, stage: Stage, where: Sequence[ColumnElement[bool]], day: dt.date) -> Column:
    here = [*where, Record.stage == stage.name]
    confirmed = None
    if "confirmation" in stage.asks:
        heard = select(func.count()).select_from(Record).where(*here, is_confirmed())
        confirmed = db.session.scalar(heard) or 0
    total = db.session.scalar(select(func.count()).select_from(Record).where(*here)) or 0
    following = aliased(Record)
    waiting = following.status.in_((Status.SUBMITTED, Status.RETURNED))
    has_next = exists().where(following.follows_id == Record.id, waiting)
    reached = func.coalesce(Record.ended_on, Record.since_on, Record.happened_on)
    rows = db.session.execute(
        select(Record, reached, has_next, is_confirmed())
        .where(*here)
        .order_by(reached, Record.id)
        .limit(ON_THE_BOARD)
        .options(
            joinedload(Record.member), joinedload(Record.branch), joinedload(Record.group),
            joinedload(Record.section), selectinload(Record.co_organisers),
        )
    ).unique()  # fmt: skip
    cards = [
        Card(
            record, since, max(0, (day - since).days), bool(waits),
            deadline_of(kind, record.stage, record.due_on, day), bool(heard),
        )
        for record, since, waits, heard in rows
    ]  # fmt: skip
    return Column(stage.name, total, cards, confirmed)
