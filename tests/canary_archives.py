"""A stay in the archive that is over, for the bureau whose every text is marked."""

from __future__ import annotations

from tests.maker import NOW
from tracker.db import db
from tracker.models import CampaignArchive


def add_archive(marked, whose):
    """Why the campaign was put away, and why it was taken out again: for office and auditor."""
    texts = {
        name: marked.mark(whose, f"campaign_archive.{name}") for name in ("archived_why", "reopened_why")
    }
    db.session.add(CampaignArchive(campaign_id=marked.campaign.id, archived_at=NOW, reopened_at=NOW, **texts))
    db.session.flush()
