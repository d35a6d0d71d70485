"""The campaign and the day that a page of figures speaks of."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask import g, request
from flask_login import current_user

from tracker.clock import today
from tracker.models import Campaign, CampaignArchive
from tracker.queries.campaigns import (
    archive_of,
    campaign_by_code,
    campaign_chosen,
    current_campaign,
    spec_of,
)
from tracker.rules.campaigns import CampaignSpec


@dataclass(frozen=True, slots=True)
class AsOf:
    """What the page is about."""

    campaign: Campaign
    spec: CampaignSpec
    day: dt.date
    latest: dt.date  # no later day can be picked: it has not come


def campaign_here() -> Campaign | None:
    """The campaign in which the reader's browser works: every page, form, queue and import of theirs is about
    it. None before any campaign. Asked once a request."""
    if "campaign_here" not in g:
        signed_in = current_user.is_authenticated
        g.campaign_here = campaign_chosen(current_user) if signed_in else current_campaign()
    found: Campaign | None = g.campaign_here
    return found


def archive_here() -> CampaignArchive | None:
    """That campaign's stay in the archive; None where it is open. Asked once a request."""
    if "archive_here" not in g:
        campaign = campaign_here()
        g.archive_here = archive_of(campaign.id) if campaign else None
    found: CampaignArchive | None = g.archive_here
    return found


def latest_day(campaign: Campaign) -> dt.date:
    """Today, or the nearest day within the campaign."""
    return max(campaign.starts_on, min(today(), campaign.ends_on))


def as_of() -> AsOf | None:
    """Campaign and day from ?campaign= and ?as_of=, else the one in which the reader works and today.

    None before any campaign. A day that cannot be read, lies before the campaign or has not come becomes
    the nearest that can be.
    """
    code = request.args.get("campaign", "")
    campaign = (campaign_by_code(code) if code else None) or campaign_here()
    if campaign is None:
        return None
    latest = latest_day(campaign)
    try:
        day = dt.date.fromisoformat(request.args.get("as_of", ""))
    except ValueError:
        day = latest
    return AsOf(campaign, spec_of(campaign), min(max(day, campaign.starts_on), latest), latest)
