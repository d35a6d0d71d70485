"""The leading group's plan in the demo, with minutes of its meetings."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

from tracker.models import Campaign, Meeting, User
from tracker.queries.assignments import units_in_charge
from tracker.rules.assignments import AssignmentAct
from tracker.services.assignments import Said, change_assignment, say_of_assignment, set_assignment
from tracker.services.meetings import SaidOfMeeting, change_meeting, note_meeting

FILE = Path(__file__).resolve().parent.parent / "demo" / "assignments.toml"


def fill_assignments(campaign: Campaign, *, by: User, at: dt.datetime, today: dt.date) -> None:
    """Note the minutes, put in the items, and say what was said of them, as the file has it.

    by: the office, who says all of it here.
    """
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    minutes = {row["number"]: _minutes(row) for row in data["meetings"]}
    meetings = {
        number: note_meeting(campaign, said, by=by, at=at, today=today) for number, said in minutes.items()
    }
    looked: dict[str, list[int]] = {number: [] for number in minutes}
    for row in data["assignments"]:
        for number, assignment_id in _assign(row, campaign, meetings, by, at, today):
            looked[number].append(assignment_id)
    for number, ids in looked.items():
        said = SaidOfMeeting(**{**_fields(minutes[number]), "looked_at": ids})
        change_meeting(meetings[number], campaign, said, version=1, by=by, at=at, today=today)


def _minutes(row: dict[str, Any]) -> SaidOfMeeting:
    return SaidOfMeeting(
        row["number"], row["held_on"], row["chair"], "\n".join(row["studied"]), row.get("text", "")
    )


def _fields(said: SaidOfMeeting) -> dict[str, Any]:
    return {name: getattr(said, name) for name in ("number", "held_on", "chair", "studied", "text")}


def _assign(
    row: dict[str, Any], campaign: Campaign, meetings: dict[str, Meeting], by: User, at: dt.datetime,
    today: dt.date,
) -> list[tuple[str, int]]:  # fmt: skip
    """Put one item in. Returns which meetings looked at it."""
    unit_id = units_in_charge()[row["unit"]].id if "unit" in row else None

    def said(due_on: str) -> Said:
        return Said(row["text"], due_on, unit_id, row.get("in_charge", ""), meetings[row["meeting"]].id)

    one = set_assignment(campaign, said(row["due_on"]), by=by, at=at)
    if "put_off" in row:
        due_on, why = row["put_off"]
        change_assignment(one, campaign, said(due_on), why=why, version=one.version, by=by, at=at)
    for act, text in row["says"]:
        say_of_assignment(one, AssignmentAct(act), text, version=one.version, by=by, at=at, today=today)
    return [(number, one.id) for number in row.get("looked_at", [])]
