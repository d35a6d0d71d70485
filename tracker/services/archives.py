"""Puts a campaign that is over into the archive, where it is only read, and takes it out again."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select, update

from tracker.db import db
from tracker.models import Campaign, CampaignArchive, User
from tracker.queries.campaigns import archive_of
from tracker.rules.refusal import N_, Refused
from tracker.services.audit import record_event
from tracker.services.records import check_reason
from tracker.services.tallies import tallies_of

CHANGED = N_("Somebody changed this campaign meanwhile. Reload the page and look again.")


def archive_campaign(
    campaign: Campaign, *, why: str, by: User | None, at: dt.datetime, today: dt.date
) -> None:
    """Let nothing be written into the campaign from now on.

    Raises Refused without a reason, before the campaign's last day has passed, or if it is there already.
    Whoever writes at this moment holds the campaign or the tallies: this waits, and what they wrote stands.
    """
    why = check_reason(why)
    if today <= campaign.ends_on:
        raise Refused(N_("It runs until %(day)s. Put it away after that day."), None, day=campaign.ends_on)
    _lock(campaign)
    if archive_of(campaign.id):
        raise Refused(CHANGED)
    row = CampaignArchive(
        campaign_id=campaign.id, archived_at=at, archived_by_id=by.id if by else None, archived_why=why
    )
    db.session.add(row)
    db.session.flush()
    record_event(by, "campaign:archive", campaign, at, archive_id=row.id)  # the reason stands in the row


def reopen_campaign(
    campaign: Campaign, *, archive_id: int, why: str, by: User | None, at: dt.datetime
) -> None:
    """Let it be written into again.

    archive_id: the stay in the archive that was seen; raises Refused if it was ended meanwhile, or without
                a reason.
    """
    why = check_reason(why)
    _lock(campaign)
    changed = db.session.execute(
        update(CampaignArchive)
        .where(
            CampaignArchive.id == archive_id,
            CampaignArchive.campaign_id == campaign.id,
            CampaignArchive.reopened_at.is_(None),
        )
        .values(reopened_at=at, reopened_by_id=by.id if by else None, reopened_why=why)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        raise Refused(CHANGED)
    record_event(by, "campaign:reopen", campaign, at, archive_id=archive_id)


def _lock(campaign: Campaign) -> None:
    """First the campaign, as imports and entries do, then its tallies, as whatever counts does."""
    db.session.execute(select(Campaign.id).where(Campaign.id == campaign.id).with_for_update())
    tallies_of(campaign.id, lock=True)
