"""Campaigns and what their files say."""

from __future__ import annotations

import functools
import json

from sqlalchemy import select

from tracker.db import db
from tracker.models import Campaign, CampaignArchive, Record, User
from tracker.rules.campaign_file import read_campaign
from tracker.rules.campaigns import CampaignSpec
from tracker.rules.own_figures import with_own


@functools.lru_cache(maxsize=32)
def _read(text: str) -> CampaignSpec:
    return read_campaign(text)


@functools.lru_cache(maxsize=32)
def _read_all(text: str, own: str) -> CampaignSpec:
    return with_own(_read(text), json.loads(own))


def spec_of(campaign: Campaign) -> CampaignSpec:
    """What the campaign's file says, and behind its figures those that the office made in the browser.

    Both are kept with the campaign, and read once a process.
    """
    text = campaign.definition["text"]
    return _read_all(text, json.dumps(campaign.own_figures)) if campaign.own_figures else _read(text)


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
