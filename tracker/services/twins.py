"""Somebody looks at two records that may be one fact, and says that they are not."""

from __future__ import annotations

import datetime as dt

from tracker.db import db
from tracker.models import Campaign, Record, ToldApart, User
from tracker.queries.campaigns import spec_of
from tracker.queries.twins import root_of, twins_of
from tracker.rules.refusal import N_, Refused
from tracker.services.audit import record_event
from tracker.services.records import check_reason

NOT_ALIKE = N_("These two are not taken for the same, or somebody told them apart meanwhile.")


def tell_apart(record: Record, other_id: int, *, why: str, by: User, at: dt.datetime) -> ToldApart:
    """Keep that the two are not the same, with the reason; neither is pointed out beside the other any more.

    Whether the record is theirs to judge is for the caller to know.
    Raises Refused without a reason, or if the two do not look alike or were told apart before.
    """
    why = check_reason(why)
    campaign = db.session.get_one(Campaign, record.campaign_id)
    kind = spec_of(campaign).kind(record.kind.code)
    twin = next((one for one in twins_of(record, kind) if one.record.id == other_id), None)
    if twin is None or twin.apart is not None:
        raise Refused(NOT_ALIKE)
    first, second = sorted((root_of(record), root_of(twin.record)))
    found = ToldApart(first_id=first, second_id=second, why=why, by_id=by.id, at=at)
    db.session.add(found)
    for one, its_other in ((record, twin.record), (twin.record, record)):
        record_event(by, "record:tell_apart", one, at, record_id=its_other.id)  # the reason may name somebody
    return found
