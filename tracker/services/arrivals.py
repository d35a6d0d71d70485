"""Ticking oneself in, and the printed sheet beside it. Both only propose who was there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select, update

from tracker.db import db
from tracker.models import Arrival, Member, Paper, Plan, PlanSheet, User
from tracker.queries.arrivals import is_expected, takes_arrivals, window
from tracker.rules.plans import clock_text
from tracker.rules.refusal import N_, Refused
from tracker.rules.tokens import digest_of, new_paper_code, new_token
from tracker.services.audit import record_event


def draw_code(plan: Plan, *, by: User, at: dt.datetime, day: dt.date, minute: int) -> str:
    """A new code for the plan; the one before holds no more. Only its digest is kept.

    day, minute: now, as the clock on the wall shows it. Raises Refused outside of its time.
    """
    if not takes_arrivals(plan, day, minute):
        time = window(plan)
        closed = N_("The code can be shown on the day itself, from %(first)s to %(last)s.")
        raise Refused(closed, first=clock_text(time.first), last=clock_text(time.last))
    token = new_token()
    changed = update(Plan).where(Plan.id == plan.id).values(code_digest=digest_of(token))
    db.session.execute(changed.execution_options(synchronize_session=False))
    db.session.refresh(plan)
    record_event(by, "plan:code", plan, at)
    return token


def arrive(plan: Plan, member: Member, *, by: User, at: dt.datetime) -> None:
    """Note that a member says they are here; once. Raises Refused if they belong to none who hold it."""
    check_expected(plan, member)
    held = select(Arrival.id).where(Arrival.plan_id == plan.id, Arrival.member_id == member.id)
    if db.session.scalar(held) is not None:
        return
    arrival = Arrival(plan_id=plan.id, member_id=member.id)
    db.session.add(arrival)
    db.session.flush()
    record_event(by, "arrival:add", arrival, at)


def check_expected(plan: Plan, member: Member) -> None:
    """Raises Refused if the member belongs to none of the units that hold it."""
    if not is_expected(plan, member.id):
        raise Refused(
            N_("You belong to none of the units that hold this. Whoever keeps the list can add you by hand.")
        )


def print_sheet(plan: Plan, member_ids: Sequence[int], *, by: User, at: dt.datetime) -> Paper:
    """A sign-in sheet with a code of its own. member_ids: who stands on it; lines without names follow."""
    paper = Paper(
        code=new_paper_code(), kind_id=plan.kind_id, unit_id=plan.organisers[0].unit_id,
        starts_on=plan.happens_on, days=1, member_ids=list(member_ids), printed_by_id=by.id, printed_at=at,
    )  # fmt: skip
    db.session.add(paper)
    db.session.flush()
    db.session.add(PlanSheet(plan_id=plan.id, paper_id=paper.id))
    record_event(by, "paper:print", paper, at, members=len(member_ids), starts_on=plan.happens_on.isoformat())
    return paper
