"""The roster as pages show it. No hours: nobody is ranked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, true
from sqlalchemy.orm import aliased, joinedload, selectinload

from tracker.db import db
from tracker.models import Exemption, Member, Membership, Unit, UnitLevel
from tracker.queries.paging import PER_PAGE, Page, page_within
from tracker.queries.rosters import holds_on

UNITS = (Membership.branch, Membership.group, Membership.section)
SORTS = ("number", "name", "branch")


@dataclass(frozen=True, slots=True)
class MemberFilter:
    """What the reader chose. Empty fields choose nothing.

    within: the branches whose roster is the reader's to see; None for all.
    left:   those who belonged there once, and on the day do not any more; as they were in their last days.
    exempt: True only the exempt, False only those who count, None both.
    sort:   one of SORTS, with '-' before it for downwards.
    """

    day: dt.date
    within: frozenset[int] | None = None
    left: bool = False
    text: str = ""
    branch_id: int | None = None
    categories: tuple[str, ...] = ()
    standings: tuple[str, ...] = ()
    exempt: bool | None = None
    sort: str = "branch"
    page: int = 1


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One member on one day. `exempt_for` is the reason, None for those who count or have left."""

    member: Member
    membership: Membership
    exempt_for: str | None


def is_named(text: str) -> ColumnElement[bool]:
    """Members whose name holds `text`, whose pinyin or initials begin with it, or whose number it is."""
    squeezed = "".join(text.split()).lower()
    return or_(
        func.lower(Member.name).contains(squeezed, autoescape=True),
        Member.pinyin.startswith(squeezed, autoescape=True),
        Member.pinyin.contains(" " + squeezed, autoescape=True),
        func.lower(Member.number) == squeezed,
    )


def _exempt_on(day: dt.date) -> ColumnElement[bool]:
    return exists().where(
        Exemption.member_id == Membership.member_id, holds_on(Exemption.starts_on, Exemption.ends_on, day)
    )


def _in_branches(row: Any, within: frozenset[int] | None) -> ColumnElement[bool]:
    """Stretches of membership in these branches, in any if there are none to keep to."""
    return true() if within is None else row.branch_id.in_(within)


def _left_by(day: dt.date, within: frozenset[int] | None) -> ColumnElement[bool]:
    """Each member's last stretch in these branches, if it ended by the day and none has begun since."""
    other = aliased(Membership)
    later = exists().where(
        other.member_id == Membership.member_id,
        _in_branches(other, within),
        or_(other.starts_on.is_(None), other.starts_on <= day),
        or_(other.ends_on.is_(None), other.ends_on > Membership.ends_on),
    )
    return (Membership.ends_on <= day) & ~later


def roster_of(chosen: MemberFilter) -> Select[Membership]:
    """Who belonged to the reader's branches on the day, or had left them, in no order."""
    where: list[ColumnElement[bool]] = [_in_branches(Membership, chosen.within)]
    if chosen.left:
        where.append(_left_by(chosen.day, chosen.within))
    else:
        where.append(holds_on(Membership.starts_on, Membership.ends_on, chosen.day))
    if chosen.text:
        where.append(is_named(chosen.text))
    if chosen.branch_id:
        where.append(Membership.branch_id == chosen.branch_id)
    if chosen.categories:
        where.append(Membership.category.in_(chosen.categories))
    if chosen.standings:
        where.append(Membership.standing.in_(chosen.standings))
    if chosen.exempt is not None and not chosen.left:
        is_exempt = _exempt_on(chosen.day)
        where.append(is_exempt if chosen.exempt else ~is_exempt)
    return select(Membership).join(Member, Member.id == Membership.member_id).where(*where)


def roster_page(chosen: MemberFilter) -> Page[RosterLine]:
    """The roster that was chosen, 50 a page. Six statements."""
    statement = roster_of(chosen)
    total = db.session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    page = page_within(chosen.page, total)
    key = chosen.sort.removeprefix("-")
    statement = statement.join(Unit, Unit.id == Membership.branch_id)
    columns: dict[str, list[ColumnElement[Any]]] = {
        "number": [Member.number.expression],
        "name": [Member.pinyin.expression, Member.number.expression],
        "branch": [Unit.position.expression, Unit.id.expression, Member.number.expression],
    }
    orders = columns[key if key in SORTS else "branch"]
    ordered = [order.desc() if chosen.sort.startswith("-") else order.asc() for order in orders]
    rows = db.session.scalars(
        statement.order_by(*ordered, Membership.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
        .options(joinedload(Membership.member), *(selectinload(unit) for unit in UNITS))
    ).all()
    # Whoever has left may be exempt elsewhere by now: that is not for the branch that they left.
    reasons = {} if chosen.left else _reasons([row.member_id for row in rows], chosen.day)
    lines = [RosterLine(row.member, row, reasons.get(row.member_id)) for row in rows]
    return Page(lines, page, total)


def _reasons(member_ids: Sequence[int], day: dt.date) -> dict[int, str]:
    rows = db.session.execute(
        select(Exemption.member_id, Exemption.reason)
        .where(Exemption.member_id.in_(member_ids), holds_on(Exemption.starts_on, Exemption.ends_on, day))
        .order_by(Exemption.id)
    )
    return {row[0]: row[1] for row in rows}


def words_on(day: dt.date, within: frozenset[int] | None) -> tuple[list[str], list[str]]:
    """The categories and standings that the roster of these branches uses on a day, in order."""
    rows = db.session.execute(
        select(Membership.category, Membership.standing)
        .where(holds_on(Membership.starts_on, Membership.ends_on, day), _in_branches(Membership, within))
        .distinct()
    ).all()
    return sorted({row[0] for row in rows if row[0]}), sorted({row[1] for row in rows if row[1]})


def branches_on(day: dt.date, within: frozenset[int] | None) -> list[Unit]:
    """The branches that exist on a day, of these if some are given, in the order of the plan."""
    return list(
        db.session.scalars(
            select(Unit)
            .where(
                Unit.level == UnitLevel.BRANCH,
                holds_on(Unit.starts_on, Unit.ends_on, day),
                true() if within is None else Unit.id.in_(within),
            )
            .order_by(Unit.position, Unit.id)
        )
    )
