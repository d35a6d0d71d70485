"""Two who remind the same person of the same matter at the same moment: one reminder."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
from sqlalchemy import func, select

from tests.maker import NOW, Maker
from tests.reminders import with_rule
from tests.services.test_imports_at_once import at_once
from tracker.db import db
from tracker.models import AuditEvent, Campaign, Reminder, Role, Status, Unit, User
from tracker.services.reminders import remind_members
from tracker.worker import remind as remind_by_worker

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

MONDAY = dt.date(2021, 7, 26)


@pytest.fixture
def place(fresh_app):
    """A branch with three members who have something open, and its two keepers (ids)."""
    with fresh_app.app_context():
        make = Maker()
        branch, campaign = make.branch(), make.campaign()
        members = [make.member(branch) for _ in range(3)]
        for member in members:
            make.user(Role.MEMBER, member=member)
            record = make.record(campaign, "study", member=member, minutes=60, status=Status.SUBMITTED)
            record.status, record.returned_by_id = Status.RETURNED, make.office.id
            record.returned_at, record.returned_why = NOW, "不对"
        keepers = [make.user(role, branch).id for role in (Role.SECRETARY, Role.DEPUTY)]
        ids = campaign.id, branch.id, {member.id for member in members}, keepers
        db.session.commit()
    return fresh_app, ids


def remind(place, keeper, today):
    app, (campaign_id, branch_id, member_ids, keepers) = place
    with app.app_context():
        remind_members(
            db.session.get_one(Campaign, campaign_id), db.session.get_one(Unit, branch_id), member_ids,
            by=db.session.get_one(User, keepers[keeper]), at=NOW, today=today,
        )  # fmt: skip
        db.session.commit()


def test_two_at_once_send_one_reminder_each_time(place):
    app, _ = place
    for n in range(3):  # made the first time, written anew after that
        today = MONDAY + n * dt.timedelta(days=7)
        assert at_once(partial(remind, place, 0, today), partial(remind, place, 1, today)) == [None, None]
        with app.app_context():
            assert db.session.scalar(select(func.count()).select_from(Reminder)) == 3
            assert set(db.session.scalars(select(Reminder.sent_on))) == {today}
            events = select(AuditEvent.detail).where(AuditEvent.action == "reminder:send")
            assert sum(detail["people"] for detail in db.session.scalars(events)) == 3 * (n + 1)


def test_the_worker_reminds_on_the_campaigns_day_and_once(place, monkeypatch):
    app, (campaign_id, *_) = place
    with app.app_context():
        campaign = db.session.get_one(Campaign, campaign_id)
        campaign.definition = with_rule(campaign, "weekday = 1")
        db.session.commit()
    monkeypatch.setattr("tracker.worker.clock.today", lambda: MONDAY - dt.timedelta(days=1))
    assert remind_by_worker(app) == 0
    monkeypatch.setattr("tracker.worker.clock.today", lambda: MONDAY)
    # Three members, and the two keepers of a branch that has not stated its months.
    assert (remind_by_worker(app), remind_by_worker(app)) == (5, 0)


def test_the_worker_of_an_empty_bureau_reminds_nobody(fresh_app):
    assert remind_by_worker(fresh_app) == 0
