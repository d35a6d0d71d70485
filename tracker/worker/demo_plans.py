"""What is planned in the demo when it starts: a calendar that says something at once."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

from sqlalchemy import select

from tracker.db import db
from tracker.models import Campaign, DaySort, Every, Kind, Member, Plan, Unit, UnitLevel, User
from tracker.queries.access import reach_of
from tracker.queries.campaigns import spec_of
from tracker.queries.entries import units_to_enter_for
from tracker.queries.holidays import holidays_between
from tracker.queries.plans import may_be_this
from tracker.queries.users import user_by_login
from tracker.rules.plans import PlanFacts
from tracker.rules.series import days_of_series
from tracker.services.holidays import fill_year
from tracker.services.plans import cancel_plan, hold_plan, plan_activity
from tracker.services.series import Rhythm, plan_series

PLANS = Path(__file__).resolve().parent.parent / "demo" / "plans.toml"
FACTS = ("type", "title", "place", "note", "from_minute", "to_minute")


def fill_plans(campaign: Campaign, *, at: dt.datetime, today: dt.date) -> None:
    """Plan what tracker/demo/plans.toml says, and say which records of the ledger tell that it was held."""
    data = tomllib.loads(PLANS.read_text(encoding="utf-8"))
    for year in data["holidays"]:
        fill_year(year, by=_account("office"), at=at)
    for row in data["series"]:
        _plan_series(row, campaign, at)
    for row in data["plans"]:
        by, day = _account(row["by"]), _day(row["happens_on"])
        if day >= today:  # the demo may have been given a later day
            facts = _facts(row, campaign, by, day)
            plan_activity(campaign, _kind(row, campaign), facts, by=by, at=at, today=today)


def _plan_series(row: dict[str, Any], campaign: Campaign, at: dt.datetime) -> None:
    by, first, last = _account(row["by"]), _day(row["starts_on"]), _day(row["ends_on"])
    table = holidays_between(first, last)
    off = {day for day, holiday in table.items() if holiday.sort is DaySort.HOLIDAY}
    rhythm = Rhythm(Every(row["every"]), row["weekday"], first, last)
    days = days_of_series(rhythm.every, rhythm.weekday, first, last, off).kept
    leads = db.session.scalars(select(Member.id).order_by(Member.id).limit(row["leads"])).all()
    facts = _facts(row, campaign, by, days[0])
    series = plan_series(
        campaign, _kind(row, campaign), facts, rhythm, days, leads, by=by, at=at, today=first
    )
    for plan in db.session.scalars(select(Plan).where(Plan.series_id == series.id).order_by(Plan.happens_on)):
        record = next((one for one in may_be_this(plan, by) if one.type == plan.type), None)
        if record is not None:
            hold_plan(plan, record, by=by, at=at)
        elif plan.happens_on <= _day(row["cancelled_until"]):
            cancel_plan(plan, row["why"], version=plan.version, by=by, at=at)


def _facts(row: dict[str, Any], campaign: Campaign, by: User, day: dt.date) -> PlanFacts:
    """What a row says, for the widest unit for which its account may plan."""
    lines = units_to_enter_for(reach_of(by), spec_of(campaign).kind(row["kind"]))
    ids = [int(line.key.partition(":")[2]) for line in lines]
    root = db.session.scalar(select(Unit.id).where(Unit.level == UnitLevel.COMMITTEE))
    unit_id = root if root in ids else ids[0]
    assert unit_id is not None  # it is one of the ids
    return PlanFacts(day, unit_ids=(unit_id,), **{name: row[name] for name in FACTS if name in row})


def _kind(row: dict[str, Any], campaign: Campaign) -> Kind:
    return next(kind for kind in campaign.kinds if kind.code == row["kind"])


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _account(login: str) -> User:
    user = user_by_login(login)
    assert user is not None  # the demo has just made its accounts
    return user
