"""Somebody closes a month while others verify, enter or import: nothing slips in unmarked."""

from __future__ import annotations

import datetime as dt
import threading
import time
from typing import Any

import pytest

from tests.services.test_imports_at_once import at_once
from tests.services.test_verifications_at_once import LATER, Place
from tracker.db import db
from tracker.models import Campaign, Status
from tracker.queries.campaigns import spec_of
from tracker.queries.closes import unmarked
from tracker.rules.closes import LATE, VERIFIED_LATE
from tracker.rules.periods import period_by_code
from tracker.rules.refusal import Refused
from tracker.services.closes import close_period
from tracker.services.entries import Row, check_entries
from tracker.services.verifications import verify_records

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

PAUSE = 0.5  # seconds
JULY = dt.date(2021, 7, 31)


def close_june(place: Any) -> None:
    """In the transaction that is open. It holds from a moment before those of the others."""
    campaign = db.session.get_one(Campaign, place.campaign_id)
    june = period_by_code("2021-06", campaign, spec_of(campaign).phases)
    assert june is not None
    close_period(
        campaign, june, None, grace_until=None, holds_at=None, today=JULY, by=place.user(place.office),
        at=dt.datetime(2021, 6, 26, 7, tzinfo=dt.UTC),
    )  # fmt: skip


def test_a_verification_waits_for_the_close_that_is_being_written_and_is_late_then(fresh_app):
    place, written = Place(fresh_app), threading.Event()
    record_id = place.enter()

    def close_slowly() -> None:
        with place.here():
            close_june(place)
            written.set()
            time.sleep(PAUSE)  # its transaction is open: whoever comes now has to wait

    def verify() -> None:
        written.wait(10)
        place.verify(record_id, by=place.secretary)

    closed, refused = at_once(close_slowly, verify)
    assert closed is None
    assert isinstance(refused, Refused)
    assert refused.msgid == VERIFIED_LATE
    assert place.status(record_id) is Status.SUBMITTED


def test_an_entry_waits_for_the_close_that_is_being_written_and_is_late_then(fresh_app):
    place, written, said = Place(fresh_app), threading.Event(), []
    cells = {"happened_on": "2021-06-20", "minutes": "2小时", "source": "个人自学", "member_name": "张三"}

    def close_slowly() -> None:
        with place.here():
            close_june(place)
            written.set()
            time.sleep(PAUSE)

    def enter() -> None:
        written.wait(10)
        with place.here():
            campaign = db.session.get_one(Campaign, place.campaign_id)
            kind, by = spec_of(campaign).kinds[0], place.user(place.member)
            plan = check_entries(campaign, kind, [Row(1, cells)], by=by, today=JULY, at=LATER)
            said.extend(problem.msgid for problem in plan.problems)

    assert at_once(close_slowly, enter) == [None, None]
    assert said == [LATE]


def test_a_close_waits_for_the_verification_that_is_being_written(fresh_app):
    place, written, order = Place(fresh_app), threading.Event(), []
    record_id = place.enter()

    def verify_slowly() -> None:
        with place.here():
            verify_records([(record_id, 1)], by=place.user(place.secretary), at=LATER)
            db.session.flush()
            written.set()
            time.sleep(PAUSE)
            order.append("verified")

    def close() -> None:
        written.wait(10)
        with place.here():
            close_june(place)
            order.append("closed")

    assert at_once(verify_slowly, close) == [None, None]
    assert order == ["verified", "closed"]
    assert place.status(record_id) is Status.VERIFIED


def test_after_the_close_nothing_is_verified_without_a_reason(fresh_app):
    place = Place(fresh_app)
    record_id = place.enter()
    with place.here():
        close_june(place)
    with pytest.raises(Refused) as refusal:
        place.verify(record_id, by=place.secretary)
    assert refusal.value.msgid == VERIFIED_LATE
    with place.here():
        assert unmarked(db.session.get_one(Campaign, place.campaign_id)) is None
