"""Reads what a campaign file says of reminders."""

from __future__ import annotations

from tracker.rules.campaign_tables import Table
from tracker.rules.campaigns import ReminderRule

WEEK = range(1, 8)


def read_reminders(top: Table) -> ReminderRule:
    """The table [reminders], or the rule of a campaign that has none: no schedule, secretaries may remind."""
    data = top.get("reminders", dict)
    if data is None:
        return ReminderRule()
    table = Table(top.reading, "reminders", data)
    weekday = table.get("weekday", int)
    if weekday is not None and weekday not in WEEK:
        table.reading.fault(table.path("weekday"), "must be 1 (Monday) to 7 (Sunday).")
        weekday = None
    rule = ReminderRule(weekday, table.get("pace", bool, False), table.get("off", bool, False))
    table.end()
    if rule.has_pace and not rule.weekday:
        table.reading.fault(table.path("pace"), "needs weekday: only the schedule tells of it.")
    return rule
