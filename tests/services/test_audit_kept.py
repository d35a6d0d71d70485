"""How long events of the audit are kept: as long as the law asks at least, and then no longer than is set."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, text

from tests.audit_seals import DAY, behind_the_back, found, last_id, sealed_days, write
from tests.maker import NOW
from tracker.db import db
from tracker.models import AuditEvent, AuditSeal, Campaign
from tracker.queries.audit_seals import PURGE
from tracker.rules.audit_seals import LEAST_DAYS, Broken
from tracker.services import audit_seals
from tracker.services.audit import record_event

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture
def user(make):
    return make.office


def test_what_was_kept_long_enough_goes_and_the_chain_stays_whole(user, seal_key):
    sealed_days(user, seal_key, 420)
    before = db.session.scalar(select(func.count(AuditEvent.id)))
    count = audit_seals.purge(400, NOW)
    assert count == 19
    assert db.session.scalar(select(func.count(AuditEvent.id))) == before - count + 1
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == PURGE)).one()
    assert event.detail["rows"] == count
    assert audit_seals.purge(400, NOW) == 0
    assert found(seal_key) == []
    assert db.session.scalar(select(func.count(AuditSeal.id))) == 420


def test_young_events_that_go_are_found_though_a_purge_is_pretended(user, seal_key):
    sealed_days(user, seal_key, 10)
    seal = db.session.scalars(select(AuditSeal).order_by(AuditSeal.id)).first()
    behind_the_back(f"DELETE FROM audit_event WHERE id <= {seal.last_id}")
    record_event(None, PURGE, seal, NOW, through=last_id(), rows=1)
    db.session.flush()
    assert Broken.GONE in {fault.broken for fault in found(seal_key)}


def test_nothing_goes_that_is_younger_than_the_law_asks_whatever_the_setting_says(user, seal_key):
    sealed_days(user, seal_key, 190)
    assert LEAST_DAYS == 184
    audit_seals.purge(1, NOW)
    oldest = db.session.scalar(select(func.min(AuditEvent.at)))
    assert NOW - (LEAST_DAYS + 3) * DAY < oldest <= NOW - LEAST_DAYS * DAY


def test_a_clock_ten_years_ahead_takes_nothing_that_is_younger_than_the_law_asks(user, seal_key):
    sealed_days(user, seal_key, 195)
    ahead = NOW + 3650 * DAY
    write(user, 1, at=ahead)
    audit_seals.seal_next(seal_key, ahead)
    audit_seals.purge(400, ahead)
    assert db.session.scalar(select(func.min(AuditEvent.at))) <= NOW - LEAST_DAYS * DAY


def test_an_installation_where_little_is_done_keeps_longer(user, seal_key):
    write(user, 1, at=NOW - 900 * DAY)
    audit_seals.seal_next(seal_key, NOW - 900 * DAY)
    write(user, 1)
    audit_seals.seal_next(seal_key, NOW)
    assert audit_seals.purge(400, NOW) == 0


def test_the_audit_of_an_invented_bureau_may_go(user, seal_key, make):
    write(user, 1)
    audit_seals.seal_next(seal_key, NOW)
    campaign = make.campaign()
    campaign.demo = {"users": []}
    db.session.flush()
    db.session.execute(text("DELETE FROM audit_seal"))
    db.session.execute(text("DELETE FROM audit_event"))
    assert last_id() is None
    assert db.session.scalar(select(func.count(Campaign.id))) == 1
