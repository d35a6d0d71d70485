"""Rows of the register of quoted figures for tests."""

from __future__ import annotations

import datetime as dt

from tests.maker import NOW
from tracker.db import db
from tracker.models import Quoted
from tracker.rules.quoted import Quote

DAY = dt.date(2021, 6, 26)
SOURCE = "市民生实事办6月通报"


def a_quote(**said):
    """What somebody types of a figure from outside."""
    first = {"code": "msss.done", "title": "全市民生实事完成数", "value": "720", "unit": "件", "as_of": DAY}
    return Quote(**{**first, "source": SOURCE, **said})


def a_quoted(campaign, by, **fields):
    """A row that holds."""
    first = {"code": "msss.done", "title": "全市民生实事完成数", "value": "720", "unit": "件", "as_of": DAY}
    row = Quoted(
        campaign_id=campaign.id, entered_by_id=by.id, entered_at=NOW, **{**first, "source": SOURCE, **fields}
    )
    db.session.add(row)
    db.session.flush()
    return row
