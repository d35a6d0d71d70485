"""Keeps the minutes of the leading group's meetings, and which assignments they looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, exists, select, update

from tracker.db import db
from tracker.models import Assignment, Campaign, Meeting, MeetingAssignment, User
from tracker.queries.meetings import sessions_offered
from tracker.rules.meetings import Minutes, check_minutes
from tracker.rules.refusal import N_, Refused
from tracker.services.audit import record_event
from tracker.services.records import CHANGED


@dataclass(frozen=True, slots=True)
class SaidOfMeeting:
    """What a form says of a meeting. record_id: the session of the ledger that tells of it, if one does: then
    the day and what was studied stand there. looked_at: ids of the assignments that it looked at."""

    number: str
    held_on: str
    chair: str
    studied: str
    text: str
    record_id: int | None = None
    looked_at: Collection[int] = ()


def note_meeting(
    campaign: Campaign, said: SaidOfMeeting, *, by: User, at: dt.datetime, today: dt.date
) -> Meeting:
    """Keep the minutes of a meeting. Raises Refused, at the field at fault."""
    minutes = _checked(campaign, said, None, today)
    meeting = Meeting(
        campaign_id=campaign.id, record_id=said.record_id, noted_by_id=by.id, noted_at=at, **_values(minutes)
    )
    db.session.add(meeting)
    db.session.flush()  # what it looked at names it
    _look_at(meeting, campaign, said.looked_at)
    record_event(by, "meeting:note", meeting, at)
    return meeting


def change_meeting(
    meeting: Meeting, campaign: Campaign, said: SaidOfMeeting, *, version: int, by: User, at: dt.datetime,
    today: dt.date,
) -> None:  # fmt: skip
    """Write the minutes anew. Raises Refused as `note_meeting` does, and if they are not at `version`."""
    minutes = _checked(campaign, said, meeting, today)
    changed = db.session.execute(
        update(Meeting)
        .where(Meeting.id == meeting.id, Meeting.version == version)
        .values(version=version + 1, record_id=said.record_id, **_values(minutes))
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        raise Refused(CHANGED)
    db.session.refresh(meeting)
    _look_at(meeting, campaign, said.looked_at)
    record_event(by, "meeting:change", meeting, at)


def drop_meeting(meeting: Meeting, *, version: int, by: User, at: dt.datetime) -> None:
    """Take out minutes that were noted by mistake.

    Raises Refused if an assignment says that the meeting decided it, or if they are not at `version`.
    """
    if db.session.scalar(select(exists().where(Assignment.meeting_id == meeting.id))):
        raise Refused(N_("Assignments were decided at this meeting, so it stays."))
    record_event(by, "meeting:drop", meeting, at)
    db.session.execute(delete(MeetingAssignment).where(MeetingAssignment.meeting_id == meeting.id))
    gone = db.session.execute(
        delete(Meeting)
        .where(Meeting.id == meeting.id, Meeting.version == version)
        .execution_options(synchronize_session=False)
    )
    if gone.rowcount != 1:  # type: ignore[attr-defined]  # a DELETE gives a CursorResult
        raise Refused(CHANGED)


def _values(minutes: Minutes) -> dict[str, object]:
    return {
        "number": minutes.number, "held_on": minutes.held_on, "chair": minutes.chair,
        "studied": minutes.studied, "text": minutes.text,
    }  # fmt: skip


def _checked(campaign: Campaign, said: SaidOfMeeting, but: Meeting | None, today: dt.date) -> Minutes:
    held_on = said.held_on
    if said.record_id is not None:
        offered = {record.id: record for record in sessions_offered(campaign, but, today)}
        if said.record_id not in offered:
            raise Refused(N_("Choose one of the sessions."), "record")
        held_on = offered[said.record_id].happened_on.isoformat()
    minutes = check_minutes(
        said.number, held_on, said.chair, said.studied, said.text, since=campaign.starts_on,
        today=min(today, campaign.ends_on), has_agenda=said.record_id is not None,
    )  # fmt: skip
    taken = select(Meeting.id).where(Meeting.campaign_id == campaign.id, Meeting.number == minutes.number)
    if but is not None:
        taken = taken.where(Meeting.id != but.id)
    if db.session.scalar(taken) is not None:
        raise Refused(N_("There are minutes of this number already."), "number")
    return minutes


def _look_at(meeting: Meeting, campaign: Campaign, ids: Collection[int]) -> None:
    """Let these be what it looked at. Raises Refused if one is no assignment of the campaign."""
    wanted = set(ids)
    theirs = select(Assignment.id).where(Assignment.id.in_(wanted), Assignment.campaign_id == campaign.id)
    if set(db.session.scalars(theirs)) != wanted:
        raise Refused(N_("Choose some of the assignments."), "looked_at")
    had = set(
        db.session.scalars(
            select(MeetingAssignment.assignment_id).where(MeetingAssignment.meeting_id == meeting.id)
        )
    )
    if had - wanted:
        db.session.execute(
            delete(MeetingAssignment).where(
                MeetingAssignment.meeting_id == meeting.id, MeetingAssignment.assignment_id.in_(had - wanted)
            )
        )
    db.session.add_all(
        MeetingAssignment(meeting_id=meeting.id, assignment_id=id_) for id_ in sorted(wanted - had)
    )
