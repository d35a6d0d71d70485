"""What waits to be verified, and by whom it may be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, not_, or_, select, true, tuple_
from sqlalchemy.orm import joinedload, selectinload

from tracker.db import db
from tracker.models import (
    AuditEvent,
    Campaign,
    Comment,
    Grant,
    Member,
    Participation,
    Record,
    Status,
    Unit,
    UnitLevel,
    User,
)
from tracker.queries.access import KEEPERS, branches_of, is_office, people_within
from tracker.queries.campaigns import spec_of
from tracker.queries.members import is_named
from tracker.queries.paging import PER_PAGE, Page, page_within
from tracker.queries.record_filters import hidden_kinds
from tracker.queries.terms import terms_like

KEPT_REASONS = 8
MOST_AT_ONCE = 200  # records that one act may decide
VERIFY, RETURN = "record:verify", "record:return"  # the actions of their events
TEXTS = (Record.title, Record.ref, Record.category, Record.place, Record.community)


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What the verifier chose; empty fields choose nothing.

    needs_office: only what nobody in a branch can verify (the office's own queue).
    is_whole:     as many rows as one act may decide, instead of a page of the usual length.
    """

    kind_id: int | None = None
    branch_id: int | None = None
    group_id: int | None = None
    text: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    needs_office: bool = False
    is_whole: bool = False
    page: int = 1

    @property
    def narrows(self) -> bool:
        """Whether something was chosen besides the kind and whose queue it is."""
        return any((self.branch_id, self.group_id, self.text, self.since, self.until))


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did a moment ago and may still take back."""

    moment: dt.datetime
    verified: int
    returned: int


def within_reach(user: User) -> ColumnElement[bool]:
    """Records that are the user's to verify by their place: of own branches; of anywhere for the office."""
    return true() if is_office(user) else Record.branch_id.in_(branches_of(user))


def is_own(user: User) -> ColumnElement[bool]:
    """Records that the user entered, or that are about the user alone: somebody else verifies them."""
    entered = Record.entered_by_id == user.id
    if user.member_id is None:
        return entered
    there = exists().where(Participation.record_id == Record.id)
    others = there.where(Participation.member_id != user.member_id)
    alone = there.where(Participation.member_id == user.member_id) & ~others & Record.headcount.is_(None)
    return entered | func.coalesce(Record.member_id == user.member_id, false()) | alone


def needs_office() -> ColumnElement[bool]:
    """What the office has to verify: of no branch; about one who keeps the branch; and whatever has nobody
    else there who could, since the only one who keeps it entered it, or since there is nobody.

    Who keeps which branch is worked out once, not for each record: the badge of the menu asks for all that
    waits.
    """
    keeps = (Grant.role.in_(KEEPERS), Grant.unit_id.is_not(None), User.is_disabled.is_(False))
    kept = select(Grant.unit_id).join(User, User.id == Grant.user_id).where(*keeps)
    persons = kept.add_columns(User.member_id).where(User.member_id.is_not(None))
    alone = (
        kept.add_columns(func.min(User.id))
        .group_by(Grant.unit_id)
        .having(func.min(User.id) == func.max(User.id))
    )
    return or_(
        Record.branch_id.is_(None),
        Record.branch_id.not_in(kept),
        tuple_(Record.branch_id, Record.entered_by_id).in_(alone),
        tuple_(Record.branch_id, Record.member_id).in_(persons),
    )


def waiting(campaign_id: int, user: User) -> list[ColumnElement[bool]]:
    """Conditions of all that waits within the user's reach, the own included (shown, but locked)."""
    return [
        Record.campaign_id == campaign_id,
        Record.status == Status.SUBMITTED,
        within_reach(user),
    ]


def waiting_count(campaign_id: int, user: User, most: int | None = None) -> int:
    """How many records wait for this user: those that they may verify; for the office, that only it may.

    most: the number at which it is enough to know that there are as many, so that no more are looked for.
    """
    where = [*waiting(campaign_id, user), not_(is_own(user))]
    if is_office(user):
        where.append(needs_office())
    return _count(where, most)


def _count(where: Iterable[ColumnElement[bool]], most: int | None = None) -> int:
    found = select(Record.id).where(*where).limit(most).subquery()
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def queue_page(campaign: Campaign, user: User, chosen: QueueFilter, total: int) -> Page[tuple[Record, bool]]:
    """What waits, oldest first: (record, whether it is the user's own and so somebody else's to verify).

    total: how many there are. A page of the later half is read from the end, so that the last one takes no
    longer than the first.
    """
    where = [*waiting(campaign.id, user), *chosen_rows(chosen, campaign, user)]
    length = MOST_AT_ONCE if chosen.is_whole else PER_PAGE
    page = page_within(chosen.page, total, length)
    before = (page - 1) * length
    after = max(total - before - length, 0)
    order: list[ColumnElement[Any]] = [Record.entered_at.expression, Record.id.expression]
    if from_end := after < before:
        order = [Record.entered_at.desc(), Record.id.desc()]
    rows = db.session.execute(
        select(Record, is_own(user))
        .where(*where)
        .order_by(*order)
        .limit(min(length, total - before) if from_end else length)
        .offset(after if from_end else before)
        .options(
            joinedload(Record.kind),
            joinedload(Record.member),
            joinedload(Record.branch),
            joinedload(Record.group),
            joinedload(Record.section),
            joinedload(Record.entered_by).lazyload(User.grants),
            selectinload(Record.participations),
            selectinload(Record.co_organisers),
            selectinload(Record.stories_told),
        )
    ).unique()
    found = [(record, bool(own)) for record, own in rows]
    return Page(found[::-1] if from_end else found, page, total, length)


