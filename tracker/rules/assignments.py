"""What may be said of an assignment, by whom; whether it is late; and what it needs to be set."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass

from tracker.models.assignment import OPEN_STATES, AssignmentState
from tracker.rules.cells import parse_text
from tracker.rules.days import parse_day
from tracker.rules.deadlines import SOON, Deadline
from tracker.rules.refusal import N_, Refused

LONGEST_TEXT, LONGEST_IN_CHARGE, SHORTEST_WORDS = 400, 80, 2
NOT_BEGUN, UNDER_WAY, REPORTED, DONE, DROPPED = AssignmentState


class AssignmentAct(enum.StrEnum):
    """What can be said of an assignment."""

    PROGRESS = "progress"  # how far it is
    REPORT = "report"  # those in charge say that it is done
    CONFIRM = "confirm"
    GIVE_BACK = "give_back"  # reported, but not done
    DROP = "drop"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class Move:
    """From which states an act leads to which; whether only the office says so, and with words."""

    states: tuple[AssignmentState, ...]
    to: AssignmentState
    office_only: bool = True
    needs_words: bool = True


MOVES: dict[AssignmentAct, Move] = {
    AssignmentAct.PROGRESS: Move(OPEN_STATES, UNDER_WAY, office_only=False),
    AssignmentAct.REPORT: Move((NOT_BEGUN, UNDER_WAY), REPORTED, office_only=False),
    AssignmentAct.CONFIRM: Move(OPEN_STATES, DONE, needs_words=False),
    AssignmentAct.GIVE_BACK: Move((REPORTED,), UNDER_WAY),
    AssignmentAct.DROP: Move(OPEN_STATES, DROPPED),
    AssignmentAct.REOPEN: Move((DONE, DROPPED), UNDER_WAY),
}


def acts_on(state: AssignmentState, *, office: bool) -> list[AssignmentAct]:
    """What can be said of an assignment in this state, by the office or by those in charge.

    Giving back is the office's word for what is progress to those in charge.
    """
    found = [act for act, move in MOVES.items() if state in move.states and (office or not move.office_only)]
    return [act for act in found if not (office and state is REPORTED and act is AssignmentAct.PROGRESS)]


def check_words(act: AssignmentAct, words: str) -> str | None:
    """What is said beside an act, on one line. Raises Refused if nothing is said where something must be."""
    text = _text(words, "text", LONGEST_TEXT)
    if MOVES[act].needs_words and len(text or "") < SHORTEST_WORDS:
        raise Refused(N_("Say it in a few words."), "text")
    return text


def check_assignment(
    text: str, in_charge: str, due_on: str, *, unit_id: int | None, since: dt.date
) -> tuple[str, str | None, dt.date]:
    """The words, who is in charge in words (None if a unit is), and the day of an assignment.

    since: the first day on which it can be due. Raises Refused, at the field at fault.
    """
    said = _text(text, "text", LONGEST_TEXT)
    if said is None:
        raise Refused(N_("Say what is to be done."), "text")
    office = _text(in_charge, "in_charge", LONGEST_IN_CHARGE)
    if unit_id is None and office is None:
        raise Refused(N_("Choose who is in charge, or write it."), "owner")
    if unit_id is not None and office is not None:
        raise Refused(N_("Either choose a unit or write who is in charge, not both."), "in_charge")
    if not due_on.strip():
        raise Refused(N_("Give the day by which it is to be done."), "due_on")
    try:
        day = parse_day(due_on)
    except Refused as refusal:
        raise Refused(refusal.msgid, "due_on", **refusal.params) from None
    if day < since:
        raise Refused(N_("It cannot be due before %(day)s."), "due_on", day=since.isoformat())
    return said, office, day


def deadline_of_assignment(state: AssignmentState, due_on: dt.date, today: dt.date) -> Deadline | None:
    """Whether it is overdue, or due within the week. What is reported as done waits for the office."""
    if state not in OPEN_STATES or state is REPORTED or due_on > today + SOON:
        return None
    return Deadline.OVERDUE if due_on < today else Deadline.SOON


def _text(typed: str, field: str, most: int) -> str | None:
    try:
        return parse_text(typed, most)
    except Refused as refusal:
        raise Refused(refusal.msgid, field, **refusal.params) from None
