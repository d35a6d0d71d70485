"""Saved layouts, and the rows of the ledger that a layout writes, as their reader may see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, case, or_, select, true
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.models import (
    Campaign,
    CoOrganiser,
    Layout,
    Membership,
    Participation,
    Record,
    Status,
    Unit,
    User,
)
from tracker.queries.access import branches_of, is_office, memberships_within, people_within, sees_bureau
from tracker.queries.record_filters import RecordFilter
from tracker.queries.records import AT_ONCE, Ledger, LedgerRow, ledger, ledger_rows
from tracker.rules.campaigns import Kind
from tracker.rules.layout_rows import Line
from tracker.rules.ledger_entries import Entry
from tracker.rules.periods import Period
from tracker.rules.stories import Told

SOMEBODY = "其他单位党员"  # on paper, in place of a teller whose name is not the reader's to know
VERIFIED = (Status.VERIFIED,)
WITH_WAITING = (Status.VERIFIED, Status.SUBMITTED, Status.RETURNED)
FACTS = (
    "happened_on", "is_dated", "ref", "ended_on", "due_on", "minutes", "quantity", "people_served",
    "headcount", "type", "category", "source", "title", "place", "community", "subject", "stage",
    "owner_type", "member_id", "branch_id", "group_id", "section_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be written: rows of one kind, of a period and a unit (None: all), of some states."""

    kind: Kind
    ledger: Ledger
    is_coded: bool


def layouts_within(user: User) -> ColumnElement[bool]:
    """Which layouts the user may write by: the bureau's, and those of branches that they keep or read."""
    if sees_bureau(user):
        return true()
    return or_(Layout.unit_id.is_(None), Layout.unit_id.in_(branches_of(user)))


def may_change(user: User, layout: Layout) -> bool:
    """Whether a layout is theirs to change: the bureau's is the office's, a branch's that of its keepers."""
    return is_office(user) if layout.unit_id is None else layout.unit_id in branches_of(user)


def layout_for(user: User, layout_id: int) -> Layout | None:
    """The layout with that id, None if it does not exist or is another branch's."""
    return db.session.scalar(select(Layout).where(Layout.id == layout_id, layouts_within(user)))


def own_layout_for(user: User, layout_id: int) -> Layout | None:
    """The layout with that id, None if it is not theirs to change."""
    layout = layout_for(user, layout_id)
    return layout if layout is not None and may_change(user, layout) else None


def saved_layouts(campaign: Campaign, kind: str, user: User) -> list[Layout]:
    """The layouts of a kind that the user may write by: the bureau's first, then by name."""
    found = select(Layout).where(Layout.campaign_id == campaign.id, Layout.kind == kind, layouts_within(user))
    order = Layout.unit_id.is_not(None), Layout.unit_id, Layout.name, Layout.id
    return list(db.session.scalars(found.order_by(*order).options(joinedload(Layout.saved_by))))


def asked_rows(
    campaign: Campaign,
    kind: Kind,
    user: User,
    key: str,
    day: dt.date,
    *,
    period: Period | None = None,
    unit: Unit | None = None,
    statuses: Sequence[Status] = VERIFIED,
    by_branch: bool = False,
) -> Asked:
    """The rows to write. key: the installation's secret, for codes in place of names.

    period: by the day on which they happened; a kind that asks for no day is written whole.
    """
    since, until = None, None
    if period is not None and kind.column("happened_on") is not None:
        since, until = period.starts_on, period.ends_on
    chosen = RecordFilter(
        day=day, kind=kind.code, unit=unit, since=since, until=until, sort="branch" if by_branch else "day"
    )
    found = ledger(campaign, chosen, user, key)
    return Asked(
        kind, replace(found, ids=found.ids.where(Record.status.in_(statuses))), kind.code in found.hidden
    )


def layout_lines(asked: Asked, user: User, most: int) -> Iterator[Line]:
    """The rows in their order, at most `most`; a thousand at a time are in memory."""
    rows = ledger_rows(asked.ledger, most)
    while chunk := list(islice(rows, AT_ONCE)):
        yield from _lines(chunk, user)


def _lines(chunk: Sequence[LedgerRow], user: User) -> Iterator[Line]:
    ids = [row.record.id for row in chunk]
    is_seen: Any = case((people_within(user), 1), else_=0)
    people: dict[int, list[tuple[int, int]]] = {}
    for record_id, member_id, seen in db.session.execute(
        select(Participation.record_id, Participation.member_id, is_seen)
        .where(Participation.record_id.in_(ids), Participation.reversed_at.is_(None))
        .order_by(Participation.id)
    ):
        people.setdefault(record_id, []).append((member_id, seen))
    further: dict[int, list[int]] = {}
    for record_id, unit_id in db.session.execute(
        select(CoOrganiser.record_id, CoOrganiser.unit_id)
        .where(CoOrganiser.record_id.in_(ids))
        .order_by(CoOrganiser.id)
    ):
        further.setdefault(record_id, []).append(unit_id)
    may_name = _tellers_named(chunk, user)
    for row in chunk:
        there = people.get(row.record.id, [])
        entry = entry_of(row.record)
        entry.people = tuple(member for member, seen in there if seen)
        entry.co_organisers = tuple(further.get(row.record.id, ()))
        entry.stories = tuple(
            Told(told.title, teller=SOMEBODY)
            if told.member_id and not may_name(told.member_id, entry.happened_on)
            else told
            for told in entry.stories
        )
        others = tuple(member for member, seen in there if not seen)
        yield Line(entry, others, row.code, str(row.record.status))


def _tellers_named(chunk: Sequence[LedgerRow], user: User) -> Callable[[int, dt.date], bool]:
    """Whether the reader may know that member by name on that day, as on the record's own page."""
    tellers = {one.member_id for row in chunk for one in row.record.stories_told if one.member_id}
    if sees_bureau(user) or not tellers:
        return lambda _member, _day: True
    stays: dict[int, list[tuple[dt.date | None, dt.date | None]]] = {}
    for member_id, start, end in db.session.execute(
        select(Membership.member_id, Membership.starts_on, Membership.ends_on).where(
            Membership.member_id.in_(tellers), memberships_within(user)
        )
    ):
        stays.setdefault(member_id, []).append((start, end))
    return lambda member, day: (
        member == user.member_id
        or any(
            (start is None or start <= day) and (end is None or end > day)
            for start, end in stays.get(member, ())
        )
    )


def entry_of(record: Record) -> Entry:
    """What a record says by itself, as a file would say it; the people in it are left to the caller."""
    entry = Entry(kind=record.kind.code, sheet="", row=0, **{name: getattr(record, name) for name in FACTS})
    entry.stories = tuple(Told(one.title, one.member_id, one.teller) for one in record.stories_told)
    return entry
