"""For whom somebody may enter, and the words that their ledger uses already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, false, func, or_, select, true
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.models import (
    Campaign,
    Kind,
    Member,
    Membership,
    OwnerType,
    Participation,
    Record,
    Status,
    Unit,
    UnitLevel,
)
from tracker.queries.rosters import holds_on
from tracker.rules.campaigns import Kind as KindSpec
from tracker.rules.entries import named_columns, typed_minutes, typed_person
from tracker.rules.ledger_entries import Entry
from tracker.rules.reach import Reach
from tracker.rules.stories import typed_story

MOST_WORDS = 60  # a list that a browser offers beside a field
OPEN_WORDS = ("category", "place", "community", "source", "type")
STANDING = (Status.SUBMITTED, Status.VERIFIED, Status.RETURNED)


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member for whom somebody may enter, with their units on the day."""

    id: int
    number: str
    name: str
    pinyin: str
    branch: str
    group: str | None

    @property
    def place(self) -> str:
        """Branch and group, as a heading over their members."""
        return f"{self.branch} · {self.group}" if self.group else self.branch


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit for which somebody may enter. `key` is what a form sends: branch:3."""

    key: str
    owner: OwnerType
    name: str
    branch: str | None = None

    @property
    def label(self) -> str:
        return f"{self.branch} · {self.name}" if self.branch else self.name


def _memberships(reach: Reach) -> ColumnElement[bool]:
    if reach.bureau:
        return true()
    return or_(
        Membership.branch_id.in_(reach.branches),
        Membership.group_id.in_(reach.groups),
        Membership.member_id == reach.member_id,
    )


def members_to_enter_for(
    reach: Reach, day: dt.date, ids: Sequence[int] | None = None, unit_id: int | None = None
) -> list[MemberLine]:
    """Members within reach on `day`, by branch, group and number. One statement.

    ids, unit_id: only these members; only those of that branch or group.
    """
    branch, group = Unit.__table__.alias("branch"), Unit.__table__.alias("party_group")
    statement = (
        select(Member.id, Member.number, Member.name, Member.pinyin, branch.c.name, group.c.name)
        .join(Membership, Membership.member_id == Member.id)
        .join(branch, branch.c.id == Membership.branch_id)
        .join(group, group.c.id == Membership.group_id, isouter=True)
        .where(holds_on(Membership.starts_on, Membership.ends_on, day), _memberships(reach))
        .order_by(
            branch.c.position, branch.c.id, group.c.position.nulls_last(), group.c.id, Member.number,
            Member.id,
        )
    )  # fmt: skip
    if ids is not None:
        statement = statement.where(Member.id.in_(ids))
    if unit_id is not None:
        statement = statement.where((Membership.branch_id == unit_id) | (Membership.group_id == unit_id))
    return [MemberLine(*row) for row in db.session.execute(statement)]


def member_to_enter_for(reach: Reach, member_id: int, day: dt.date) -> MemberLine | None:
    """The member with that id if within reach on `day`."""
    return next(iter(members_to_enter_for(reach, day, [member_id])), None)


def members_in_order(member_ids: Sequence[int]) -> list[Member]:
    """Members by id, in the order of the ids; for sheets that name them."""
    found = {row.id: row for row in db.session.scalars(select(Member).where(Member.id.in_(member_ids)))}
    return [found[member_id] for member_id in member_ids if member_id in found]


def units_to_enter_for(reach: Reach, kind: KindSpec) -> list[UnitLine]:
    """The units within reach that may own records of the kind: groups, branches, sections, the bureau."""
    owners = reach.owners.intersection(kind.owners)
    if owners <= {OwnerType.MEMBER}:
        return []
    statement = select(Unit).order_by(Unit.position, Unit.id).options(joinedload(Unit.parent))
    if not reach.bureau:
        own = reach.branches | reach.groups | reach.sections
        statement = statement.where(Unit.id.in_(own) | Unit.parent_id.in_(reach.branches))
    found: dict[OwnerType, list[UnitLine]] = {owner: [] for owner in OwnerType}
    for unit in db.session.scalars(statement):
        is_root = unit.level is UnitLevel.COMMITTEE
        owner = OwnerType.BUREAU if is_root else OwnerType(str(unit.level))
        if owner in owners:
            branch = unit.parent.name if owner is OwnerType.GROUP and unit.parent else None
            found[owner].append(UnitLine(f"{owner}:{unit.id}", owner, unit.name, branch))
    order = (OwnerType.GROUP, OwnerType.BRANCH, OwnerType.SECTION, OwnerType.BUREAU)
    return [line for owner in order for line in found[owner]]


def _records(reach: Reach) -> ColumnElement[bool]:
    """Records whose owner is within reach as they are stored."""
    if reach.bureau:
        return true()
    # An account that is no member's has no records of its own: compared with NULL, units' records would be.
    own = Record.member_id == reach.member_id if reach.member_id is not None else false()
    return or_(
        Record.branch_id.in_(reach.branches),
        Record.group_id.in_(reach.groups),
        (Record.owner_type == OwnerType.SECTION) & Record.section_id.in_(reach.sections),
        own,
    )


def words_used(campaign: Campaign, kind: KindSpec, field: str, reach: Reach) -> list[str]:
    """What stands in an open column of this kind within reach, the most frequent first."""
    if field not in OPEN_WORDS:
        return []
    column: Any = getattr(Record, field)
    rows = db.session.execute(
        select(column, func.count())
        .join(Kind, Kind.id == Record.kind_id)
        .where(
            Record.campaign_id == campaign.id,
            Kind.code == kind.code,
            column.is_not(None),
            Record.status.in_(STANDING),
            _records(reach),
        )
        .group_by(column)
        .order_by(func.count().desc(), column)
        .limit(MOST_WORDS)
    )
    return [row[0] for row in rows]


def typed_values(record: Record, kind: KindSpec) -> dict[str, str]:
    """What a form of the kind holds that says this record: field -> text as somebody would type it."""
    found: dict[str, str] = {}
    for name, column in named_columns(kind):
        value = getattr(record, column.field, None)
        if column.spread is not None and any(
            getattr(record, key) != text for key, text in column.spread.items()
        ):
            continue
        if column.field == "minutes":
            found[name] = typed_minutes(value, kind.counts_in) if value else ""
        elif isinstance(value, str | int | dt.date):
            found[name] = value.isoformat() if isinstance(value, dt.date) else str(value)
    if not record.is_dated:
        found.pop("happened_on", None)
    people = [row.member for row in record.participations if row.member_id != record.member_id]
    found["people"] = "、".join(typed_person(one.name, one.number) for one in people)
    found["stories"] = "\n".join(
        typed_story(
            one.title,
            f"{one.member.name}{one.member.number}" if one.member else one.teller or "",
        )
        for one in record.stories_told
    )
    if record.member is not None:
        found["member"] = typed_person(record.member.name, record.member.number)
    unit_id = {
        OwnerType.GROUP: record.group_id,
        OwnerType.BRANCH: record.branch_id,
        OwnerType.SECTION: record.section_id,
        OwnerType.BUREAU: db.session.scalar(select(Unit.id).where(Unit.level == UnitLevel.COMMITTEE)),
    }.get(record.owner_type)
    found["owner"] = f"{record.owner_type}:{unit_id}" if unit_id else ""
    found["together"] = "、".join(one.unit.name for one in record.co_organisers)
    if record.work is not None:
        found["text"] = record.work.text
    return found


def owner_names(entries: Iterable[Entry]) -> dict[tuple[OwnerType, int | None], str]:
    """(owner type, id) -> name of everybody and every unit that owns one of the entries."""
    owners = {(entry.owner_type, owner_id(entry)) for entry in entries}
    people = [id_ for owner, id_ in owners if owner is OwnerType.MEMBER]
    units = [id_ for owner, id_ in owners if owner is not OwnerType.MEMBER]
    names: dict[tuple[OwnerType, int | None], str] = dict.fromkeys(owners, "")
    for id_, name in db.session.execute(select(Member.id, Member.name).where(Member.id.in_(people))):
        names[OwnerType.MEMBER, id_] = name
    for id_, level, name in db.session.execute(
        select(Unit.id, Unit.level, Unit.name).where(Unit.id.in_(units), Unit.level != UnitLevel.COMMITTEE)
    ):
        names[OwnerType(str(level)), id_] = name
    return names


def owner_id(entry: Entry) -> int | None:
    """The id of the member or unit that owns an entry; None for the bureau."""
    return {
        OwnerType.MEMBER: entry.member_id,
        OwnerType.GROUP: entry.group_id,
        OwnerType.BRANCH: entry.branch_id,
        OwnerType.SECTION: entry.section_id,
    }.get(entry.owner_type)


def week_of(member_id: int, kind_id: int, first: dt.date, last: dt.date) -> list[Record]:
    """The member's records of the kind from `first` to `last` that stand, by day."""
    return list(
        db.session.scalars(
            select(Record)
            .join(Participation, Participation.record_id == Record.id)
            .where(
                Participation.member_id == member_id,
                Record.kind_id == kind_id,
                Record.happened_on.between(first, last),
                Record.is_dated,
                Record.status.in_(STANDING),
                Participation.reversed_at.is_(None),
            )
            .order_by(Record.happened_on, Record.id)
        )
    )
