"""Campaigns and what their files say."""

from __future__ import annotations

import functools

from sqlalchemy import select

from tracker.db import db
from tracker.models import Campaign, Record
from tracker.rules.campaign_file import read_campaign
from tracker.rules.campaigns import CampaignSpec


@functools.lru_cache(maxsize=32)
def _read(text: str) -> CampaignSpec:
    return read_campaign(text)


def spec_of(campaign: Campaign) -> CampaignSpec:
    """What the campaign's file says; the text is kept with the campaign and read once a process."""
    return _read(campaign.definition["text"])


def class_hour_of(record: Record) -> int | None:
    """Minutes of one 学时 in the kind of a record; None where its kind does not count in them."""
    return spec_of(record.kind.campaign).kind(record.kind.code).counts_in


def current_campaign() -> Campaign | None:
    """The campaign that pages show unasked; None before the first is loaded."""
    return db.session.scalar(
        select(Campaign).order_by(Campaign.is_current.desc(), Campaign.starts_on.desc(), Campaign.id).limit(1)
    )


def campaign_by_code(code: str) -> Campaign | None:
    return db.session.scalar(select(Campaign).where(Campaign.code == code))


def campaigns() -> list[Campaign]:
    """All campaigns, newest first."""
    return list(db.session.scalars(select(Campaign).order_by(Campaign.starts_on.desc(), Campaign.id)))
