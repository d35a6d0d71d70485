"""Series of plans: made at once, changed from a day on, ended. What was held or has passed stays as it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, update

from tracker.db import db
from tracker.models import Campaign, Every, Plan, PlanOrganiser, Series, User
from tracker.models import Kind as KindRow
from tracker.queries.campaigns import spec_of
from tracker.queries.plans import is_held
from tracker.rules.plans import PlanFacts, check_facts
from tracker.rules.refusal import N_, Refused
from tracker.rules.series import in_turn
from tracker.services.audit import record_event
from tracker.services.plans import FACTS, PLAN_CHANGED, check_is_theirs
from tracker.services.records import check_reason

COMMON = (
    "from_minute",
    "to_minute",
    "type",
    "title",
    "place",
    "note",
)  # what all plans of a series say alike


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How the days of a series came about."""

    every: Every
    weekday: int
    starts_on: dt.date
    ends_on: dt.date


def plan_series(
    campaign: Campaign,
    kind: KindRow,
    facts: PlanFacts,
    rhythm: Rhythm,
    days: Sequence[dt.date],
    lead_ids: Sequence[int],
    *,
    by: User,
    at: dt.datetime,
    today: dt.date,
) -> Series:
    """Plan the same for each of these days; `lead_ids` lead in turn. Raises Refused for what cannot be.

    facts: what all have in common; its day is the first of `days`.
    """
    spec = spec_of(campaign)
    check_facts(spec.kind(kind.code), spec, facts, today)
    if rhythm.ends_on > spec.ends_on:
        raise Refused(N_("The campaign ends on %(day)s."), "until", day=spec.ends_on.isoformat())
    check_is_theirs(campaign, kind, facts.unit_ids, by)
    series = Series(
        campaign_id=campaign.id, kind_id=kind.id, unit_id=facts.unit_ids[0], title=facts.title,
        every=rhythm.every, weekday=rhythm.weekday, starts_on=rhythm.starts_on, ends_on=rhythm.ends_on,
        lead_ids=list(lead_ids), planned_by_id=by.id, planned_at=at,
    )  # fmt: skip
    db.session.add(series)
    db.session.flush()  # its plans need its id
    common = {name: getattr(facts, name) for name in FACTS if name not in ("happens_on", "lead_id")}
    for day, lead_id in zip(days, in_turn(lead_ids, len(days)), strict=True):
        plan = Plan(
            campaign_id=campaign.id, kind_id=kind.id, series_id=series.id, happens_on=day, lead_id=lead_id,
            planned_by_id=by.id, planned_at=at, **common,
        )  # fmt: skip
        plan.organisers = [PlanOrganiser(unit_id=one, position=n) for n, one in enumerate(facts.unit_ids)]
        db.session.add(plan)
    db.session.flush()
    record_event(by, "series:add", series, at, days=len(days), unit_id=series.unit_id)
    return series


def _still_open(series: Series, first: dt.date) -> list[ColumnElement[bool]]:
    """The plans of a series that may be changed: from a day on, neither held nor cancelled."""
    return [
        Plan.series_id == series.id, Plan.happens_on >= first, Plan.cancelled_at.is_(None), ~is_held(),
    ]  # fmt: skip


def change_series(
    series: Series,
    facts: PlanFacts,
    lead_ids: Sequence[int],
    *,
    version: int,
    by: User,
    at: dt.datetime,
    today: dt.date,
) -> int:
    """Say something else of all plans from a day on (`facts.happens_on`); give how many.

    lead_ids: who leads in turn from that day on. Days and organisers stay.
    Raises Refused for what cannot be, and if the series changed since `version` was seen.
    """
    campaign = db.session.get_one(Campaign, series.campaign_id)
    check_facts(spec_of(campaign).kind(series.kind.code), spec_of(campaign), facts, today)
    _write(series, version, {"title": facts.title, "lead_ids": list(lead_ids)})
    plans = db.session.scalars(
        select(Plan)
        .where(*_still_open(series, facts.happens_on))
        .order_by(Plan.happens_on, Plan.id)
        .with_for_update()
    ).all()
    for plan, lead_id in zip(plans, in_turn(lead_ids, len(plans)), strict=True):
        for name in COMMON:
            setattr(plan, name, getattr(facts, name))
        plan.lead_id, plan.version = lead_id, plan.version + 1
    db.session.flush()
    record_event(by, "series:change", series, at, days=len(plans))
    return len(plans)


def end_series(
    series: Series, first: dt.date, why: str, *, version: int, by: User, at: dt.datetime, today: dt.date
) -> int:
    """Cancel all plans from a day on, with a reason; give how many. Raises Refused for a past day."""
    if first < today:
        raise Refused(N_("This day has passed; a series ends today at the earliest."), "end_on")
    why = check_reason(why)
    _write(series, version, {"ends_on": min(series.ends_on, first - dt.timedelta(days=1))})
    cancelled = db.session.execute(
        update(Plan)
        .where(*_still_open(series, first))
        .values(cancelled_at=at, cancelled_by_id=by.id, cancelled_why=why, version=Plan.version + 1)
        .execution_options(synchronize_session=False)
    )
    count: int = cancelled.rowcount  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
    record_event(by, "series:end", series, at, days=count)
    return count


def _write(series: Series, version: int, values: dict[str, object]) -> None:
    changed = db.session.execute(
        update(Series)
        .where(Series.id == series.id, Series.version == version)
        .values(version=version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        raise Refused(PLAN_CHANGED)
    db.session.refresh(series)
