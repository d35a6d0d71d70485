"""Device and codes lost: what the office, a second one of it and the one concerned see and can do."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from tests import html
from tests.signing_in import PASSWORD, actions, is_in, said, sign_in
from tests.views.test_second_factor import KEY, SECRET
from tracker.clock import now
from tracker.db import db
from tracker.models import FactorReset, ResetState, Role, User
from tracker.services import second_factor
from tracker.services.factor_resets import reset_at_once
from tracker.services.users import hash_password

pytestmark = [pytest.mark.usefixtures("quick_hashes"), pytest.mark.slow]


@pytest.fixture
def world(app, make):
    hashed = hash_password(PASSWORD)
    lost = make.user(Role.MEMBER, member=make.member(name="张三"), login="lost", password_hash=hashed)
    lost.totp_secret = second_factor.seal_secret(SECRET, lost.id, KEY)
    office = [make.user(Role.OFFICE, login=login, password_hash=hashed) for login in ("first", "second")]
    desks = [app.test_client().sign_in(user) for user in office]
    return SimpleNamespace(lost=lost, office=office, first=desks[0], second=desks[1])


def page(client, world):
    return client.page(f"/accounts/{world.lost.id}")


def ask(world, reason="本人来过，核对了证件"):
    url = f"/accounts/{world.lost.id}"
    return world.first.submit(url, {"reason": reason}, action=f"{url}/second-factor/reset")


def act(client, world, what):
    reset = db.session.scalars(select(FactorReset).order_by(FactorReset.id.desc())).first()
    return client.submit(f"/accounts/{world.lost.id}", {}, action=f"/factor-resets/{reset.id}/{what}")


def forms(root):
    return {form.get("action").rpartition("/")[2] for form in root.iter("form")} & {
        "reset",
        "confirm",
        "withdraw",
    }


def has_second_step():
    return db.session.scalar(select(User.totp_secret).where(User.login == "lost")) is not None


@pytest.mark.asvs("6.4.4")
def test_one_asks_and_only_another_one_confirms(app, client, world):
    assert forms(page(world.first, world)) == {"reset"}
    assert ask(world).status_code == 303
    assert forms(page(world.first, world)) == {"withdraw"}, "who asked is not offered to confirm"
    assert has_second_step()
    assert world.lost.name in html.text_of(
        next(e for e in world.second.page("/accounts/staff").iter() if e.get("id") == "resets")
    )
    assert forms(page(world.second, world)) == {"confirm", "withdraw"}
    client.sign_in(world.lost)
    assert act(world.second, world, "confirm").status_code == 303
    assert not has_second_step()
    assert not is_in(client), "all sessions of the account end"
    assert "user:confirm_factor_reset" in actions()


@pytest.mark.asvs("6.4.4")
def test_who_asked_confirms_nothing_by_an_address_of_their_own(world):
    ask(world)
    reset = db.session.scalars(select(FactorReset)).one()
    fields = html.hidden_fields(world.first.page("/help"))
    assert world.first.post(f"/factor-resets/{reset.id}/confirm", data=fields).status_code == 422
    assert has_second_step()


def test_the_one_concerned_sees_that_it_was_asked_and_is_told_at_the_next_sign_in_once(app, client, world):
    ask(world)
    client.sign_in(world.lost)
    assert "申请关闭您的两步验证" in html.text_of(client.page("/account"))
    act(world.second, world, "confirm")
    theirs = app.test_client()
    landed = sign_in(theirs, "lost")
    assert landed.status_code == 303
    assert "两步验证已被关闭" in theirs.get(landed.location, follow_redirects=True).text
    account = html.text_of(theirs.page("/account"))
    assert f"{world.office[0].name}申请" in account
    assert f"{world.office[1].name}确认" in account
    again = app.test_client()
    assert "两步验证已被关闭" not in again.get(sign_in(again, "lost").location, follow_redirects=True).text


@pytest.mark.settings(second_factor_roles=frozenset({"member"}))
def test_a_role_that_must_have_it_sets_it_up_anew(app, world):
    ask(world)
    act(world.second, world, "confirm")
    theirs = app.test_client()
    sign_in(theirs, "lost")
    assert theirs.get("/account").location == "/account/second-factor"


def test_a_request_is_withdrawn_and_what_is_gone_is_a_409(world):
    ask(world)
    reset = db.session.scalars(select(FactorReset)).one()
    fields = html.hidden_fields(world.second.page("/help"))
    assert act(world.first, world, "withdraw").status_code == 303
    for what in ("confirm", "withdraw"):
        assert world.second.post(f"/factor-resets/{reset.id}/{what}", data=fields).status_code == 409
    assert has_second_step()
    assert reset.state is ResetState.WITHDRAWN


def test_a_request_that_has_run_out_is_not_offered_and_not_obeyed(world):
    ask(world)
    reset = db.session.scalars(select(FactorReset)).one()
    reset.asked_at = now() - dt.timedelta(hours=72, minutes=1)
    db.session.flush()
    assert forms(page(world.second, world)) == {"reset"}
    fields = html.hidden_fields(world.second.page("/help"))
    assert world.second.post(f"/factor-resets/{reset.id}/confirm", data=fields).status_code == 409
    assert has_second_step()
    assert ask(world).status_code == 303


@pytest.mark.parametrize("reason", ["", "   ", "长" * 201])
def test_without_a_reason_nothing_is_asked(world, reason):
    answer = ask(world, reason)
    assert answer.status_code == 422
    assert said(answer)
    assert db.session.scalars(select(FactorReset)).all() == []


def test_a_reason_shows_as_it_was_typed(world):
    ask(world, "<script>alert(1)</script> {{7*7}}")
    assert "<script>alert(1)</script> {{7*7}}" in html.text_of(page(world.second, world))


def test_an_office_of_one_account_is_led_to_the_command_line(world):
    world.office[1].is_disabled = True
    db.session.flush()
    root = page(world.first, world)
    assert forms(root) == set()
    assert "users second-factor-off lost" in html.text_of(root)


def test_on_the_own_account_nothing_is_asked(world):
    world.office[0].totp_secret = "sealed"
    db.session.flush()
    url = f"/accounts/{world.office[0].id}"
    assert forms(world.first.page(url)) == set()
    fields = html.hidden_fields(world.first.page("/help"))
    answer = world.first.post(f"{url}/second-factor/reset", data={**fields, "reason": "丢了"})
    assert answer.status_code == 422


def test_who_has_no_second_step_has_no_such_box(world):
    assert forms(world.first.page(f"/accounts/{world.office[1].id}")) == set()


@pytest.mark.asvs("6.4.3")
def test_a_new_slip_asks_for_the_code_as_before(app, world):
    url = f"/accounts/{world.lost.id}"
    slip = world.first.submit(url, {}, action=f"{url}/slip")
    (password,) = [
        html.text_of(e) for e in html.parse(slip.text).iter("dd") if e.get("class") == "slip-password"
    ]
    theirs = app.test_client()
    assert "/sign-in/code" in sign_in(theirs, "lost", password).text
    assert not is_in(theirs)


def test_what_the_command_line_took_away_says_so(app, world):
    reset_at_once(world.lost, "只有一个账号", at=now())
    theirs = app.test_client()
    sign_in(theirs, "lost")
    assert "系统管理员关闭" in html.text_of(theirs.page("/account"))
