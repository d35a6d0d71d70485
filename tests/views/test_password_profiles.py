"""The two profiles of passwords, and roles that must use the second step."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests import html
from tests.bureau import body
from tests.signing_in import PASSWORD, sign_in
from tracker.clock import now
from tracker.db import db
from tracker.models import Role, User
from tracker.services import second_factor
from tracker.services.users import hash_password

pytestmark = [pytest.mark.usefixtures("quick_hashes"), pytest.mark.slow]
KEY = "only-for-tests-" * 4
WATCHERS = [(Role.AUDITOR, "/audit/access"), (Role.ADMINISTRATOR, "/system")]
dengbao = pytest.mark.settings(profile="dengbao", idle_minutes=30)


@pytest.fixture
def office(make):
    user = make.user(Role.OFFICE, login="office", password_hash=hash_password(PASSWORD))
    user.password_at = now()
    return user


def change(client, new, current=PASSWORD):
    data = {"current": current, "password": new, "again": new}
    return client.submit("/account/password", data, action="/account/password")


def nth(number):
    return f"Willow by the lake {number}"


@dengbao
@pytest.mark.asvs("6.2.3")
def test_none_of_the_last_five_passwords_comes_again(client, office):
    sign_in(client)
    current = PASSWORD
    for number in range(1, 7):
        assert change(client, nth(number), current).status_code == 303
        current = nth(number)
    for number in range(1, 7):
        assert change(client, nth(number), current).status_code == 422, number
    assert change(client, nth(7), current).status_code == 303
    assert change(client, nth(1), nth(7)).status_code == 303, "it is the sixth before"


def test_in_the_default_profile_an_old_password_may_come_again(client, office):
    sign_in(client)
    assert change(client, nth(1)).status_code == 303
    assert change(client, nth(2), nth(1)).status_code == 303
    assert change(client, nth(1), nth(2)).status_code == 303


@dengbao
def test_after_ninety_days_every_page_leads_to_the_change(client, office):
    sign_in(client)
    assert client.get("/account").status_code == 200
    office.password_at = now() - dt.timedelta(days=90)
    assert client.get("/account").location == "/account/password"
    assert "90" in body(client.page("/account/password"))
    assert client.get("/help").status_code == 200
    assert change(client, nth(1)).status_code == 303
    assert client.get("/account").status_code == 200


@pytest.mark.asvs("6.2.10")
def test_in_the_default_profile_no_password_runs_out(client, office):
    office.password_at = now() - dt.timedelta(days=4000)
    sign_in(client)
    assert client.get("/account").status_code == 200


@dengbao
def test_five_wrong_passwords_let_the_account_rest_for_half_an_hour(client, office):
    answers = [sign_in(client, "office", "wrong") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert "30分钟" in answers[-1].text


@pytest.mark.asvs("6.2.11")
def test_the_names_of_ones_units_are_no_password(client, make):
    branch = make.branch("东湖党支部")
    member = make.member(branch, name="张三", number="M0042")
    make.user(Role.MEMBER, login="zhang", password_hash=hash_password(PASSWORD), member=member)
    sign_in(client, "zhang")
    assert change(client, "我们东湖党支部有四十二人").status_code == 422
    assert change(client, "我们的支部有四十二个好人").status_code == 303


@pytest.mark.asvs("6.2.11")
def test_nor_are_those_of_other_branches_and_of_the_bureau(client, office, make):
    make.branch("东湖党支部")
    sign_in(client)
    for new in ("东湖党支部202107", "donghu20210701"):
        assert change(client, new).status_code == 422, new
    assert change(client, "在东湖边上读了一下午的书").status_code == 303


@pytest.mark.asvs("6.2.8", "6.2.9")
@pytest.mark.parametrize("length", [64, 128])
def test_a_long_password_signs_in_whole_and_not_without_its_end(app, client, office, length):
    long = ("柳树 by the lake " * 20)[: length - 1] + "x"
    sign_in(client)
    assert change(client, long).status_code == 303
    for wrong in (long[:-1], long[:-1] + "X", long[:-1] + "y", long[: length - 56], f"{long} ", f" {long}"):
        assert sign_in(app.test_client(), "office", wrong).status_code == 422
    assert sign_in(app.test_client(), "office", long).status_code == 303


@pytest.mark.asvs("6.2.12")
def test_a_stolen_password_is_refused_on_the_page(client, office):
    sign_in(client)
    answer = change(client, "chocolate1")
    assert answer.status_code == 422
    assert "名单" in answer.text


@pytest.mark.asvs("6.3.3")
@pytest.mark.settings(second_factor_roles=frozenset({"office"}))
def test_a_role_that_must_use_the_second_step_gets_no_further_without_it(client, office, make):
    sign_in(client)
    assert client.get("/records").location == "/account/second-factor"
    assert client.get("/account/second-factor").status_code == 200
    office.totp_secret = second_factor.seal_secret("JBSWY3DPEHPK3PXP", office.id, KEY)
    assert client.get("/records").status_code == 200
    other = make.user(Role.AUDITOR)
    assert client.sign_in(other).get("/records").status_code == 200


@pytest.mark.asvs("6.1.1", "7.1.1")
@pytest.mark.parametrize(("role", "address"), WATCHERS)
def test_the_profile_is_shown_to_the_auditor_and_to_who_runs_the_machine(client, make, role, address):
    root = client.sign_in(make.user(role)).page(address)
    shown = html.text_of(root.find(".//*[@id='password-rules']"))
    assert "通用" in shown
    assert "10" in shown


@dengbao
def test_the_other_profile_is_shown_with_its_figures(client, make):
    user = make.user(Role.AUDITOR)
    user.password_at = now()
    shown = html.text_of(client.sign_in(user).page("/audit/access").find(".//*[@id='password-rules']"))
    for figure in ("等保", "90", "5", "30"):
        assert figure in shown


@pytest.mark.asvs("6.3.2")
def test_a_fresh_database_has_no_account(session):
    assert db.session.scalars(select(User.id)).all() == []


@pytest.mark.asvs("14.3.1")
def test_signing_out_has_the_browser_forget_what_it_kept(client, office):
    sign_in(client)
    answer = client.submit("/account", action="/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
