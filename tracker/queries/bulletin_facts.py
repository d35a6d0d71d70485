"""What the text of a bulletin is filled in from, as of a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from tracker.models import Campaign
from tracker.queries.figures import bureau_name, standing_on
from tracker.rules.bulletin_text import Facts
from tracker.rules.quoted import QuotedFigure


def facts_on(campaign: Campaign, day: dt.date, quoted: Mapping[str, QuotedFigure] | None = None) -> Facts:
    """Every figure of the campaign as of `day`, and the figures of the register by code."""
    standing = standing_on(campaign, day)
    return Facts(standing.spec, standing.values(), day, bureau_name() or "", quoted or {})
