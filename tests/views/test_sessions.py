"""Signing in: who is let in, what the cookie is worth, and when it is worth nothing."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from tests import html
from tests.signing_in import PASSWORD, actions, cookie, is_in, said, sign_in, thief
from tracker import access
from tracker.clock import now
from tracker.db import db
from tracker.models import AuditEvent, Draft, KnownDevice, Role, UserSession
from tracker.rules.tokens import digest_of
from tracker.services import sessions, users
from tracker.services.users import check_password, hash_password

pytestmark = pytest.mark.usefixtures("quick_hashes")


@pytest.fixture
def office(make):
    return make.user(Role.OFFICE, login="office", password_hash=hash_password(PASSWORD))


def test_the_right_password_opens_the_start_page_and_is_noted(client, office):
    response = sign_in(client)
    assert (response.status_code, response.location) == (303, "/")
    assert is_in(client)
    assert actions() == ["user:sign_in"]


@pytest.mark.parametrize(
    ("login", "password", "branch"),
    [
        ("office", "wrong", ""),
        ("nobody", PASSWORD, ""),
        ("张三", PASSWORD, "东湖"),
        ("office", PASSWORD[:-1], ""),
    ],
)
def test_whatever_is_wrong_gets_the_same_answer_word_for_word(client, office, login, password, branch):
    reference = said(sign_in(client, "office", "certainly wrong"))
    answer = sign_in(client, login, password, branch=branch)
    assert answer.status_code == 422
    assert said(answer) == reference
    assert not is_in(client)
    assert set(actions()) == {"user:sign_in_failed"}


def test_capitals_and_width_of_a_login_do_not_matter_but_those_of_a_password_do(client, office):
    assert sign_in(client, "ＯＦＦＩＣＥ").status_code == 303
    client.submit("/help", action="/sign-out")
    assert sign_in(client, password=PASSWORD.upper()).status_code == 422


@pytest.fixture
def namesakes(make):
    """Two of one name in one branch, a third in another; each with an account."""
    east, west = make.branch("东湖党支部"), make.branch("西山党支部")
    people = [make.member(branch, name="张三") for branch in (east, east, west)]
    hashed = hash_password(PASSWORD)
    return [make.user(Role.MEMBER, member=one, login=one.number, password_hash=hashed) for one in people]


def test_a_member_signs_in_with_number_or_with_name_and_a_part_of_the_branch(client, namesakes):
    for login, branch in ((namesakes[2].login, ""), ("张三", "西山"), ("张 三", "西山党支部")):
        assert sign_in(client, login, branch=branch).status_code == 303, (login, branch)
        client.submit("/help", action="/sign-out")


@pytest.mark.parametrize("branch", ["东湖", "党支部", "", "没有的"])
def test_a_name_that_two_bear_or_without_a_branch_opens_nothing_and_tells_nothing(client, namesakes, branch):
    answer = sign_in(client, "张三", branch=branch)
    assert answer.status_code == 422
    assert said(answer) == said(sign_in(client, "nobody"))


def test_a_moved_member_signs_in_with_the_new_branch_only(client, make):
    east, west = make.branch("东湖党支部"), make.branch("西山党支部")
    moved = make.member(east, name="李四", ends_on=dt.date(2021, 7, 1))
    make.membership(moved, west, starts_on=dt.date(2021, 7, 1))
    make.user(Role.MEMBER, member=moved, password_hash=hash_password(PASSWORD))
    assert sign_in(client, "李四", branch="东湖").status_code == 422
    assert sign_in(client, "李四", branch="西山").status_code == 303


def test_unknown_accounts_and_slips_cost_a_whole_comparison(client, make, office, monkeypatch):
    seen = []

    class Counting(PasswordHasher):
        def verify(self, hashed, password):
            seen.append(hashed)
            return super().verify(hashed, password)

    slip = users.SLIP_HASHER.hash("k7mp-x2qd-9wrt")
    make.user(Role.OFFICE, login="slip", password_hash=slip)
    monkeypatch.setattr(users, "HASHER", Counting(time_cost=2, memory_cost=1024, parallelism=1))
    slow = users._nobody()
    for login in ("nobody", "office", "slip"):
        seen.clear()
        sign_in(client, login, "wrong")
        assert [hashed for hashed in seen if hashed != slip and hashed in (slow, office.password_hash)], login


def test_a_disabled_account_is_not_let_in(client, office):
    office.is_disabled = True
    assert sign_in(client).status_code == 422


def test_an_account_disabled_in_mid_session_is_out_with_the_next_request(client, office):
    sign_in(client)
    office.is_disabled = True
    assert not is_in(client)


def test_a_hash_with_weaker_parameters_is_renewed(client, office):
    office.password_hash = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    sign_in(client)
    db.session.refresh(office)
    assert "t=1" not in office.password_hash
    assert check_password(office.password_hash, PASSWORD)


# --- what the cookie is worth ---


def test_a_copied_cookie_is_worth_nothing_after_the_sign_out(app, client, office):
    sign_in(client)
    stolen = thief(app, client)
    assert is_in(stolen)
    assert client.submit("/help", action="/sign-out").location == "/sign-in"
    assert not is_in(stolen)
    assert not is_in(client)
    assert stolen.get("/suggestions/new").location.startswith("/sign-in")


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


def test_a_session_that_rests_half_an_hour_has_ended(client, office, monkeypatch):
    sign_in(client)
    at(monkeypatch, now() + dt.timedelta(minutes=29))
    assert is_in(client)
    at(monkeypatch, now() + dt.timedelta(minutes=29 + 29))
    assert is_in(client), "being seen begins the half hour anew"
    at(monkeypatch, now() + dt.timedelta(minutes=29 + 29 + 30, seconds=1))
    assert not is_in(client)


def test_a_session_ends_after_twelve_hours_however_busy_it_was(client, office, monkeypatch):
    sign_in(client)
    start = now()
    for number in range(1, 25):
        at(monkeypatch, start + dt.timedelta(minutes=29 * number))
        assert is_in(client)
    at(monkeypatch, start + dt.timedelta(hours=12, seconds=1))
    assert not is_in(client)


@pytest.mark.settings(idle_minutes=5, session_hours=1)
def test_both_limits_are_settings(client, office, monkeypatch):
    sign_in(client)
    at(monkeypatch, now() + dt.timedelta(minutes=5, seconds=1))
    assert not is_in(client)


# --- where it leads, and forged forms ---


def test_the_page_that_was_asked_for_comes_after(client, office):
    asked = client.get("/records?kind=study")
    assert asked.status_code == 302
    assert asked.location.startswith("/sign-in?next=")
    assert sign_in(client, next="/records?kind=study").location == "/records?kind=study"


FOREIGN = [
    "//evil.example", "/%09/evil.example", "/\t/evil.example", "/\\evil.example", "\\\\evil.example",
    "https://evil.example", "https:evil.example", "///evil.example", "javascript:alert(1)", "evil.example",
    "/%5Cevil.example", "http://localhost@evil.example",
]  # fmt: skip


@pytest.mark.parametrize("target", FOREIGN)
def test_nobody_is_sent_to_another_host(client, office, target):
    assert sign_in(client, next=target).location == "/"
    assert client.get("/sign-in", query_string={"next": target}).location == "/"


def test_a_sign_in_without_the_token_against_forgery_is_refused(client, office):
    response = client.post("/sign-in", data={"login": "office", "password": PASSWORD})
    assert response.status_code == 400
    assert not is_in(client)
    assert actions() == []


def test_a_token_of_another_browser_is_no_token(app, client, office):
    fields = html.hidden_fields(app.test_client().page("/sign-in"), "/sign-in")
    client.page("/sign-in")
    response = client.post("/sign-in", data={**fields, "login": "office", "password": PASSWORD})
    assert response.status_code == 400


def test_who_is_signed_in_need_not_sign_in_again(client, office):
    client.sign_in(office)
    assert client.get("/sign-in?next=/records").location == "/records"


def test_what_was_written_when_the_session_ended_is_a_draft_after_the_sign_in(client, make):
    make.campaign()
    user = make.user(Role.MEMBER, member=make.member(), login="m", password_hash=hash_password(PASSWORD))
    fields = {"writer": str(user.id), "kind": "study", "title": "写到一半"}
    kept = json.dumps({"endpoint": "jots.save", "fields": fields})
    answer = sign_in(client, "m", kept=kept, next="/somewhere/only/posted")
    (draft,) = db.session.scalars(select(Draft)).all()
    assert (draft.user_id, draft.fields["title"]) == (user.id, "写到一半")
    assert f"draft={draft.id}" in answer.location


def test_what_another_person_wrote_is_kept_for_nobody(client, office, make):
    make.campaign()
    kept = json.dumps({"endpoint": "jots.save", "fields": {"writer": "999", "kind": "study", "title": "x"}})
    assert sign_in(client, kept=kept, next="/only/posted").location == "/"
    client.submit("/help", action="/sign-out")
    assert sign_in(client, kept="no json").location == "/"
    assert db.session.scalars(select(Draft)).all() == []


def test_a_wrong_password_loses_nothing_of_what_was_written(client, office):
    answer = sign_in(client, password="wrong", kept='{"fields": {"title": "写到一半"}}')
    assert (
        html.hidden_fields(html.parse(answer.text), "/sign-in")["kept"] == '{"fields": {"title": "写到一半"}}'
    )


# --- language ---


def test_the_language_is_chosen_without_an_account_and_leads_back(client):
    response = client.submit("/help", {"language": "en"}, action="/language")
    assert response.location == "/help"
    assert client.page("/help").get("lang") == "en"


def test_an_unknown_language_changes_nothing(client):
    client.submit("/help", {"language": "xx"}, action="/language")
    assert client.page("/help").get("lang") == "zh-CN"


def test_failures_are_noted_with_ids_and_never_with_what_was_typed(client, office):
    sign_in(client, password="my secret guess")
    sign_in(client, "typed by mistake: my password")
    events = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [event.subject_id for event in events] == [office.id, None]
    assert {json.dumps(event.detail) for event in events} == {'{"stage": "password"}'}


def test_sessions_of_others_are_not_ended_by_a_guessed_id(client, make, office):
    other = make.user(Role.OFFICE)
    row = UserSession(digest="1" * 64, user_id=other.id, started_at=now(), seen_at=now())
    db.session.add(row)
    db.session.flush()
    assert not sessions.end_session(office, row.id, at=now())
    assert db.session.get(UserSession, row.id) is not None
