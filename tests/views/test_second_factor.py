"""The second step in the browser: turning it on and off, and signing in with it."""

from __future__ import annotations

import datetime as dt
import json

import pyotp
import pytest
from sqlalchemy import select

from tests import html
from tests.conftest import TODAY
from tests.signing_in import PASSWORD, actions, cookie, is_in, sign_in
from tracker import security_events as events
from tracker.clock import now
from tracker.db import db
from tracker.models import Draft, Role, User
from tracker.services import second_factor
from tracker.services.users import hash_password
from tracker.views import sessions as views

pytestmark = [pytest.mark.usefixtures("quick_hashes"), pytest.mark.slow]
KEY = "only-for-tests-" * 4
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def user(make):
    user = make.user(Role.OFFICE, login="office", password_hash=hash_password(PASSWORD))
    user.totp_secret = second_factor.seal_secret(SECRET, user.id, KEY)
    return user


def code(seconds=0):
    return pyotp.TOTP(SECRET).at(now() + dt.timedelta(seconds=seconds))


def send(client, answer, text, **more):
    """Fill in the form of the second step that a sign-in was answered with."""
    fields = html.hidden_fields(html.parse(answer.text), "/sign-in/code")
    assert fields, "the second step was asked for"
    return client.post("/sign-in/code", data={**fields, "code": text, **more})


@pytest.mark.asvs("6.3.4")
def test_a_right_password_alone_signs_nobody_in(client, user):
    answer = sign_in(client)
    assert answer.status_code == 200
    assert not is_in(client)
    assert client.get_cookie("device") is None
    assert actions() == []


def test_password_and_code_open_the_page_that_was_asked_for(client, user):
    answer = sign_in(client, next="/records?kind=study")
    done = send(client, answer, code())
    assert (done.status_code, done.location) == (303, "/records?kind=study")
    assert is_in(client)
    assert actions() == ["user:sign_in"]


@pytest.mark.settings(secret_key="of-this-week-" * 4, former_secret_keys=(KEY,))
def test_who_turned_it_on_under_a_former_key_signs_in_with_a_code_and_is_sealed_anew(client, user):
    answer = sign_in(client)
    assert send(client, answer, "000000").status_code == 422
    assert send(client, answer, code()).status_code == 303
    assert is_in(client)
    db.session.refresh(user)
    assert second_factor.open_secret(user.totp_secret, user.id, "of-this-week-" * 4) == SECRET


def test_a_wrong_password_never_leads_to_the_second_step(client, user):
    answer = sign_in(client, password="wrong")
    assert answer.status_code == 422
    assert html.parse(answer.text).find(".//input[@name='code']") is None


@pytest.mark.asvs("6.5.1")
def test_a_code_is_used_up_by_the_sign_in(app, client, user):
    text = code()
    assert send(client, sign_in(client), text).status_code == 303
    other = app.test_client()
    answer = send(other, sign_in(other), text)
    assert answer.status_code == 422
    assert not is_in(other)


def test_the_second_step_without_the_first_leads_to_the_sign_in(client, user):
    fields = html.hidden_fields(client.page("/sign-in"), "/sign-in")
    answer = client.post("/sign-in/code", data={**fields, "code": code()})
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/")
    assert client.get("/sign-in/code").location == "/sign-in"
    assert not is_in(client)


def test_after_five_minutes_the_password_is_asked_again(client, user, monkeypatch):
    answer = sign_in(client)
    later = now() + views.PENDING_FOR + dt.timedelta(seconds=1)
    monkeypatch.setattr(views, "now", lambda: later)
    done = send(client, answer, pyotp.TOTP(SECRET).at(later))
    assert (done.status_code, done.location) == (303, "/sign-in?next=/")


def test_a_password_that_changed_meanwhile_ends_the_second_step(client, user):
    answer = sign_in(client)
    user.password_hash = hash_password("another password 8")
    assert send(client, answer, code()).location.startswith("/sign-in")
    assert not is_in(client)


def test_an_account_that_was_disabled_meanwhile_ends_it_too(client, user):
    answer = sign_in(client)
    user.is_disabled = True
    assert send(client, answer, code()).location.startswith("/sign-in")
    assert not is_in(client)


@pytest.mark.asvs("6.3.1")
def test_codes_are_guessed_ten_times_an_hour_and_a_right_password_gives_none_back(client, user):
    for _ in range(events.TRIES):
        assert send(client, sign_in(client), "000000").status_code == 422
    assert send(client, sign_in(client), code()).status_code == 429
    assert not is_in(client)
    assert actions().count("user:sign_in_failed") == events.TRIES + 1


def test_a_right_code_gives_the_tries_back(app, client, user):
    for _ in range(events.TRIES - 1):
        send(client, sign_in(client), "000000")
    assert send(client, sign_in(client), code()).status_code == 303
    other = app.test_client()
    assert send(other, sign_in(other), "000000").status_code == 422


