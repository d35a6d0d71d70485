"""What waits to be verified, and by whom it may be."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, false, func, not_, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from tracker.db import db
from tracker.models import Campaign, Comment, Grant, Kind, Member, Participation, Record, Status, User
from tracker.queries.access import KEEPERS, branches_of, is_office
from tracker.queries.members import is_named
from tracker.queries.paging import PER_PAGE, Page, page_within

KEPT_REASONS = 8


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What the verifier chose; empty fields choose nothing.

    needs_office: only what nobody in a branch can verify (the office's own queue).
    """

    kind_id: int | None = None
    branch_id: int | None = None
    group_id: int | None = None
    text: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    needs_office: bool = False
    page: int = 1


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
    """What no secretary may verify: of no branch, or entered by, or about, one who keeps the branch."""
    keeps = select(User.id).join(Grant, Grant.user_id == User.id)
    keeps = keeps.where(Grant.role.in_(KEEPERS), Grant.unit_id == Record.branch_id)
    by_keeper = exists(keeps.where(User.id == Record.entered_by_id).correlate(Record))
    about_keeper = exists(keeps.where(User.member_id == Record.member_id).correlate(Record))
    return or_(Record.branch_id.is_(None), by_keeper, about_keeper)


def waiting(campaign_id: int, user: User) -> list[ColumnElement[bool]]:
    """Conditions of all that waits within the user's reach, the own included (shown, but locked)."""
    return [
        Record.campaign_id == campaign_id,
        Record.status == Status.SUBMITTED,
        within_reach(user),
    ]


def waiting_count(campaign_id: int, user: User) -> int:
    """How many records wait for this user: those that they may verify; for the office, that only it may."""
    where = [*waiting(campaign_id, user), not_(is_own(user))]
    if is_office(user):
        where.append(needs_office())
    return db.session.scalar(select(func.count()).select_from(Record).where(and_(*where))) or 0


def queue_page(campaign: Campaign, user: User, chosen: QueueFilter) -> Page[tuple[Record, bool]]:
    """What waits, oldest first: (record, whether it is the user's own and so somebody else's to verify)."""
    where = waiting(campaign.id, user) + _chosen(chosen)
    total = db.session.scalar(select(func.count()).select_from(Record).where(*where)) or 0
    page = page_within(chosen.page, total)
    rows = db.session.execute(
        select(Record, is_own(user))
        .where(*where)
        .order_by(Record.entered_at, Record.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
        .options(
            joinedload(Record.kind),
            joinedload(Record.member),
            joinedload(Record.branch),
            joinedload(Record.group),
            joinedload(Record.section),
            joinedload(Record.entered_by),
            selectinload(Record.participations),
        )
    ).unique()
    return Page([(record, bool(own)) for record, own in rows], page, total)


def _chosen(chosen: QueueFilter) -> list[ColumnElement[bool]]:
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
    if chosen.needs_office:
        found.append(needs_office())
    if chosen.text:
        named = select(Participation.record_id).join(Member).where(is_named(chosen.text))
        found.append(or_(Record.title.contains(chosen.text, autoescape=True), Record.id.in_(named)))
    return found


def kinds_waiting(campaign: Campaign, user: User) -> list[tuple[Kind, int]]:
    """How many of each kind wait within the user's reach; kinds without any are left out."""
    counts = dict(
        db.session.execute(
            select(Record.kind_id, func.count()).where(*waiting(campaign.id, user)).group_by(Record.kind_id)
        ).all()
    )
    return [(kind, counts[kind.id]) for kind in campaign.kinds if kind.id in counts]


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
