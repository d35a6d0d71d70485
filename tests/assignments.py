"""Assignments of the plan and minutes for tests, made without the service."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.canary_walk import MISSING
from tests.maker import NOW
from tests.reminders import put_reminders
from tracker.db import db
from tracker.models import Assignment, AssignmentStep, Meeting

DUE = dt.date(2021, 7, 10)


def an_assignment(make: Any, campaign: Any, unit: Any = None, **fields: Any) -> Assignment:
    """One item of the plan; without a unit an office in words is in charge."""
    whose = {"unit_id": unit.id} if unit else {"in_charge": "局党史办"}
    given = {"text": "修订学习制度", "due_on": DUE, **whose, **fields}
    row = Assignment(campaign_id=campaign.id, set_by_id=make.office.id, set_at=NOW, **given)
    db.session.add(row)
    db.session.flush()
    return row


def minutes(make: Any, campaign: Any, held_on: dt.date = dt.date(2021, 4, 9), **fields: Any) -> Meeting:
    """Minutes of one meeting, numbered by the maker."""
    given = {
        "number": f"2021年第{next(make.numbers)}次",
        "chair": "局党委书记",
        "studied": "学习安排",
        **fields,
    }
    row = Meeting(campaign_id=campaign.id, held_on=held_on, noted_by_id=make.office.id, noted_at=NOW, **given)
    db.session.add(row)
    db.session.flush()
    return row


def put_assignments(marked: Any, own: Any, foreign: Any) -> None:
    """For the walk for leaks: an item of each side with a reason beside it. Minutes are for all keepers.

    own, foreign: each a branch, and whose mark the texts carry.
    """
    for pool, (unit, whose) in ((marked.own, own), (marked.foreign, foreign)):
        text = marked.mark(whose, "assignment.text")
        row = an_assignment(marked.make, marked.campaign, unit, text=text)
        said = marked.mark(whose, "assignment_step.text")
        db.session.add(
            AssignmentStep(assignment_id=row.id, state=row.state, text=said, by_id=marked.office.id, at=NOW)
        )
        db.session.flush()
        pool["assignment_id"] = [row.id]
    marked.own["meeting_id"] = [minutes(marked.make, marked.campaign).id]
    marked.foreign["meeting_id"] = [MISSING]
    put_reminders(marked)
