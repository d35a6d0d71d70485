"""What the cookie of a session is worth, and when it is worth nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests.signing_in import PASSWORD, cookie, is_in, sign_in, thief
from tracker import access
from tracker.clock import now
from tracker.db import db
from tracker.models import KnownDevice, Role, UserSession
from tracker.rules.tokens import digest_of
from tracker.services import sessions
from tracker.services.users import hash_password

pytestmark = pytest.mark.usefixtures("quick_hashes")


@pytest.fixture
def office(make):
    return make.user(Role.OFFICE, login="office", password_hash=hash_password(PASSWORD))


@pytest.mark.asvs("7.4.1", "7.2.1")
def test_a_copied_cookie_is_worth_nothing_after_the_sign_out(app, client, office):
    sign_in(client)
    stolen = thief(app, client)
    assert is_in(stolen)
    assert client.submit("/help", action="/sign-out").location == "/sign-in"
    assert not is_in(stolen)
    assert not is_in(client)
    assert stolen.get("/suggestions/new").location.startswith("/sign-in")


@pytest.mark.asvs("7.4.5")
def test_signing_out_ends_this_session_only_and_everywhere_ends_all(app, client, office):
    other, third = (app.test_client() for _ in range(2))
    for browser in (client, other, third):
        sign_in(browser)
    client.submit("/help", action="/sign-out")
    assert (is_in(other), is_in(third)) == (True, True)
    other.submit("/account", {"everywhere": "1"}, action="/sign-out")
    assert (is_in(other), is_in(third)) == (False, False)
    assert db.session.scalars(select(UserSession)).all() == []
    assert db.session.scalars(select(KnownDevice)).all() == []


@pytest.mark.asvs("7.2.4")
def test_a_session_that_was_planted_does_not_survive_the_sign_in(app, client, office, make):
    attacker = make.user(Role.MEMBER, member=make.member(), login="attacker")
    planted = app.test_client().sign_in(attacker)
    client.set_cookie("session", cookie(planted))
    client.submit("/help", action="/sign-out")
    with client.session_transaction() as session:
        session["planted"], session["language"], session["_user_id"] = "x", "en", "known to a stranger"
    before = cookie(client)
    sign_in(client)
    assert cookie(client) != before
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session["language"] == "en"
        assert session["_user_id"] != "known to a stranger"
        assert len(session["_user_id"]) >= 43


@pytest.mark.asvs("7.2.3")
def test_each_sign_in_has_a_token_of_its_own_and_only_its_digest_is_stored(app, office):
    tokens = set()
    for _ in range(3):
        browser = app.test_client()
        sign_in(browser)
        with browser.session_transaction() as session:
            tokens.add(session["_user_id"])
            assert str(office.id) != session["_user_id"]
    assert len(tokens) == 3
    stored = set(db.session.scalars(select(UserSession.digest)))
    assert stored == {digest_of(token) for token in tokens}


@pytest.mark.asvs("3.3.2", "3.3.4")
def test_both_cookies_are_out_of_reach_of_scripts_and_other_sites(client, office):
    answer = sign_in(client)
    cookies = {line.split("=", 1)[0]: line for line in answer.headers.getlist("Set-Cookie")}
    assert set(cookies) == {"session", "device"}
    for line in cookies.values():
        assert "HttpOnly" in line
        assert "SameSite=Lax" in line
        assert "Path=/" in line
        assert "Domain" not in line


def at(monkeypatch, moment):
    """Let the web side live at another moment."""
    monkeypatch.setattr(access, "now", lambda: moment)


@pytest.mark.asvs("7.3.1")
def test_a_session_that_rests_half_an_hour_has_ended(client, office, monkeypatch):
    sign_in(client)
    at(monkeypatch, now() + dt.timedelta(minutes=29))
    assert is_in(client)
    at(monkeypatch, now() + dt.timedelta(minutes=29 + 29))
    assert is_in(client), "being seen begins the half hour anew"
    at(monkeypatch, now() + dt.timedelta(minutes=29 + 29 + 30, seconds=1))
    assert not is_in(client)


@pytest.mark.asvs("7.3.2")
def test_a_session_ends_after_twelve_hours_however_busy_it_was(client, office, monkeypatch):
    sign_in(client)
    start = now()
    for number in range(1, 25):
        at(monkeypatch, start + dt.timedelta(minutes=29 * number))
        assert is_in(client)
    at(monkeypatch, start + dt.timedelta(hours=12, seconds=1))
    assert not is_in(client)


@pytest.mark.settings(idle_minutes=5, session_hours=1)
@pytest.mark.asvs("7.1.1")
def test_both_limits_are_settings(client, office, monkeypatch):
    sign_in(client)
    at(monkeypatch, now() + dt.timedelta(minutes=5, seconds=1))
    assert not is_in(client)


def test_sessions_of_others_are_not_ended_by_a_guessed_id(client, make, office):
    other = make.user(Role.OFFICE)
    row = UserSession(digest="1" * 64, user_id=other.id, started_at=now(), seen_at=now())
    db.session.add(row)
    db.session.flush()
    assert not sessions.end_session(office, row.id, at=now())
    assert db.session.get(UserSession, row.id) is not None