def test_what_was_written_goes_through_both_steps(client, make):
    make.campaign()
    user = make.user(Role.MEMBER, member=make.member(), login="m", password_hash=hash_password(PASSWORD))
    user.totp_secret = second_factor.seal_secret(SECRET, user.id, KEY)
    fields = {"writer": str(user.id), "kind": "study", "title": "写到一半"}
    answer = sign_in(client, "m", kept=json.dumps({"endpoint": "jots.save", "fields": fields}), next="/x")
    wrong = send(client, answer, "000000")
    done = send(client, wrong, code())
    (draft,) = db.session.scalars(select(Draft)).all()
    assert draft.fields["title"] == "写到一半"
    assert f"draft={draft.id}" in done.location


@pytest.mark.parametrize("target", ["//evil.example", "/%09/evil.example", "https://evil.example"])
def test_the_second_step_sends_nobody_to_another_host(client, user, target):
    assert send(client, sign_in(client), code(), next=target).location == "/"


def test_the_second_step_wants_the_token_against_forgery(client, user):
    sign_in(client)
    assert client.post("/sign-in/code", data={"code": code()}).status_code == 400
    assert not is_in(client)


def test_the_cookie_of_the_first_step_does_not_hold_the_secret(client, user):
    sign_in(client)
    assert SECRET not in cookie(client)


# --- one's own account ---


@pytest.fixture
def plain_user(make, client):
    user = make.user(Role.OFFICE, login="plain", password_hash=hash_password(PASSWORD))
    client.sign_in(user)
    return user


def secret_shown(root):
    return html.text_of(next(e for e in root.iter("span") if e.get("class") == "secret")).replace(" ", "")


@pytest.mark.asvs("7.5.1")
def test_it_is_turned_on_with_a_picture_a_first_code_and_the_password(client, plain_user):
    root = client.page("/account/second-factor")
    assert root.find(".//main//img").get("src").startswith("data:image/svg+xml")
    secret, fields = secret_shown(root), html.hidden_fields(root, "/account/second-factor")
    wrong = client.post("/account/second-factor", data={**fields, "code": "000000", "current": PASSWORD})
    assert wrong.status_code == 422
    again = html.parse(wrong.text)
    assert secret_shown(again) == secret, "the picture that was read already stays"
    fields = html.hidden_fields(again, "/account/second-factor")
    right = {**fields, "code": pyotp.TOTP(secret).now(), "current": PASSWORD}
    assert client.post("/account/second-factor", data={**right, "current": "wrong"}).status_code == 422
    assert db.session.scalar(select(User.totp_secret).where(User.id == plain_user.id)) is None
    done = client.post("/account/second-factor", data=right)
    assert done.status_code == 200
    assert secret not in done.text
    assert secret not in db.session.scalar(select(User.totp_secret).where(User.id == plain_user.id))
    assert "user:second_factor_on" in actions()


@pytest.mark.asvs("7.4.3")
@pytest.mark.parametrize("is_ticked", [True, False])
def test_turning_it_on_or_off_offers_to_end_the_other_sessions(app, client, plain_user, is_ticked):
    ticked = {"others": "y"} if is_ticked else {}
    other = app.test_client().sign_in(plain_user)
    root = client.page("/account/second-factor")
    assert root.find(".//input[@name='others']").get("checked") is not None
    secret, fields = secret_shown(root), html.hidden_fields(root, "/account/second-factor")
    data = {**fields, "code": pyotp.TOTP(secret).now(), "current": PASSWORD, **ticked}
    assert client.post("/account/second-factor", data=data).status_code == 200
    assert (is_in(client), is_in(other)) == (True, not is_ticked)
    other = app.test_client().sign_in(plain_user)
    off = "/account/second-factor/off"
    fields = html.hidden_fields(client.page("/account"), off)
    assert client.post(off, data={**fields, "current": PASSWORD, **ticked}).status_code == 303
    assert (is_in(client), is_in(other)) == (True, not is_ticked)


def test_a_secret_sealed_for_another_account_is_not_taken(client, plain_user, user):
    fields = html.hidden_fields(client.page("/account/second-factor"), "/account/second-factor")
    data = {**fields, "sealed": user.totp_secret, "code": code(), "current": PASSWORD}
    assert client.post("/account/second-factor", data=data).status_code == 422
    assert db.session.scalar(select(User.totp_secret).where(User.id == plain_user.id)) is None


@pytest.mark.asvs("7.5.1")
def test_it_is_turned_off_with_the_password_only(client, user):
    client.sign_in(user)
    off = "/account/second-factor/off"
    assert client.submit("/account", {"current": "wrong"}, action=off).status_code == 422
    assert client.submit("/account", {"current": ""}, action=off).status_code == 422
    assert db.session.scalar(select(User.totp_secret)) is not None
    assert client.submit("/account", {"current": PASSWORD}, action=off).status_code == 303
    assert db.session.scalar(select(User.totp_secret)) is None
    assert "user:second_factor_off" in actions()


def test_the_demo_day_has_no_part_in_codes(client, user):
    """Codes go by the real clock: the tests' business day is long past."""
    assert TODAY.year < now().year
    assert send(client, sign_in(client), code()).status_code == 303
