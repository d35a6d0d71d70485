"""Signing in: who is let in, what the cookie is worth, and when it is worth nothing."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from tests import html
from tests.signing_in import PASSWORD, actions, is_in, said, sign_in
from tracker.db import db
from tracker.models import AuditEvent, Role
from tracker.services import users
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
@pytest.mark.asvs("6.3.1")
def test_whatever_is_wrong_gets_the_same_answer_word_for_word(client, office, login, password, branch):
    reference = said(sign_in(client, "office", "certainly wrong"))
    answer = sign_in(client, login, password, branch=branch)
    assert answer.status_code == 422
    assert said(answer) == reference
    assert not is_in(client)
    assert set(actions()) == {"user:sign_in_failed"}


@pytest.mark.asvs("6.2.8")
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


@pytest.mark.asvs("7.4.2")
def test_an_account_disabled_in_mid_session_is_out_with_the_next_request(client, office):
    sign_in(client)
    office.is_disabled = True
    assert not is_in(client)


@pytest.mark.asvs("11.4.2")
def test_a_hash_with_weaker_parameters_is_renewed(client, office):
    office.password_hash = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    sign_in(client)
    db.session.refresh(office)
    assert "t=1" not in office.password_hash
    assert check_password(office.password_hash, PASSWORD)


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
@pytest.mark.asvs("3.7.2")
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


def test_failures_are_noted_with_ids_and_never_with_what_was_typed(client, office):
    sign_in(client, password="my secret guess")
    sign_in(client, "typed by mistake: my password")
    events = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [event.subject_id for event in events] == [office.id, None]
    assert {json.dumps(event.detail) for event in events} == {'{"stage": "password"}'}
