"""Campaigns and what their files say."""

from __future__ import annotations

import functools

from sqlalchemy import select

from tracker.db import db
from tracker.models import Campaign, CampaignArchive, Record, User
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


def campaign_chosen(user: User) -> Campaign | None:
    """The campaign in which the browser of `user` works: the one that was chosen there, else the current."""
    chosen = db.session.get(Campaign, user.works_in) if user.works_in else None
    return chosen or current_campaign()


def archive_of(campaign_id: int) -> CampaignArchive | None:
    """The campaign's stay in the archive; None if it is not there."""
    return db.session.scalar(
        select(CampaignArchive).where(
            CampaignArchive.campaign_id == campaign_id, CampaignArchive.reopened_at.is_(None)
        )
    )


def stays_in_archive(campaign_id: int) -> list[CampaignArchive]:
    """All of them, the last one first."""
    return list(
        db.session.scalars(
            select(CampaignArchive)
            .where(CampaignArchive.campaign_id == campaign_id)
            .order_by(CampaignArchive.archived_at.desc(), CampaignArchive.id.desc())
        )
    )


def campaign_by_code(code: str) -> Campaign | None:
    return db.session.scalar(select(Campaign).where(Campaign.code == code))


def campaigns() -> list[Campaign]:
    """All campaigns, newest first."""
    return list(db.session.scalars(select(Campaign).order_by(Campaign.starts_on.desc(), Campaign.id)))
