"""The campaign and the day that a page of figures speaks of."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask import request

from tracker.clock import today
from tracker.models import Campaign
from tracker.queries.campaigns import campaign_by_code, current_campaign, spec_of
from tracker.rules.campaigns import CampaignSpec


@dataclass(frozen=True, slots=True)
class AsOf:
    """What the page is about."""

    campaign: Campaign
    spec: CampaignSpec
    day: dt.date
    latest: dt.date  # no later day can be picked: it has not come


def as_of() -> AsOf | None:
    """Campaign and day from ?campaign= and ?as_of=, else the current one and today; None before any campaign.

    A day that cannot be read, lies before the campaign or has not come becomes the nearest that can be.
    """
    code = request.args.get("campaign", "")
    campaign = (campaign_by_code(code) if code else None) or current_campaign()
    if campaign is None:
        return None
    latest = max(campaign.starts_on, min(today(), campaign.ends_on))
    try:
        day = dt.date.fromisoformat(request.args.get("as_of", ""))
    except ValueError:
        day = latest
    return AsOf(campaign, spec_of(campaign), min(max(day, campaign.starts_on), latest), latest)
