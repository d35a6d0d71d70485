"""In which campaign a signed-in browser works."""

from __future__ import annotations

from sqlalchemy import update

from tracker.db import db
from tracker.models import Campaign, User, UserSession


def choose_campaign(user: User, campaign: Campaign, current: Campaign | None) -> None:
    """Let this browser of `user` work in `campaign`. The current one is kept as no choice: whoever made none
    goes along when another becomes current."""
    is_current = current is not None and campaign.id == current.id
    db.session.execute(
        update(UserSession)
        .where(UserSession.id == user.session_id)
        .values(campaign_id=None if is_current else campaign.id)
    )
