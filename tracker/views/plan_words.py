"""Words for plans: how they stand, when they are, what a day is."""

from __future__ import annotations

from flask_babel import gettext

from tracker.models import DaySort, Holiday, Plan
from tracker.rules.plans import PlanState, clock_text
from tracker.rules.refusal import N_

__all__ = ["clock_text"]  # templates ask it here

# state → words, class, icon
STATES: dict[PlanState, tuple[str, str, str]] = {
    PlanState.AHEAD: (N_("Planned"), "mute", "calendar"),
    PlanState.HELD: (N_("Held"), "ok", "circle-check"),
    PlanState.CANCELLED: (N_("Cancelled"), "mute", "x"),
    PlanState.OPEN: (N_("Not reported yet"), "warn", "history"),
}
DAYS: dict[DaySort, str] = {
    DaySort.HOLIDAY: N_("Holiday"),
    DaySort.WORKDAY: N_("Make-up workday"),
    DaySort.ORDINARY: N_("Taken out by hand"),
}


def state_words(state: PlanState) -> str:
    return gettext(STATES[state][0])


def time_words(plan: Plan) -> str:
    """15:00–16:30, 15:00, or '' for the whole day."""
    return "–".join(filter(None, (clock_text(plan.from_minute), clock_text(plan.to_minute))))


def holiday_words(row: Holiday) -> str:
    """What the table says of a day: Holiday: National Day."""
    return gettext("%(sort)s: %(name)s", sort=gettext(DAYS[row.sort]), name=row.name)


def short_holiday(row: Holiday) -> str:
    """The same for a cell of the calendar."""
    return row.name if row.sort is DaySort.HOLIDAY else gettext("Workday")
