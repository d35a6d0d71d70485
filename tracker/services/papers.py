"""Tally sheets: printed for a unit's week, and keyed in once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import update

from tracker.db import db
from tracker.models import Kind as KindRow
from tracker.models import Paper, Unit, User
from tracker.rules.refusal import N_, Refused
from tracker.rules.tokens import new_paper_code
from tracker.services.audit import record_event
from tracker.services.records import CHANGED

MOST_MEMBERS = 200  # on one sheet


def print_paper(
    kind: KindRow,
    unit: Unit,
    member_ids: Sequence[int],
    *,
    starts_on: dt.date,
    by: User,
    at: dt.datetime,
    days: int = 7,
) -> Paper:
    """Make a sheet for these members, in their order, with a code of its own. Raises Refused for nobody."""
    if not member_ids:
        raise Refused(N_("Nobody belongs to this unit in that week."), "unit")
    if len(member_ids) > MOST_MEMBERS:
        too_many = N_("A sheet holds at most %(most)d members. Print one for each group.")
        raise Refused(too_many, "unit", most=MOST_MEMBERS)
    paper = Paper(
        code=new_paper_code(), kind_id=kind.id, unit_id=unit.id, starts_on=starts_on, days=days,
        member_ids=list(member_ids), printed_by_id=by.id, printed_at=at,
    )  # fmt: skip
    db.session.add(paper)
    db.session.flush()  # its event needs its id
    record_event(by, "paper:print", paper, at, members=len(member_ids), starts_on=starts_on.isoformat())
    return paper


def claim_paper(paper: Paper, *, by: User, at: dt.datetime) -> None:
    """Mark a sheet as keyed in, before its rows are checked and written in the same transaction.

    Of two who key it at once the second waits here, and is refused (CHANGED).
    """
    claimed = db.session.execute(
        update(Paper)
        .where(Paper.id == paper.id, Paper.keyed_at.is_(None))
        .values(keyed_at=at, keyed_by_id=by.id)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        raise Refused(CHANGED)
    db.session.refresh(paper)
    record_event(by, "paper:key", paper, at)
