"""Opening and revoking the links of screens."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select, update

from tracker.db import db
from tracker.models import Campaign, ScreenLink, User
from tracker.rules.refusal import N_, Refused
from tracker.rules.screens import check_expiry, check_label
from tracker.rules.tokens import digest_of, new_token
from tracker.services.audit import record_event
from tracker.services.records import CHANGED

MOST = 50  # that hold at once in a campaign


def open_screen(
    campaign: Campaign, label: str, expires_on: dt.date | None, *, by: User, at: dt.datetime, today: dt.date
) -> tuple[ScreenLink, str]:
    """A new link and its token, which is given this once and kept nowhere.

    Raises Refused, with its field, without a label, for a last day that is over, or if there are enough.
    """
    label = check_label(label)
    check_expiry(expires_on, today)
    holds = (
        select(func.count())
        .select_from(ScreenLink)
        .where(ScreenLink.campaign_id == campaign.id, ScreenLink.revoked_at.is_(None))
    )
    if (db.session.scalar(holds) or 0) >= MOST:
        raise Refused(
            N_("There are %(most)d links already. Revoke one that is not used."), "label", most=MOST
        )
    token = new_token()
    link = ScreenLink(
        campaign_id=campaign.id, label=label, digest=digest_of(token), expires_on=expires_on,
        created_by_id=by.id, created_at=at,
    )  # fmt: skip
    db.session.add(link)
    db.session.flush()
    record_event(by, "screen:open", link, at)
    return link, token


def revoke_screen(link: ScreenLink, *, by: User, at: dt.datetime) -> None:
    """Let a link show nothing any more, from the next refresh on. Raises Refused if it was revoked before."""
    changed = db.session.execute(
        update(ScreenLink)
        .where(ScreenLink.id == link.id, ScreenLink.revoked_at.is_(None))
        .values(revoked_at=at, revoked_by_id=by.id)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        raise Refused(CHANGED)
    record_event(by, "screen:revoke", link, at)
