"""Series of plans: planned against held, one line each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.models import Campaign, Plan, Series
from tracker.queries.plans import HeldCounts, counted, held_columns

MOST_SERIES = 100


@dataclass(frozen=True, slots=True)
class SeriesLine:
    """One series and how its plans stand."""

    series: Series
    counts: HeldCounts


def series_lines(campaign: Campaign, today: dt.date, *where: ColumnElement[bool]) -> list[SeriesLine]:
    """The series that have plans for which `where` holds, the latest first. Two statements."""
    rows = db.session.execute(
        select(Plan.series_id, *held_columns(today))
        .where(Plan.campaign_id == campaign.id, Plan.series_id.is_not(None), *where)
        .group_by(Plan.series_id)
        .order_by(Plan.series_id.desc())
        .limit(MOST_SERIES)
    ).all()
    ids = [row[0] for row in rows]
    found = db.session.scalars(select(Series).where(Series.id.in_(ids)).options(joinedload(Series.unit)))
    series: dict[int | None, Series] = {one.id: one for one in found}
    return [SeriesLine(series[row[0]], counted(row[1:])) for row in rows]
