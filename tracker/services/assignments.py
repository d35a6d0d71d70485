"""Sets assignments of the plan, and keeps what is said of them. A day put off stays, with its reason."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select, update

from tracker.db import db
from tracker.models import (
    Assignment,
    AssignmentState,
    AssignmentStep,
    Campaign,
    Meeting,
    Unit,
    UnitLevel,
    User,
)
from tracker.models.assignment import OPEN_STATES
from tracker.queries.access import is_office
from tracker.queries.assignment_access import may_report
from tracker.rules.assignments import MOVES, AssignmentAct, check_assignment, check_words
from tracker.rules.refusal import N_, Refused
from tracker.services.audit import record_event
from tracker.services.records import CHANGED, check_reason

EVENTS = {
    AssignmentAct.PROGRESS: "assignment:progress",
    AssignmentAct.REPORT: "assignment:report",
    AssignmentAct.CONFIRM: "assignment:confirm",
    AssignmentAct.GIVE_BACK: "assignment:give_back",
    AssignmentAct.DROP: "assignment:drop",
    AssignmentAct.REOPEN: "assignment:reopen",
}


@dataclass(frozen=True, slots=True)
class Said:
    """What a form says of an assignment: the words; a unit or an office in words; the day; the meeting."""

    text: str
    due_on: str
    unit_id: int | None = None
    in_charge: str = ""
    meeting_id: int | None = None


def set_assignment(campaign: Campaign, said: Said, *, by: User, at: dt.datetime) -> Assignment:
    """Put an item into the plan. Raises Refused, at the field at fault, for what is missing or cannot be."""
    text, in_charge, day = _checked(campaign, said)
    row = Assignment(
        campaign_id=campaign.id, text=text, unit_id=said.unit_id, in_charge=in_charge, due_on=day,
        meeting_id=said.meeting_id, set_by_id=by.id, set_at=at,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()  # the event names it
    record_event(by, "assignment:set", row, at, **({"unit_id": row.unit_id} if row.unit_id else {}))
    return row


def change_assignment(
    row: Assignment, campaign: Campaign, said: Said, *, why: str, version: int, by: User, at: dt.datetime
) -> None:
    """Say an open assignment anew. Another day needs a reason, and the old day is kept.

    Raises Refused, at the field at fault, and if it is not at `version` any more or not open.
    """
    text, in_charge, day = _checked(campaign, said)
    was = row.due_on
    reason = check_reason(why) if day != was else " ".join(why.split())[:400] or None
    _update(
        row, version, OPEN_STATES, text=text, unit_id=said.unit_id, in_charge=in_charge, due_on=day,
        meeting_id=said.meeting_id,
    )  # fmt: skip
    if day != was:
        _step(row, reason, by, at, was_due_on=was, due_on=day)
    elif reason:
        _step(row, reason, by, at)
    days = {"due_on": [was.isoformat(), day.isoformat()]} if day != was else {}
    record_event(by, "assignment:change", row, at, **days)  # the reason may name somebody


def say_of_assignment(
    row: Assignment,
    act: AssignmentAct,
    words: str,
    *,
    version: int,
    by: User,
    at: dt.datetime,
    today: dt.date,
) -> None:
    """Say how far an assignment is, that it is done, or what the office thinks of that.

    Raises Refused if it is not theirs to say, nothing is said where something must be, the state does not
    allow it, or it is not at `version` any more.
    """
    move = MOVES[act]
    if not may_report(by, row) or (move.office_only and not is_office(by)):
        raise Refused(N_("This is not yours to say."))
    text = check_words(act, words)
    values: dict[str, object] = {"state": move.to}
    match act:
        case AssignmentAct.REPORT:
            values["reported_on"] = today
        case AssignmentAct.CONFIRM | AssignmentAct.DROP:
            values["ended_on"] = today
        case AssignmentAct.PROGRESS | AssignmentAct.GIVE_BACK | AssignmentAct.REOPEN:
            values |= {"reported_on": None, "ended_on": None}
    _update(row, version, move.states, **values)
    _step(row, text, by, at)
    record_event(by, EVENTS[act], row, at)


def _checked(campaign: Campaign, said: Said) -> tuple[str, str | None, dt.date]:
    found = check_assignment(
        said.text, said.in_charge, said.due_on, unit_id=said.unit_id, since=campaign.starts_on
    )
    if said.unit_id is not None:
        unit = db.session.get(Unit, said.unit_id)
        if unit is None or unit.level is UnitLevel.GROUP:
            raise Refused(N_("Choose who is in charge, or write it."), "owner")
    if said.meeting_id is not None:
        theirs = select(Meeting.id).where(Meeting.id == said.meeting_id, Meeting.campaign_id == campaign.id)
        if db.session.scalar(theirs) is None:
            raise Refused(N_("Choose one of the meetings."), "meeting")
    return found


def _update(row: Assignment, version: int, states: tuple[AssignmentState, ...], **values: object) -> None:
    changed = db.session.execute(
        update(Assignment)
        .where(Assignment.id == row.id, Assignment.version == version, Assignment.state.in_(states))
        .values(version=version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        raise Refused(CHANGED)
    db.session.refresh(row)


def _step(row: Assignment, text: str | None, by: User, at: dt.datetime, **days: dt.date) -> None:
    db.session.add(
        AssignmentStep(assignment_id=row.id, state=row.state, text=text, by_id=by.id, at=at, **days)
    )
