"""Signing in and out."""

from __future__ import annotations

import datetime as dt

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from tests import html
from tracker.db import db
from tracker.models import AuditEvent, Role, User
from tracker.rules.refusal import Refused
from tracker.security_events import LOCKED_FOR, TRIES
from tracker.services import users
from tracker.services.users import check_password, create_user, hash_password, set_password

PASSWORD = "东湖 correct horse 7"
NOW = dt.datetime(2021, 6, 26, 8, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch):
    """Hashes that cost little: a test signs in many times."""
    monkeypatch.setattr(users, "HASHER", PasswordHasher(time_cost=2, memory_cost=1024, parallelism=1))
    users._nobody.cache_clear()
    yield
    users._nobody.cache_clear()


@pytest.fixture
def office(make):
    return make.user(Role.OFFICE, login="office", password_hash=hash_password(PASSWORD))


def sign_in(client, login="office", password=PASSWORD, **fields):
    return client.submit("/sign-in", {"login": login, "password": password, **fields}, action="/sign-in")


def actions():
    return list(db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


def test_the_right_password_opens_the_start_page_and_is_noted(client, office):
    response = sign_in(client)
    assert (response.status_code, response.location) == (303, "/")
    assert client.get("/records").status_code == 200
    assert actions() == ["user:sign_in"]


@pytest.mark.parametrize(("login", "password"), [("office", "wrong"), ("nobody", PASSWORD)])
def test_wrong_and_unknown_get_the_same_answer_word_for_word(client, office, login, password):
    response = sign_in(client, login, password)
    assert response.status_code == 422
    said = html.text_of(html.parse(response.text).find(".//div[@class='summary']"))
    assert "账号" in said or "Login or password is wrong" in said
    assert "15" in said
    assert client.get("/records").status_code == 302
    assert actions() == ["user:sign_in_failed"]


def test_an_unknown_account_costs_a_whole_comparison(client, office, monkeypatch):
    seen = []

    class Counting(PasswordHasher):
        def verify(self, hashed, password):
            seen.append(hashed)
            return super().verify(hashed, password)

    monkeypatch.setattr(users, "HASHER", Counting(time_cost=2, memory_cost=1024, parallelism=1))
    sign_in(client, "nobody")
    sign_in(client, "office", "wrong")
    assert len(seen) == 2


def test_after_ten_wrong_passwords_even_the_right_one_waits(client, office):
    for _ in range(TRIES):
        assert sign_in(client, password="wrong").status_code == 422
    assert sign_in(client).status_code == 422
    db.session.refresh(office)
    assert office.locked_until > dt.datetime.now(dt.UTC) + LOCKED_FOR - dt.timedelta(minutes=1)
    assert office.failed_count == 0


def test_a_rest_that_is_over_lets_in_and_is_forgotten(client, office):
    office.locked_until, office.failed_count = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1), 3
    assert sign_in(client).status_code == 303
    db.session.refresh(office)
    assert (office.locked_until, office.failed_count) == (None, 0)


def test_a_disabled_account_is_not_let_in(client, office):
    office.is_disabled = True
    assert sign_in(client).status_code == 422


def test_what_somebody_laid_into_the_session_before_is_gone_but_the_language_stays(client, office):
    with client.session_transaction() as session:
        session["planted"], session["language"] = "x", "en"
    sign_in(client)
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session["language"] == "en"


def test_the_page_that_was_asked_for_comes_after(client, office):
    asked = client.get("/records?kind=study")
    assert asked.status_code == 302
    assert sign_in(client, next="/records?kind=study").location == "/records?kind=study"


@pytest.mark.parametrize(
    "target", ["//evil.example", "/%09/evil.example", "/\\evil.example", "https://evil.example"]
)
def test_nobody_is_sent_to_another_host(client, office, target):
    assert sign_in(client, next=target).location == "/"


def test_signing_in_without_the_token_against_forgery_is_refused(client, office, monkeypatch):
    response = client.post("/sign-in", data={"login": "office", "password": PASSWORD})
    assert response.status_code == 400


def test_signing_out_ends_every_session_of_the_account(client, app, office):
    other = app.test_client().sign_in(office)
    client.sign_in(office)
    assert client.submit("/help", action="/sign-out").location == "/sign-in"
    assert client.get("/records").status_code == 302
    assert other.get("/records").status_code == 302
    assert actions() == ["user:sign_out"]


def test_the_language_is_chosen_without_an_account_and_leads_back(client):
    response = client.submit("/help", {"language": "en"}, action="/language")
    assert response.location == "/help"
    assert client.page("/help").get("lang") == "en"


def test_an_unknown_language_changes_nothing(client):
    client.submit("/help", {"language": "xx"}, action="/language")
    assert client.page("/help").get("lang") == "zh-CN"


def test_who_is_signed_in_need_not_sign_in_again(client, office):
    client.sign_in(office)
    assert client.get("/sign-in?next=/records").location == "/records"


def test_a_hash_with_weaker_parameters_is_renewed(client, office):
    office.password_hash = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    sign_in(client)
    db.session.refresh(office)
    assert "t=1" not in office.password_hash
    assert check_password(office.password_hash, PASSWORD)


def test_a_new_account_gets_one_role_and_is_noted(make):
    branch = make.branch()
    user = create_user("zhang", "张三", Role.SECRETARY, branch, PASSWORD, by=None, at=NOW)
    assert [(grant.role, grant.unit_id) for grant in user.grants] == [(Role.SECRETARY, branch.id)]
    assert check_password(user.password_hash, PASSWORD)
    assert not check_password(user.password_hash, PASSWORD + "x")
    assert actions() == ["user:create"]


@pytest.mark.parametrize(
    ("login", "role", "password", "field"),
    [
        ("a b", Role.OFFICE, PASSWORD, "login"),
        ("", Role.OFFICE, PASSWORD, "login"),
        ("new", Role.OFFICE, "short", "password"),
        ("new", Role.SECRETARY, PASSWORD, "unit"),
        ("office", Role.OFFICE, PASSWORD, "login"),
    ],
)
def test_an_account_that_makes_no_sense_is_refused(office, login, role, password, field):
    with pytest.raises(Refused) as refusal:
        create_user(login, "某人", role, None, password, by=None, at=NOW)
    assert refusal.value.field == field


def test_a_new_password_ends_sessions_and_rest(client, office):
    client.sign_in(office)
    office.locked_until = dt.datetime.now(dt.UTC) + LOCKED_FOR
    set_password(office, "another password 8", by=None, at=NOW)
    assert client.get("/records").status_code == 302
    assert sign_in(client, password="another password 8").status_code == 303
    assert db.session.scalar(select(User.locked_until).where(User.id == office.id)) is None
