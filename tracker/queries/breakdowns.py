"""What each source, category or type adds to a kind of record, month by month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import extract, func, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from tracker.db import INT, db
from tracker.models import Campaign, Participation, Record, Status
from tracker.models import Kind as KindRow
from tracker.rules.campaigns import CampaignSpec, Kind

FIELDS: dict[str, InstrumentedAttribute[str | None]] = {
    "source": Record.source,
    "category": Record.category,
    "type": Record.type,
}


@dataclass(slots=True)
class Part:
    """What one value adds; `value` is None for rows that say none.

    minutes:   of the records, not times the people in them.
    times:     attendances (人次); least, most: different people (人数), the same unless names are missing.
    by_month:  first of the month → (rows, minutes).
    """

    value: str | None
    rows: int = 0
    minutes: int = 0
    times: int = 0
    least: int = 0
    most: int = 0
    by_month: dict[dt.date, tuple[int, int]] = field(default_factory=dict)


def breakdowns_of(spec: CampaignSpec) -> list[tuple[Kind, str]]:
    """Which kinds can be broken down by what: by every list or open column that they ask for.

    A kind about people in hardship is left out: its categories are of so few that they tell on somebody.
    """
    found = []
    for kind in spec.kinds:
        if kind.sealed_subject:
            continue
        has = {
            "source": bool(kind.sources) or kind.column("source") is not None,
            "category": kind.column("category") is not None,
            "type": bool(kind.types),
        }
        found += [(kind, name) for name, asked in has.items() if asked]
    return found


def breakdown(campaign: Campaign, kind: Kind, by: str, day: dt.date, most_people: int) -> list[Part]:
    """The parts of a kind's verified rows up to `day`, the largest first. One statement.

    most_people: how many can have come at all, those of the roster.
    Where names are missing, each headcount counts once an event: at least the largest of them were there, at
    most all of them were others (mission § 3).
    """
    column = FIELDS[by]
    counted = (
        KindRow.campaign_id == campaign.id,
        KindRow.code == kind.code,
        Record.status == Status.VERIFIED,
        Record.happened_on <= day,
    )
    year, month = extract("year", Record.happened_on), extract("month", Record.happened_on)
    rows = (
        select(
            column, year, month, func.count(), func.coalesce(func.sum(Record.minutes), 0),
            func.coalesce(func.sum(Record.headcount), 0), func.coalesce(func.max(Record.headcount), 0),
        )
        .join(KindRow, KindRow.id == Record.kind_id)
        .where(*counted)
        .group_by(column, year, month)
    )  # fmt: skip
    nothing = literal(0, INT)
    people = (
        select(
            column, nothing, nothing, func.count(), func.count(Participation.member_id.distinct()), nothing,
            nothing,
        )
        .join(KindRow, KindRow.id == Record.kind_id)
        .join(Participation, Participation.record_id == Record.id)
        .where(*counted, Participation.reversed_at.is_(None))
        .group_by(column)
    )  # fmt: skip
    parts: dict[str | None, Part] = {}
    largest: dict[str | None, int] = {}
    found: Sequence[Any] = db.session.execute(union_all(rows, people)).all()
    for value, in_year, in_month, first, second, heads, most_heads in found:
        part = parts.setdefault(value, Part(value))
        if in_year:
            part.rows += int(first)
            part.minutes += int(second)
            part.by_month[dt.date(int(in_year), int(in_month), 1)] = (int(first), int(second))
            part.times += int(heads)
            part.most += int(heads)
            largest[value] = max(largest.get(value, 0), int(most_heads))
        else:
            part.times += int(first)
            part.least = int(second)
            part.most += int(second)
    for value, part in parts.items():
        part.least = max(part.least, largest.get(value, 0))
        part.most = max(part.least, min(part.most, most_people))
    return sorted(parts.values(), key=lambda part: (-part.minutes, -part.rows, part.value or ""))
