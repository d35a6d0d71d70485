"""What the canary test knows of closes: each branch has closed a month and opened it again, with a reason."""

from __future__ import annotations

import datetime as dt

from tests.maker import NOW
from tracker.db import db
from tracker.models import Close


def a_close(
    campaign, unit, by, why=None, code="2021-02", days=(dt.date(2021, 2, 26), dt.date(2021, 2, 28)), at=NOW
):
    """A close that holds, or with a reason one that was opened again."""
    opened = {"reopened_at": NOW, "reopened_by_id": by.id, "reopened_why": why} if why else {}
    close = Close(
        campaign_id=campaign.id, code=code, starts_on=days[0], ends_on=days[1],
        unit_id=unit.id if unit else None, holds_at=at, closed_at=at, closed_by_id=by.id, **opened,
    )  # fmt: skip
    db.session.add(close)
    db.session.flush()
    return close


def add_closes(marked, whose, theirs):
    """One of the branch's, one of the other's."""
    for unit, mark, pool in ((marked.here, whose, marked.own), (marked.there, theirs, marked.foreign)):
        why = marked.mark(mark, "close.reopened_why")
        pool["close_id"] = [a_close(marked.campaign, unit, marked.office, why).id]
