"""The audit: who read or changed what, and since when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from tracker.db import Model, db
from tracker.models import (
    AuditEvent,
    Batch,
    Certificate,
    Comment,
    Draft,
    Evidence,
    Exemption,
    Grant,
    Job,
    Member,
    Membership,
    Paper,
    Participation,
    Record,
    SealedPerson,
    Share,
    Status,
    User,
    UserSession,
    Work,
)
from tracker.queries.access import sees_bureau
from tracker.queries.members import is_named
from tracker.queries.paging import PER_PAGE, Page, page_within

MOST_CANDIDATES = 20
AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What the reader chose. Empty fields choose nothing.

    actor:   the account that acted.
    member:  the events about a member: about the person, their records and attendances, their account.
    actions: only these; None is all.
    since:   from this moment on.
    until:   before this moment.
    """

    actor: User | None = None
    member: Member | None = None
    record_id: int | None = None
    batch_id: int | None = None
    actions: frozenset[str] | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    page: int = 1


def _of(model: type[Model], *where: ColumnElement[bool]) -> Select[int]:
    """Events whose subject is a row of `model` for which `where` holds.

    A join and not a list of ids: each database then goes from the few rows to their events by indexes.
    """
    subject_id: InstrumentedAttribute[int] = model.__table__.c.id  # type: ignore[assignment]
    return (
        select(AuditEvent.id)
        .join(model, subject_id == AuditEvent.subject_id)
        .where(AuditEvent.subject_type == model.__tablename__, *where)
    )


def events_about(member: Member) -> ColumnElement[bool]:
    """Which events are about a member: the person, their records and attendances, their account."""
    own = Record.member_id == member.id
    attended = select(Participation.record_id).where(Participation.member_id == member.id)
    records = or_(own, Record.id.in_(attended))
    account = select(User.id).where(User.member_id == member.id)
    remarks = select(Comment.id).join(Record).where(records)
    parts = [
        _of(Member, Member.id == member.id),
        _of(Membership, Membership.member_id == member.id),
        _of(Exemption, Exemption.member_id == member.id),
        _of(Certificate, Certificate.member_id == member.id),
        _of(Participation, Participation.member_id == member.id),
        _of(Record, own),
        _of(Record, Record.id.in_(attended)),
        _of(Comment, Comment.id.in_(remarks)),
        _of(Evidence, Evidence.record_id.in_(select(Record.id).where(records))),
        _of(Share, Share.record_id.in_(select(Record.id).where(own))),
        _of(Work, Work.record_id.in_(select(Record.id).where(records))),
        _of(User, User.member_id == member.id),
        _of(Grant, Grant.user_id.in_(account)),
        _of(UserSession, UserSession.user_id.in_(account)),
        _of(Draft, Draft.user_id.in_(account)),
        _of(Paper, Paper.id.in_(papers_with(member))),
        _of(SealedPerson, _behind(own & Record.status.in_((Status.VERIFIED, Status.CONTINUED)))),
    ]
    return AuditEvent.id.in_(union(*parts))


def _behind(where: ColumnElement[bool]) -> ColumnElement[bool]:
    """What is sealed behind the codes of these records, each in its branch."""
    return (
        exists()
        .where(
            Record.campaign_id == SealedPerson.campaign_id,
            Record.branch_id == SealedPerson.branch_id,
            Record.subject == SealedPerson.subject,
            where,
        )
        .correlate(SealedPerson)
    )


def papers_with(member: Member) -> list[int]:
    """Printed sheets on which the member stands, among those of the units that they were ever in."""
    units: Any = union(
        select(Membership.branch_id).where(Membership.member_id == member.id),
        select(Membership.group_id).where(Membership.member_id == member.id),
    )
    rows = db.session.execute(select(Paper.id, Paper.member_ids).where(Paper.unit_id.in_(units)))
    return [id_ for id_, member_ids in rows if member.id in member_ids]


def _about_record(record_id: int) -> ColumnElement[bool]:
    parts = [
        select(AuditEvent.id).where(
            AuditEvent.subject_type == Record.__tablename__, AuditEvent.subject_id == record_id
        ),
        _of(Participation, Participation.record_id == record_id),
        _of(Comment, Comment.record_id == record_id),
        _of(SealedPerson, _behind(Record.id == record_id)),
        _of(Evidence, Evidence.record_id == record_id),
        _of(Share, Share.record_id == record_id),
    ]
    return AuditEvent.id.in_(union(*parts))


def _about_batch(batch_id: int) -> ColumnElement[bool]:
    parts = [
        select(AuditEvent.id).where(
            AuditEvent.subject_type == Batch.__tablename__, AuditEvent.subject_id == batch_id
        ),
        _of(Job, Job.batch_id == batch_id),
    ]
    return AuditEvent.id.in_(union(*parts))


def _conditions(chosen: EventFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if chosen.actor:
        found.append(AuditEvent.actor_id == chosen.actor.id)
    if chosen.member:
        found.append(events_about(chosen.member))
    if chosen.record_id:
        found.append(_about_record(chosen.record_id))
    if chosen.batch_id:
        found.append(_about_batch(chosen.batch_id))
    if chosen.actions is not None:
        found.append(AuditEvent.action.in_(sorted(chosen.actions)))
    if chosen.since:
        found.append(AuditEvent.at >= chosen.since)
    if chosen.until:
        found.append(AuditEvent.at < chosen.until)
    return found


def _listed(chosen: EventFilter) -> Select[AuditEvent]:
    return (
        select(AuditEvent)
        .where(*_conditions(chosen))
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .options(joinedload(AuditEvent.actor))  # its grants come with one statement more
    )


def event_page(chosen: EventFilter) -> Page[AuditEvent]:
    """The chosen events, newest first, 50 a page. Three statements, with a member four."""
    total = db.session.scalar(select(func.count(AuditEvent.id)).where(*_conditions(chosen))) or 0
    page = page_within(chosen.page, total)
    rows = db.session.scalars(_listed(chosen).limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    return Page(rows, page, total)


def event_chunks(chosen: EventFilter, most: int) -> Iterator[list[AuditEvent]]:
    """The first `most` chosen events, newest first, a thousand at a time."""
    for offset in range(0, most, AT_ONCE):
        rows = list(db.session.scalars(_listed(chosen).limit(min(AT_ONCE, most - offset)).offset(offset)))
        if rows:
            yield rows
        if len(rows) < AT_ONCE:
            return


def members_called(text: str) -> list[Member]:
    """Members of that name, pinyin or number, at most twenty: the reader says which one is meant."""
    return list(
        db.session.scalars(
            select(Member).where(is_named(text)).order_by(Member.number, Member.id).limit(MOST_CANDIDATES)
        )
    )


def accounts_called(text: str) -> list[User]:
    """Accounts of that name or login, or whose member is called so, at most twenty."""
    squeezed = "".join(text.split()).lower()
    called = or_(
        func.lower(User.login) == squeezed,
        func.lower(User.name).contains(squeezed, autoescape=True),
        is_named(text),
    )
    return list(
        db.session.scalars(
            select(User)
            .outerjoin(Member, Member.id == User.member_id)
            .where(called)
            .order_by(User.login, User.id)
            .limit(MOST_CANDIDATES)
        )
    )


def actor_for(user: User, user_id: int) -> User | None:
    """The account with that id, for one who sees the whole bureau; None otherwise."""
    return db.session.get(User, user_id) if sees_bureau(user) else None