def chosen_rows(chosen: QueueFilter, campaign: Campaign, user: User) -> list[ColumnElement[bool]]:
    """Conditions of what was chosen, besides `waiting`."""
    found: list[ColumnElement[bool]] = []
    for column, value in (
        (Record.kind_id, chosen.kind_id),
        (Record.branch_id, chosen.branch_id),
        (Record.group_id, chosen.group_id),
    ):
        if value is not None:
            found.append(column == value)
    if chosen.since:
        found.append(Record.happened_on >= chosen.since)
    if chosen.until:
        found.append(Record.happened_on <= chosen.until)
    if chosen.needs_office and is_office(user):
        found.append(needs_office())
    if chosen.text:
        found.append(_holds(chosen.text, campaign, user))
    return found


def _holds(text: str, campaign: Campaign, user: User) -> ColumnElement[bool]:
    """Rows whose text holds it, or in which somebody of that name is, where the name may be seen."""
    named = select(Participation.record_id).join(Member).where(is_named(text), people_within(user))
    people: ColumnElement[bool] = Record.id.in_(named)
    hidden = hidden_kinds(user, spec_of(campaign))
    if hidden:
        people &= Record.kind_id.not_in([kind.id for kind in campaign.kinds if kind.code in hidden])
    return or_(*(column.in_(terms_like(text)) for column in TEXTS), people)


def groups_within(user: User, branch_id: int | None) -> list[Unit]:
    """The groups of one branch; without one, of all branches that the user keeps."""
    branches = branches_of(user) if branch_id is None else {branch_id}
    if branch_id is not None and not is_office(user):
        branches &= branches_of(user)
    found = select(Unit).where(Unit.level == UnitLevel.GROUP, Unit.parent_id.in_(branches))
    return list(db.session.scalars(found.order_by(Unit.parent_id, Unit.position, Unit.id)))


def kept_by_others(user: User, branch_ids: Iterable[int | None]) -> set[int]:
    """Those of the branches that somebody else keeps who can sign in."""
    ids = sorted({id_ for id_ in branch_ids if id_ is not None})
    found = (
        select(Grant.unit_id)
        .join(User, User.id == Grant.user_id)
        .where(
            Grant.role.in_(KEEPERS), Grant.unit_id.in_(ids), User.id != user.id, User.is_disabled.is_(False)
        )
    )
    return {id_ for id_ in db.session.scalars(found) if id_ is not None}


def may_decide(record: Record, user: User) -> bool | None:
    """Whether the user may verify or return this record: False if it is their own and so somebody else's to,
    None if it does not wait, or not for them."""
    own = db.session.scalar(
        select(is_own(user)).where(
            Record.id == record.id, Record.status == Status.SUBMITTED, within_reach(user)
        )
    )
    return None if own is None else not own


def latest_act(user: User, since: dt.datetime) -> Act | None:
    """What this user verified or gave back last, if that was after `since` and some of it still stands."""
    stands = or_(
        and_(
            Record.status == Status.VERIFIED,
            Record.verified_at == AuditEvent.at,
            Record.verified_by_id == user.id,
        ),
        and_(
            Record.status == Status.RETURNED,
            Record.returned_at == AuditEvent.at,
            Record.returned_by_id == user.id,
        ),
    )
    rows = db.session.execute(
        select(AuditEvent.at, AuditEvent.action, func.count())
        .join(Record, Record.id == AuditEvent.subject_id)
        .where(
            AuditEvent.actor_id == user.id,
            AuditEvent.at > since,
            AuditEvent.subject_type == Record.__tablename__,
            AuditEvent.action.in_((VERIFY, RETURN)),
            stands,
        )
        .group_by(AuditEvent.at, AuditEvent.action)
        .order_by(AuditEvent.at.desc())
        .limit(1)
    ).first()
    if rows is None:
        return None
    moment, action, count = rows
    return Act(moment, count if action == VERIFY else 0, count if action == RETURN else 0)


def own_reasons(user: User) -> list[str]:
    """The texts with which this user gave records back, the latest first, each once."""
    rows = db.session.execute(
        select(Comment.text, func.max(Comment.id))
        .where(Comment.by_id == user.id, Comment.is_return)
        .group_by(Comment.text)
        .order_by(func.max(Comment.id).desc())
        .limit(KEPT_REASONS)
    )
    return [text for text, _ in rows]
