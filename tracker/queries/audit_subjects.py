"""What events are about: the rows behind them, found with one statement for each table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from tracker.db import Model, db
from tracker.models import (
    Arrival,
    Assignment,
    AuditEvent,
    Batch,
    Campaign,
    Certificate,
    Comment,
    Draft,
    Evidence,
    Exemption,
    Grant,
    Holiday,
    Job,
    Kind,
    Layout,
    Mapping,
    Meeting,
    Member,
    Membership,
    Paper,
    Participation,
    Plan,
    Quoted,
    Record,
    Sample,
    ScreenLink,
    SealedPerson,
    Series,
    Share,
    Statement,
    Unit,
    User,
    UserSession,
    Work,
)
from tracker.queries.campaigns import spec_of
from tracker.queries.record_filters import hidden_kinds

Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Thing:
    """What an event is about, or what it belongs to where it has no page of its own.

    sort: name of the table of the row that is meant: an attendance, a comment, a file are their record.
    name: its own name: a member's, an account's, a file's, a unit's; of a record its kind's.
    kind: code of the record's kind.
    day:  of a record, the day it happened; of a plan or a holiday, its day.
    of:   of a record that is one member's, that member's id.
    """

    sort: str
    id: int
    name: str
    kind: str = ""
    day: dt.date | None = None
    of: int | None = None


def _record(row: Any) -> Thing:
    return Thing("record", row[1], row[2], row[3], row[4] if row[5] else None, row[6])


def _records(model: type[Model]) -> Any:
    """id of the row, then what is said of its record."""
    said = (Record.id, Kind.name, Kind.code, Record.happened_on, Record.is_dated, Record.member_id)
    columns: Any = model.__table__.c
    if model is Record:
        return select(columns.id, *said).join(Kind, Kind.id == Record.kind_id)
    return (
        select(columns.id, *said)
        .join(Record, Record.id == columns.record_id)
        .join(Kind, Kind.id == Record.kind_id)
    )


def _members(model: type[Model]) -> Any:
    columns: Any = model.__table__.c
    if model is Member:
        return select(Member.id, Member.id, Member.name)
    return select(columns.id, Member.id, Member.name).join(Member, Member.id == columns.member_id)


def _users(model: type[Model]) -> Any:
    columns: Any = model.__table__.c
    if model is User:
        return select(User.id, User.id, User.name)
    return select(columns.id, User.id, User.name).join(User, User.id == columns.user_id)


def _batches(model: type[Model]) -> Any:
    if model is Batch:
        return select(Batch.id, Batch.id, Batch.filename)
    return select(Job.id, Batch.id, Batch.filename, Job.task).outerjoin(Batch, Batch.id == Job.batch_id)


def _batch(row: Any) -> Thing:
    """An import, or long work of another sort."""
    return Thing("batch", row[1], row[2]) if row[1] is not None else Thing("job", row[0], row[3])


def _dated(sort: str) -> Callable[[Any], Thing]:
    return lambda row: Thing(sort, row[1], row[2], day=row[3])


def _named(sort: str) -> Callable[[Any], Thing]:
    return lambda row: Thing(sort, row[1], row[2])


# table of the subject → the statement that gives its row's id and what is said of it, and how it is said.
FOUND: dict[type[Model], tuple[Callable[[type[Model]], Any], Callable[[Any], Thing]]] = {
    **dict.fromkeys((Record, Participation, Comment, Work, Evidence, Share), (_records, _record)),
    **dict.fromkeys((Member, Membership, Exemption, Certificate), (_members, _named("member"))),
    **dict.fromkeys((User, Grant, UserSession, Draft), (_users, _named("user_account"))),
    **dict.fromkeys((Batch, Job), (_batches, _batch)),
    Unit: (lambda _: select(Unit.id, Unit.id, Unit.name), _named("unit")),
    Campaign: (lambda _: select(Campaign.id, Campaign.id, Campaign.name), _named("campaign")),
    Layout: (lambda _: select(Layout.id, Layout.id, Layout.name), _named("layout")),
    Mapping: (lambda _: select(Mapping.id, Mapping.id, Mapping.name), _named("mapping")),
    SealedPerson: (
        lambda _: select(SealedPerson.id, SealedPerson.id, SealedPerson.subject),
        _named("sealed_person"),
    ),
    Assignment: (lambda _: select(Assignment.id, Assignment.id, Assignment.text), _named("assignment")),
    Meeting: (lambda _: select(Meeting.id, Meeting.id, Meeting.number), _named("meeting")),
    Sample: (
        lambda _: select(Sample.id, Sample.id, Unit.name).join(Unit, Unit.id == Sample.unit_id),
        _named("sample"),
    ),
    Quoted: (lambda _: select(Quoted.id, Quoted.id, Quoted.title), _named("quoted")),
    ScreenLink: (lambda _: select(ScreenLink.id, ScreenLink.id, ScreenLink.label), _named("screen_link")),
    Series: (lambda _: select(Series.id, Series.id, Series.title), _named("series")),
    Plan: (lambda _: select(Plan.id, Plan.id, Plan.title, Plan.happens_on), _dated("plan")),
    Arrival: (
        lambda _: select(Arrival.id, Plan.id, Plan.title, Plan.happens_on).join(Arrival.plan),
        _dated("plan"),
    ),
    Holiday: (lambda _: select(Holiday.id, Holiday.id, Holiday.name, Holiday.day), _dated("holiday")),
    Statement: (lambda _: select(Statement.id, Unit.id, Unit.name).join(Statement.unit), _named("unit")),
    Paper: (lambda _: select(Paper.id, Paper.id, Paper.code), _named("paper")),
}


def things_of(events: Sequence[AuditEvent]) -> dict[Key, Thing]:
    """What each event is about, by table and id of its subject. One statement for each table that occurs."""
    found: dict[Key, Thing] = {}
    for model, (ask, say) in FOUND.items():
        table = model.__tablename__
        ids = {one.subject_id for one in events if one.subject_type == table and one.subject_id}
        if ids:
            columns: Any = model.__table__.c
            for row in db.session.execute(ask(model).where(columns.id.in_(sorted(ids)))):
                found[table, row[0]] = say(row)
    return found


def unit_names(ids: Iterable[int]) -> dict[int, str]:
    """The names of units that details of events point to."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    rows = db.session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(wanted)))
    return {row[0]: row[1] for row in rows}


def hiding_kinds(user: User) -> frozenset[str]:
    """Codes of the kinds whose people this reader sees as codes, in whichever campaign."""
    campaigns = db.session.scalars(select(Campaign).order_by(Campaign.id))
    return frozenset().union(*(hidden_kinds(user, spec_of(campaign)) for campaign in campaigns))
