"""By which day a record is to have come to its last stage, and whether that day has passed."""

from __future__ import annotations

import datetime as dt
import enum

from tracker.rules.campaigns import Kind
from tracker.rules.refusal import N_, Refused

SOON = dt.timedelta(days=7)


class Deadline(enum.StrEnum):
    """How a due day stands to today, where there is something to say."""

    OVERDUE = "overdue"
    SOON = "soon"  # due today or within the week


def is_last(kind: Kind, stage: str | None) -> bool:
    """Whether nothing comes after the stage: then no due day is missed any more."""
    return not kind.stages or stage == kind.stages[-1].name


def deadline_of(kind: Kind, stage: str | None, due_on: dt.date | None, today: dt.date) -> Deadline | None:
    """What is to be said of a due day: it has passed, it is near, or nothing."""
    if due_on is None or is_last(kind, stage) or due_on > today + SOON:
        return None
    return Deadline.OVERDUE if due_on < today else Deadline.SOON


def check_due_on(
    kind: Kind, stage: str | None, was: dt.date | None, to: dt.date | None, begins: dt.date
) -> None:
    """Raises Refused unless a record of the kind may be due on another day than it was.

    to: None takes the due day away. begins: the day on which the record begins.
    """
    if kind.column("due_on") is None:
        raise Refused(N_("Records of this kind are due on no day."), "due_on")
    if is_last(kind, stage):
        raise Refused(N_("It has come to its last stage, so it is due no more."), "due_on")
    if to == was:
        raise Refused(N_("It is due on that day already."), "due_on")
    if to is not None and to < begins:
        raise Refused(
            N_("It cannot be due before %(day)s, when it begins."), "due_on", day=begins.isoformat()
        )
