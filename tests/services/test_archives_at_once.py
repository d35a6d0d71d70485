"""Whoever writes while a campaign is put into the archive is in it whole, or is refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.maker import NOW
from tests.services.test_imports_at_once import at_once
from tests.services.test_verifications_at_once import Place
from tracker.db import db
from tracker.models import Campaign, Status
from tracker.queries.campaigns import archive_of
from tracker.rules.refusal import Refused
from tracker.services.archive_gate import ARCHIVED
from tracker.services.archives import CHANGED, archive_campaign, reopen_campaign

pytestmark = pytest.mark.slow
OVER = dt.date(2022, 1, 31)


@pytest.fixture
def place(fresh_app: Any) -> Place:
    return Place(fresh_app)


def put_away(place: Place) -> None:
    with place.here():
        campaign = db.session.get_one(Campaign, place.campaign_id)
        archive_campaign(campaign, why="结束了", by=place.user(place.office), at=NOW, today=OVER)


def take_out(place: Place, archive_id: int) -> None:
    with place.here():
        campaign = db.session.get_one(Campaign, place.campaign_id)
        reopen_campaign(campaign, archive_id=archive_id, why="还要补录", by=place.user(place.office), at=NOW)


def refused(error: Exception | None, msgid: str) -> bool:
    """Whether it was refused so; anything else is raised."""
    if error is not None and not (isinstance(error, Refused) and error.msgid == msgid):
        raise error
    return error is not None


@pytest.mark.parametrize("turn", range(3))
def test_a_verification_at_that_moment_counts_or_is_refused(place, turn):
    ids = [place.enter(f"第{n}章") for n in range(6)]
    acts = [
        (lambda id_=id_, by=by: place.verify(id_, by=by))
        for id_, by in zip(ids, place.verifiers, strict=False)
    ]
    acts.insert(turn * 2, lambda: put_away(place))
    raised = at_once(*acts)
    error = raised.pop(turn * 2)
    assert error is None, error
    verified = [place.status(id_) is Status.VERIFIED for id_ in ids]
    assert [not refused(one, ARCHIVED) for one in raised] == verified
    assert place.minutes() == 120 * sum(verified)
    for id_, is_verified in zip(ids, verified, strict=True):
        if not is_verified:
            with pytest.raises(Refused, match="in the archive"):
                place.verify(id_, by=place.deputy)


def test_two_who_put_it_away_or_take_it_out_at_once_do_it_once(place):
    raised = at_once(*[lambda: put_away(place)] * 4)
    assert sorted(refused(one, CHANGED) for one in raised) == [False, True, True, True]
    with place.here():
        stay = archive_of(place.campaign_id)
        assert stay is not None
        archive_id = stay.id
    raised = at_once(*[lambda: take_out(place, archive_id)] * 4)
    assert sorted(refused(one, CHANGED) for one in raised) == [False, True, True, True]
