"""A month: what was planned, what was held, which days are holidays."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from tracker.models import Campaign, Holiday, Record, Unit, User
from tracker.queries.holidays import holidays_between
from tracker.queries.plans import PlanLine, plans_between, sessions_between


@dataclass(slots=True)
class DayCell:
    """One day: its plans, and the records of that day that belong to none of them."""

    day: dt.date
    is_in_month: bool
    holiday: Holiday | None
    plans: list[PlanLine] = field(default_factory=list)
    sessions: list[Record] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not self.plans and not self.sessions


def month_of(
    campaign: Campaign,
    user: User,
    weeks: list[list[dt.date]],
    first: dt.date,
    today: dt.date,
    *,
    unit: Unit | None = None,
    type_name: str | None = None,
) -> list[list[DayCell]]:
    """The weeks of the month that begins with `first`, as the user may see them."""
    start, end = weeks[0][0], weeks[-1][-1]
    named = holidays_between(start, end)
    cells = {
        day: DayCell(day, (day.year, day.month) == (first.year, first.month), named.get(day))
        for week in weeks
        for day in week
    }
    lines = plans_between(campaign, user, start, end, today, unit=unit, type_name=type_name)
    for line in lines:
        cells[line.plan.happens_on].plans.append(line)
    told = {line.plan.record_id for line in lines if line.plan.record_id is not None}
    for record in sessions_between(campaign, user, start, end, unit=unit, type_name=type_name):
        if record.id not in told:
            cells[record.happened_on].sessions.append(record)
    return [[cells[day] for day in week] for week in weeks]
