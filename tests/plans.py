"""Plans for tests, made without the service."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select

from tests.maker import NOW
from tracker.db import db
from tracker.models import DaySort, Every, Kind, Plan, PlanOrganiser, Series
from tracker.services.holidays import save_day

AHEAD = dt.date(2021, 8, 6)  # a Friday after the tests' today


def a_plan(
    make: Any, campaign: Any, *units: Any, happens_on: dt.date = AHEAD, by: Any = None, **fields: Any
) -> Plan:
    """One plan of these units, of the bureau if there are none."""
    kind = db.session.scalars(
        select(Kind).where(Kind.campaign_id == campaign.id, Kind.code == fields.pop("kind", "activity"))
    ).one()
    plan = Plan(
        campaign_id=campaign.id, kind_id=kind.id, happens_on=happens_on, planned_at=NOW,
        planned_by_id=(by or make.office).id, **{"title": "七月党日", "type": "主题党日", **fields},
    )  # fmt: skip
    plan.organisers = [
        PlanOrganiser(unit_id=one.id, position=n) for n, one in enumerate(units or (make.committee(),))
    ]
    db.session.add(plan)
    db.session.flush()
    return plan


def a_series(make: Any, campaign: Any, unit: Any, *days: dt.date, **fields: Any) -> Series:
    """A series of this unit with plans on these days."""
    days = days or (AHEAD,)
    kind = db.session.scalars(
        select(Kind).where(Kind.campaign_id == campaign.id, Kind.code == "activity")
    ).one()
    series = Series(
        campaign_id=campaign.id, kind_id=kind.id, unit_id=unit.id, every=Every.WEEK, weekday=4,
        starts_on=min(days), ends_on=max(days), lead_ids=[], planned_by_id=make.office.id, planned_at=NOW,
        **{"title": "每周学习", **fields},
    )  # fmt: skip
    db.session.add(series)
    db.session.flush()
    for day in days:
        a_plan(make, campaign, unit, happens_on=day, title=series.title, series_id=series.id)
    return series


def put_plans(marked: Any, own: Any, foreign: Any) -> None:
    """For the walk for leaks: a plan, a series and a holiday of each side, whose texts are marked.

    own, foreign: each a branch, a member who leads, and whose mark the texts carry.
    """
    holiday = save_day(dt.date(2021, 10, 1), DaySort.HOLIDAY, "国庆节", by=marked.office, at=NOW)
    for pool, (unit, member, whose) in ((marked.own, own), (marked.foreign, foreign)):
        texts = {name: marked.mark(whose, f"plan.{name}") for name in ("title", "place", "note")}
        plan = a_plan(marked.make, marked.campaign, unit, lead_id=member.id, **texts)
        series = a_series(marked.make, marked.campaign, unit, title=marked.mark(whose, "series.title"))
        plans = db.session.scalars(select(Plan.id).where(Plan.series_id == series.id))
        pool["plan_id"] = [plan.id, *plans]
        pool["series_id"], pool["holiday_id"], pool["token"] = [series.id], [holiday.id], ["no-code"]
