"""The roster as pages show it. No hours: nobody is ranked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from tracker.db import db
from tracker.models import Exemption, Member, Membership, Unit, UnitLevel
from tracker.queries.paging import PER_PAGE, Page, page_within
from tracker.queries.rosters import holds_on

UNITS = (Membership.branch, Membership.group, Membership.section)
SORTS = ("number", "name", "branch")


@dataclass(frozen=True, slots=True)
class MemberFilter:
    """What the reader chose. Empty fields choose nothing.

    exempt: True only the exempt, False only those who count, None both.
    sort:   one of SORTS, with '-' before it for downwards.
    """

    day: dt.date
    text: str = ""
    branch_id: int | None = None
    categories: tuple[str, ...] = ()
    standings: tuple[str, ...] = ()
    exempt: bool | None = None
    sort: str = "branch"
    page: int = 1


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One member on one day. `exempt_for` is the reason, None for those who count."""

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


def roster_page(chosen: MemberFilter) -> Page[RosterLine]:
    """The members who belonged to the bureau on the day and were chosen, 50 a page. Six statements."""
    where: list[ColumnElement[bool]] = [holds_on(Membership.starts_on, Membership.ends_on, chosen.day)]
    if chosen.text:
        where.append(is_named(chosen.text))
    if chosen.branch_id:
        where.append(Membership.branch_id == chosen.branch_id)
    if chosen.categories:
        where.append(Membership.category.in_(chosen.categories))
    if chosen.standings:
        where.append(Membership.standing.in_(chosen.standings))
    if chosen.exempt is not None:
        is_exempt = _exempt_on(chosen.day)
        where.append(is_exempt if chosen.exempt else ~is_exempt)
    statement = select(Membership).join(Member, Member.id == Membership.member_id).where(*where)
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
    reasons = _reasons([row.member_id for row in rows], chosen.day)
    lines = [RosterLine(row.member, row, reasons.get(row.member_id)) for row in rows]
    return Page(lines, page, total)


def _reasons(member_ids: Sequence[int], day: dt.date) -> dict[int, str]:
    rows = db.session.execute(
        select(Exemption.member_id, Exemption.reason)
        .where(Exemption.member_id.in_(member_ids), holds_on(Exemption.starts_on, Exemption.ends_on, day))
        .order_by(Exemption.id)
    )
    return {row[0]: row[1] for row in rows}


def words_on(day: dt.date) -> tuple[list[str], list[str]]:
    """The categories and standings that the roster of a day uses, in the order of their alphabet."""
    rows = db.session.execute(
        select(Membership.category, Membership.standing)
        .where(holds_on(Membership.starts_on, Membership.ends_on, day))
        .distinct()
    ).all()
    return sorted({row[0] for row in rows if row[0]}), sorted({row[1] for row in rows if row[1]})


def branches_on(day: dt.date) -> list[Unit]:
    """The branches that exist on a day, in the order of the plan."""
    return list(
        db.session.scalars(
            select(Unit)
            .where(Unit.level == UnitLevel.BRANCH, holds_on(Unit.starts_on, Unit.ends_on, day))
            .order_by(Unit.position, Unit.id)
        )
    )


def memberships_of(member: Member) -> list[Membership]:
    """Where a member belonged when, with the units; newest first."""
    return list(
        db.session.scalars(
            select(Membership)
            .where(Membership.member_id == member.id)
            .order_by(Membership.starts_on.desc().nulls_last(), Membership.id.desc())
            .options(*(selectinload(unit) for unit in UNITS))
        )
    )


def exemptions_of(member: Member) -> list[Exemption]:
    """From what a member is or was exempt, newest first."""
    return list(
        db.session.scalars(
            select(Exemption)
            .where(Exemption.member_id == member.id)
            .order_by(Exemption.starts_on.desc().nulls_last(), Exemption.id.desc())
        )
    )
