"""Links of screens for tests."""

from __future__ import annotations

from tests.maker import NOW
from tracker.db import db
from tracker.models import ScreenLink
from tracker.rules.tokens import digest_of

SCREEN_TOKEN = "t" * 43  # as long as real ones


def a_screen(campaign, by, token=SCREEN_TOKEN, **fields):
    """A link that holds."""
    link = ScreenLink(
        campaign_id=campaign.id, digest=digest_of(token), created_by_id=by.id, created_at=NOW,
        **{"label": "三楼会议室", **fields},
    )  # fmt: skip
    db.session.add(link)
    db.session.flush()
    return link
