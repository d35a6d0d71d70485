"""One search over everything: what each list would find, a handful of it, and how much it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, exists, false, func, literal, or_, select, union_all
from sqlalchemy.orm import joinedload

from tracker.db import INT, db
from tracker.models import Campaign, Member, Membership, Plan, Record, Share, Term, Unit, UnitLevel, User
from tracker.queries.access import (
    branches_of,
    groups_of,
    record_sources,
    records_within,
    sections_of,
    sees_bureau,
)
from tracker.queries.campaigns import spec_of
from tracker.queries.members import MemberFilter, roster_of
from tracker.queries.plan_access import plans_within
from tracker.queries.record_filters import hidden_kinds, holding, says, with_people
from tracker.queries.records import LedgerRow, ledger_rows_of
from tracker.queries.shares import shares_of
from tracker.queries.terms import is_term, terms_like
from tracker.rules.pinyin import answers_to

MOST_COUNTED = 1_000  # what is more is said as "more than"
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Found(Generic[Item]):
    """The first of what was found, and how much it is: at most MOST_COUNTED, then `is_more`."""

    items: Sequence[Item]
    total: int
    is_more: bool = False


def _counted(statement: Select[Any]) -> tuple[int, bool]:
    """How many rows, and whether there are more: no statement reads further than that."""
    some = statement.limit(MOST_COUNTED + 1).subquery()
    total = db.session.scalar(select(func.count()).select_from(some)) or 0
    return min(total, MOST_COUNTED), total > MOST_COUNTED


def members_found(user: User, text: str, day: dt.date, most: int) -> Found[Membership]:
    """People on the rosters that the user keeps or reads, as the roster's own list finds them."""
    within = None if sees_bureau(user) else frozenset(branches_of(user))
    roster = roster_of(MemberFilter(day, within, text=text))
    ordered = roster.order_by(Member.pinyin, Member.number, Membership.id).limit(most)
    rows = db.session.scalars(
        ordered.options(
            joinedload(Membership.member), joinedload(Membership.branch), joinedload(Membership.group)
        )
    ).all()
    return Found(rows, *_counted(roster.with_only_columns(Membership.id)))


def records_found(campaign: Campaign, user: User, text: str, key: str, most: int) -> Found[LedgerRow]:
    """Rows of the ledger that the user may see, the latest days first.

    Of more than MOST_COUNTED the first come from those that were reached first: whoever sees so many has to
    ask for less. key: the installation's secret, for the codes that stand in place of names.
    """
    hidden = hidden_kinds(user, spec_of(campaign))
    hidden_ids = [kind.id for kind in campaign.kinds if kind.code in hidden]
    ids = _ids_found(campaign, user, text, hidden_ids)
    some = select(ids.c.id).limit(MOST_COUNTED + 1).subquery("some")
    total = db.session.scalar(select(func.count()).select_from(some)) or 0
    nothing = literal(None, INT)
    found = db.session.execute(
        select(Record.id, nothing)
        .where(Record.id.in_(select(some.c.id)))
        .order_by(Record.happened_on.desc(), Record.id.desc())
        .limit(most)
    ).all()
    return Found(ledger_rows_of(found, hidden, key), min(total, MOST_COUNTED), total > MOST_COUNTED)


def _ids_found(campaign: Campaign, user: User, text: str, hidden_ids: Sequence[int]) -> Any:
    """Ids as a subquery. Who sees the bureau is answered from what is written, everybody else from what is
    theirs; each source ends at MOST_COUNTED: a word in every second row costs no more than a rare one."""
    here = Record.campaign_id == campaign.id
    if sees_bureau(user):
        sources = [source.where(here) for source in holding(text, user, hidden_ids)]
    else:
        sources = [select(Record.id).where(seen, here, says(text)) for seen in record_sources(user)]
        named = with_people(text, user, hidden_ids).where(here)
        # Whom one may see in a record, that record one may see; leaders alone see no hours of others' own.
        sources.append(named.where(records_within(user)) if groups_of(user) else named)
    ended = [source.distinct().limit(MOST_COUNTED + 1).subquery() for source in sources]
    return (
        select(union_all(*(select(one.c.id) for one in ended)).subquery().c.id).distinct().subquery("found")
    )


def plans_found(campaign: Campaign, user: User, text: str, day: dt.date, most: int) -> Found[Plan]:
    """Planned activities that concern the user, the latest first."""
    where = Plan.campaign_id == campaign.id, Plan.title.in_(terms_like(text)), plans_within(user, day)
    plans = db.session.scalars(
        select(Plan)
        .where(*where)
        .order_by(Plan.happens_on.desc(), Plan.id.desc())
        .limit(most)
        .options(joinedload(Plan.kind))
    ).all()
    return Found(plans, *_counted(select(Plan.id).where(*where)))


def works_found(user: User, text: str, day: dt.date, most: int) -> Found[Share]:
    """Works that are shared with the user, the latest first."""
    shares = shares_of(user, day, text)
    rows = db.session.scalars(
        shares.order_by(Share.shared_at.desc(), Share.id.desc())
        .limit(most)
        .options(joinedload(Share.record).joinedload(Record.member), joinedload(Share.unit))
    ).all()
    return Found(rows, *_counted(shares.with_only_columns(Share.id)))


def communities_found(campaign: Campaign, user: User, text: str, most: int) -> Found[str]:
    """Communities of which the user may see a record, by name."""
    there = exists().where(
        Record.community == Term.text, Record.campaign_id == campaign.id, records_within(user)
    )
    names = select(Term.text).where(is_term(text), there)
    rows = db.session.scalars(names.order_by(Term.pinyin, Term.text).limit(most)).all()
    return Found(rows, *_counted(names))


def units_found(user: User, text: str, most: int) -> Found[Unit]:
    """Branches, groups and sections whose pages are the user's to open. They are few: all are looked at."""
    units = db.session.scalars(
        select(Unit)
        .where(Unit.level != UnitLevel.COMMITTEE, _units_within(user))
        .order_by(Unit.level, Unit.position, Unit.id)
        .options(joinedload(Unit.parent))
    ).all()
    found = [unit for unit in units if answers_to(unit.name, text)]
    return Found(found[:most], len(found))


def _units_within(user: User) -> ColumnElement[bool]:
    if sees_bureau(user):
        return Unit.id.is_not(None)
    branches = branches_of(user)
    return or_(
        false(),
        Unit.id.in_(branches | groups_of(user) | sections_of(user)),
        (Unit.level == UnitLevel.GROUP) & Unit.parent_id.in_(branches),
    )
