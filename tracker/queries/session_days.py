"""On which days the sessions of a kind were held."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select

from tracker.db import db
from tracker.models import Campaign, Record, Status
from tracker.models import Kind as KindRow
from tracker.rules.campaigns import CampaignSpec, Kind


def kinds_with_sessions(spec: CampaignSpec) -> list[Kind]:
    """The kinds whose rows are events with people at them."""
    return [kind for kind in spec.kinds if kind.column("people") and kind.column("happened_on")]


def session_days(campaign: Campaign, kind: Kind, day: dt.date) -> list[tuple[dt.date, int]]:
    """(day, how many verified sessions) up to `day`, days without any left out. A joint session is one; rows
    without a day of their own are left out. One statement."""
    rows = db.session.execute(
        select(Record.happened_on, func.count())
        .join(KindRow, KindRow.id == Record.kind_id)
        .where(
            KindRow.campaign_id == campaign.id,
            KindRow.code == kind.code,
            Record.status == Status.VERIFIED,
            Record.is_dated,
            Record.happened_on <= day,
        )
        .group_by(Record.happened_on)
        .order_by(Record.happened_on)
    )
    return [(on, int(count)) for on, count in rows]
