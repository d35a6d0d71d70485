"""Plans are made, changed, cancelled, restored, and said to have been held. No figure counts them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, delete, or_, select, update

from tracker.db import db
from tracker.models import Arrival, Campaign, Paper, Plan, PlanOrganiser, PlanSheet, Record, User
from tracker.models import Kind as KindRow
from tracker.queries.access import reach_of
from tracker.queries.campaigns import spec_of
from tracker.queries.entries import units_to_enter_for
from tracker.queries.plans import HOLDS, is_held
from tracker.rules.plans import PlanFacts, check_facts
from tracker.rules.refusal import N_, Refused
from tracker.services.audit import record_event
from tracker.services.papers import claim_paper
from tracker.services.records import check_reason
from tracker.services.terms import learn_terms

PLAN_CHANGED = N_(
    "Somebody changed this plan meanwhile. Look at it as it stands now, then try again."
)  # a 409
HELD_ALREADY = N_("This plan was reported as held already, or was cancelled. Look at it as it stands now.")
FACTS = ("happens_on", "from_minute", "to_minute", "type", "title", "place", "note", "lead_id")


def plan_activity(
    campaign: Campaign, kind: KindRow, facts: PlanFacts, *, by: User, at: dt.datetime, today: dt.date
) -> Plan:
    """Plan an activity of a kind. Raises Refused for what cannot be, or is not theirs to plan."""
    check_facts(spec_of(campaign).kind(kind.code), spec_of(campaign), facts, today)
    check_is_theirs(campaign, kind, facts.unit_ids, by)
    plan = Plan(
        campaign_id=campaign.id, kind_id=kind.id, planned_by_id=by.id, planned_at=at,
        **{name: getattr(facts, name) for name in FACTS},
    )  # fmt: skip
    db.session.add(plan)
    db.session.flush()  # its organisers and its event need its id
    set_organisers(plan, facts.unit_ids)
    record_event(by, "plan:add", plan, at, unit_id=facts.unit_ids[0])
    return plan


def check_is_theirs(campaign: Campaign, kind: KindRow, unit_ids: Sequence[int], by: User) -> None:
    """Raises Refused unless the first unit is one for which `by` may plan that kind."""
    lines = units_to_enter_for(reach_of(by), spec_of(campaign).kind(kind.code))
    own = {int(line.key.partition(":")[2]) for line in lines}
    if not unit_ids or unit_ids[0] not in own:
        raise Refused(N_("Choose whose it is."), "owner")


def set_organisers(plan: Plan, unit_ids: Sequence[int]) -> None:
    """Let these units hold it, the first one answering for it."""
    db.session.execute(delete(PlanOrganiser).where(PlanOrganiser.plan_id == plan.id))
    rows = [PlanOrganiser(plan_id=plan.id, unit_id=unit, position=n) for n, unit in enumerate(unit_ids)]
    db.session.add_all(rows)
    db.session.flush()
    db.session.expire(plan, ["organisers"])


def change_plan(
    plan: Plan, facts: PlanFacts, *, version: int, by: User, at: dt.datetime, today: dt.date
) -> None:
    """Say something else of a plan that is still ahead. Raises Refused if its day has passed (it is reported
    or cancelled then), if it was held or cancelled, or changed since `version` was seen."""
    campaign = db.session.get_one(Campaign, plan.campaign_id)
    if plan.happens_on < today:
        raise Refused(N_("The day of this plan has passed: report it, or cancel it and say why."))
    check_facts(spec_of(campaign).kind(plan.kind.code), spec_of(campaign), facts, today)
    check_is_theirs(campaign, plan.kind, facts.unit_ids, by)
    before = [getattr(plan, name) for name in FACTS], tuple(one.unit_id for one in plan.organisers)
    values = {name: getattr(facts, name) for name in FACTS}
    write_plan(plan, version, values, Plan.cancelled_at.is_(None), ~is_held())
    if before[1] != facts.unit_ids:
        set_organisers(plan, facts.unit_ids)
    fields = [name for name, old in zip(FACTS, before[0], strict=True) if old != values[name]]
    fields += ["organisers"] if before[1] != facts.unit_ids else []
    record_event(by, "plan:change", plan, at, fields=fields)


def cancel_plan(plan: Plan, why: str, *, version: int, by: User, at: dt.datetime) -> None:
    """Say that it does not take place, and why. It stays in the calendar as cancelled."""
    values = {"cancelled_at": at, "cancelled_by_id": by.id, "cancelled_why": check_reason(why)}
    write_plan(plan, version, values, Plan.cancelled_at.is_(None), ~is_held())
    record_event(by, "plan:cancel", plan, at)  # the reason stands in the row: it may name somebody


def restore_plan(plan: Plan, *, version: int, by: User, at: dt.datetime) -> None:
    """Take a cancellation back."""
    values = {"cancelled_at": None, "cancelled_by_id": None, "cancelled_why": None}
    write_plan(plan, version, values, Plan.cancelled_at.is_not(None))
    record_event(by, "plan:restore", plan, at)


def hold_plan(plan: Plan, record: Record, *, by: User, at: dt.datetime) -> None:
    """Let a record say that the plan was held, in the transaction in which it is entered.

    Raises Refused (HELD_ALREADY) for the second of two who report it, and if it was cancelled; and if the
    record is of another kind, does not stand, or says so of another plan.
    """
    taken = select(Plan.id).where(Plan.record_id == record.id, Plan.id != plan.id).limit(1)
    fits = record.kind_id == plan.kind_id and record.status in HOLDS
    if not fits or db.session.scalar(taken) is not None:
        raise Refused(N_("This record cannot say of this plan that it was held."))
    gone = select(Record.id).where(Record.id == Plan.record_id, Record.status.not_in(HOLDS)).exists()
    changed = db.session.execute(
        update(Plan)
        .where(Plan.id == plan.id, Plan.cancelled_at.is_(None), or_(Plan.record_id.is_(None), gone))
        .values(record_id=record.id, version=Plan.version + 1)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        raise Refused(HELD_ALREADY)
    db.session.refresh(plan)
    record_event(by, "plan:hold", plan, at, record_id=record.id)
    db.session.execute(delete(Arrival).where(Arrival.plan_id == plan.id))  # it is said now who was there
    sheets = select(PlanSheet.paper_id).where(PlanSheet.plan_id == plan.id)
    for paper in db.session.scalars(select(Paper).where(Paper.id.in_(sheets), Paper.keyed_at.is_(None))):
        claim_paper(paper, by=by, at=at)
        record.paper_id = paper.id


def write_plan(plan: Plan, version: int, values: Mapping[str, object], *where: ColumnElement[bool]) -> None:
    """One conditional UPDATE. Raises Refused (PLAN_CHANGED) for whoever comes second."""
    changed = db.session.execute(
        update(Plan)
        .where(Plan.id == plan.id, Plan.version == version, *where)
        .values(version=version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        raise Refused(PLAN_CHANGED)
    db.session.refresh(plan)
    learn_terms([plan.title])
