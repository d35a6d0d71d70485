"""flask reminders send: counts, sends with --commit, sends nothing a second time."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.maker import NOW
from tests.reminders import with_rule
from tracker.db import db
from tracker.models import Reminder, Role, Status


@pytest.fixture
def waiting(app, make, monkeypatch):
    """Somebody has a record that came back, on the campaign's weekday."""
    monkeypatch.setattr("tracker.cli.reminders.today", lambda: dt.date(2021, 7, 26))
    campaign, member = make.campaign(), make.member(make.branch())
    campaign.definition = with_rule(campaign, "weekday = 1")
    make.user(Role.MEMBER, member=member)
    record = make.record(campaign, "study", member=member, minutes=60, status=Status.SUBMITTED)
    record.status, record.returned_by_id = Status.RETURNED, make.office.id
    record.returned_at, record.returned_why = NOW, "不对"
    db.session.commit()
    return app.test_cli_runner()


def test_it_counts_and_sends_with_commit_only_and_once(waiting):
    assert "1" in waiting.invoke(args=["reminders", "send"]).output
    assert db.session.query(Reminder).count() == 0
    assert "1" in waiting.invoke(args=["reminders", "send", "--commit"]).output
    assert db.session.query(Reminder).count() == 1
    assert "0" in waiting.invoke(args=["reminders", "send", "--commit"]).output


def test_without_a_campaign_it_says_so(app):
    answer = app.test_cli_runner().invoke(args=["reminders", "send"])
    assert answer.exit_code != 0
