"""Closes periods of the small bureau and enters what comes after them, for the tests of closes."""

from __future__ import annotations

import datetime as dt

from tests.entry_desk import study
from tests.maker import NOW
from tests.workbooks import TODAY
from tracker.queries.figures import figure_values
from tracker.rules.periods import period_by_code
from tracker.services.closes import close_period
from tracker.services.entries import Row, check_entries, enter_records

LATER = NOW + dt.timedelta(hours=1)
SOON = LATER + dt.timedelta(seconds=5)
WHY = "出差，回来后补交"
MARCH = dt.date(2021, 3, 31)


def close(desk, code="2021-03", unit=None, grace_until=None, holds_at=None, at=NOW):
    """Close a period of a branch, or of the bureau; it holds at once unless something else is said."""
    period = period_by_code(code, desk.campaign, ())
    return close_period(
        desk.campaign, period, unit, grace_until=grace_until, holds_at=holds_at, today=TODAY,
        by=desk.make.office, at=at,
    )  # fmt: skip


def entered(desk, why="", by=None, at=LATER, correcting=None, **cells):
    kind, by = desk.kind("study"), by or desk.secretary
    return kind, check_entries(
        desk.campaign, kind, [Row(1, study(**cells))], by=by, today=TODAY, at=at, late_why=why,
        correcting=correcting,
    )  # fmt: skip


def waits(desk, at=NOW, **cells):
    """A row of March that waits."""
    kind, plan = entered(desk, at=at, **cells)
    (record,) = enter_records(plan, kind, desk.campaign, by=desk.secretary, at=at)
    return record


def seen(record):
    return [(record.id, record.version)]


def march(desk):
    return figure_values(desk.campaign, MARCH)["study.total_minutes"].value
