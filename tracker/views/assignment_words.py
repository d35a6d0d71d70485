"""Words for the leading group's plan: states, acts, and what a list is narrowed to."""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext

from tracker.models import AssignmentState
from tracker.queries.assignments import PlanLineOf
from tracker.rules.assignments import AssignmentAct
from tracker.rules.periods import Period
from tracker.rules.refusal import N_

# label, colour, icon
STATES: dict[AssignmentState, tuple[str, str, str]] = {
    AssignmentState.NOT_BEGUN: (N_("Not begun"), "mute", "minus"),
    AssignmentState.UNDER_WAY: (N_("Under way"), "mute", "trending-up"),
    AssignmentState.REPORTED: (N_("Reported as done, to be confirmed"), "mute", "history"),
    AssignmentState.DONE: (N_("Done"), "ok", "circle-check"),
    AssignmentState.DROPPED: (N_("Dropped"), "mute", "ban"),
}
SHOWN: dict[str, str] = {
    "open": N_("Not finished"),
    "overdue": N_("Overdue"),
    "reported": N_("Reported as done, to be confirmed"),
    "done": N_("Done"),
    "dropped": N_("Dropped"),
}
# label, icon, what is said once it is written
ACTS: dict[AssignmentAct, tuple[str, str, str]] = {
    AssignmentAct.PROGRESS: (N_("Say how far it is"), "trending-up", N_("Noted.")),
    AssignmentAct.REPORT: (
        N_("Report it as done"), "check", N_("Reported. The party office confirms it, or gives it back."),
    ),
    AssignmentAct.CONFIRM: (N_("Confirm it as done"), "circle-check", N_("Confirmed as done.")),
    AssignmentAct.GIVE_BACK: (N_("Give it back"), "arrow-back-up", N_("Given back.")),
    AssignmentAct.DROP: (N_("Drop it"), "ban", N_("Dropped. The reason stays beside it.")),
    AssignmentAct.REOPEN: (N_("Open it again"), "arrow-back-up", N_("Open again.")),
}  # fmt: skip


def row_of(line: PlanLineOf) -> tuple[str | dt.date | None, ...]:
    """A line of the plan as a row of the workbook."""
    if line.assignment is not None:
        one = line.assignment
        decided = one.meeting.number if one.meeting else None
        return one.text, line.in_charge, one.due_on, gettext(STATES[one.state][0]), one.ended_on, decided
    if line.resolution is None:
        return ()
    resolved = line.resolution
    state = gettext("Done") if resolved.done_on else gettext("Not finished")
    session = resolved.record
    decided = " ".join(part for part in (session.type or session.kind.name, session.title) if part)
    return resolved.text, line.in_charge, resolved.due_on, state, resolved.done_on, decided


def month_words(month: Period) -> str:
    """A month by its name: 3月."""
    return gettext("month %(month)d", month=month.starts_on.month)
