"""Results: one's own, whether somebody has one, and the averages of the office. Nobody reads another's."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, select, tuple_

from tracker.db import db
from tracker.models import Campaign, Participation, Record, Result, Status
from tracker.queries.campaigns import spec_of
from tracker.rules.campaigns import ResultRule
from tracker.rules.results import results_of, shown_mean


@dataclass(frozen=True, slots=True)
class Average:
    """One session. taken: how many have a result. mean: None while so few have one that it is not shown."""

    record_id: int
    day: dt.date | None
    title: str
    taken: int
    mean: int | None
    rule: ResultRule


@dataclass(frozen=True, slots=True)
class OwnResult:
    """The reader's own result in a session."""

    record_id: int
    day: dt.date
    title: str
    points: int
    rule: ResultRule


def _of_session() -> ColumnElement[bool]:
    """Joins a result with the record that its session is now."""
    return (Result.campaign_id == Record.campaign_id) & (Result.identity == Record.identity)


def own_results(member_id: int, record_id: int | None = None) -> list[OwnResult]:
    """A member's own results, by day; of one session only, where it is given."""
    # Results first, by themselves: where there are few of them at all, a join began with all the records.
    own = {
        (row.campaign_id, row.identity): row.points
        for row in db.session.scalars(select(Result).where(Result.member_id == member_id))
    }
    if not own:
        return []
    found = (
        select(Record)
        .where(tuple_(Record.campaign_id, Record.identity).in_(own), Record.status == Status.VERIFIED)
        .order_by(Record.happened_on, Record.id)
    )
    if record_id is not None:
        found = found.where(Record.id == record_id)
    rows = []
    for record in db.session.scalars(found):
        points = own[record.campaign_id, record.identity or ""]
        campaign = db.session.get_one(Campaign, record.campaign_id)
        rule = results_of(spec_of(campaign).kind(record.kind.code), record.type)
        if rule is not None:
            title = record.title or record.type or record.kind.name
            rows.append(OwnResult(record.id, record.happened_on, title, points, rule))
    return rows


def entered_results(record: Record) -> dict[int, dt.datetime]:
    """member -> when a result was entered in this session; never which."""
    rows = db.session.execute(
        select(Result.member_id, Result.entered_at).where(
            Result.campaign_id == record.campaign_id, Result.identity == record.identity
        )
    )
    return dict(rows.all())


def averages(campaign: Campaign, record_id: int | None = None) -> list[Average]:
    """Every verified session with results, the latest first; one only, where it is given."""
    kinds = {kind.code: kind for kind in spec_of(campaign).kinds if kind.results}
    ids = {row.id: kinds[row.code] for row in campaign.kinds if row.code in kinds}
    there = exists().where(
        Participation.record_id == Record.id,
        Participation.member_id == Result.member_id,
        Participation.reversed_at.is_(None),
    )
    found = (
        select(
            Record.id, Record.kind_id, Record.happened_on, Record.is_dated, Record.type, Record.title,
            func.count(Result.id), func.sum(Result.points),
        )
        .join(Result, _of_session())
        .where(
            Record.campaign_id == campaign.id,
            Record.kind_id.in_(ids),
            Record.status == Status.VERIFIED,
            there,
        )
        .group_by(Record.id)
        .order_by(Record.happened_on.desc(), Record.id.desc())
    )  # fmt: skip
    if record_id is not None:
        found = found.where(Record.id == record_id)
    rows = []
    for id_, kind_id, day, is_dated, type_, title, count, total in db.session.execute(found):
        rule = results_of(ids[kind_id], type_)
        if rule is not None:
            mean = shown_mean(int(total), count, rule)
            rows.append(Average(id_, day if is_dated else None, title or type_ or "", count, mean, rule))
    return rows
