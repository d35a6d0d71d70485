"""The administrator's page: the machine, and nothing of what it holds."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests import html
from tests.bureau import Bureau, body
from tracker.clock import now
from tracker.db import db
from tracker.models import AuditEvent, Role, TryCount, UserSession
from tracker.security_events import TRIES


@pytest.fixture
def admin(make):
    return make.user(Role.ADMINISTRATOR, login="admin")


def test_the_machine_is_shown_without_anybodys_name(client, make, admin):
    bureau = Bureau(make)
    resting = make.user(Role.MEMBER, member=bureau.people[0], login="M0001")
    db.session.add(TryCount(key=f"account:{resting.id}", started_at=now(), count=TRIES))
    shown = body(client.sign_in(admin).page("/system"))
    assert "M0001" in shown
    assert not any(person.name in shown for person in bureau.people)


def test_the_administrator_ends_the_sessions_of_an_account_by_its_login(app, client, make, admin):
    other = make.user(Role.OFFICE, login="office")
    browser = app.test_client().sign_in(other)
    assert browser.get("/suggestions/new").status_code == 200
    answer = client.sign_in(admin).submit("/system", {"login": "office"}, action="/system/end-sessions")
    assert answer.status_code == 303
    assert browser.get("/suggestions/new").status_code == 302
    assert db.session.scalars(select(UserSession.user_id)).all() == [admin.id]
    assert "user:end_sessions" in db.session.scalars(select(AuditEvent.action)).all()


def test_a_login_that_nobody_has_is_told_beside_its_field(client, admin):
    answer = client.sign_in(admin).submit("/system", {"login": "nobody"}, action="/system/end-sessions")
    assert answer.status_code == 422
    assert html.parse(answer.text).find(".//input[@name='login'][@aria-invalid='true']") is not None


def test_the_office_does_not_run_the_machine(client, make):
    client.sign_in(make.user(Role.OFFICE)).page("/system", 404)
