"""Of what somebody may be reminded, by whom, and how often."""

from __future__ import annotations

import datetime as dt

from tracker.models.reminder import Matter
from tracker.rules.campaigns import ReminderRule

EVERY = dt.timedelta(days=7)  # at most one reminder of a matter in so many days
# Of a member's own; a secretary may remind of these. PACE is their own too, but nobody else is told of it.
MEMBER_MATTERS = (Matter.RETURNED, Matter.VISIT, Matter.RESOLUTION)
# Of those who keep a branch or head a section.
UNIT_MATTERS = (Matter.VERIFY, Matter.STATEMENT, Matter.STAGE, Matter.ASSIGNMENT)


def latest_before(today: dt.date) -> dt.date:
    """The last day on which a reminder may have been sent if another one is to be sent today."""
    return today - EVERY


def may_send(sent_on: dt.date | None, today: dt.date) -> bool:
    """Whether a week has passed since the last reminder of a matter; None: there was none."""
    return sent_on is None or sent_on <= latest_before(today)


def is_day_of(rule: ReminderRule, today: dt.date) -> bool:
    """Whether the schedule sends today."""
    return not rule.is_off and rule.weekday == today.isoweekday()
