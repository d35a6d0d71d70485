"""Recovery codes in the browser: shown once, taken at the sign-in, counted, drawn anew."""

from __future__ import annotations

import datetime as dt

import pyotp
import pytest
from sqlalchemy import func, select

from tests import html
from tests.signing_in import PASSWORD, actions, is_in, sign_in
from tests.views.test_second_factor import KEY, SECRET, code, send
from tracker import security_events as events
from tracker.clock import now
from tracker.db import db
from tracker.models import RecoveryCode, Role
from tracker.services import second_factor
from tracker.services.recovery_codes import draw_codes
from tracker.services.users import hash_password

pytestmark = [pytest.mark.usefixtures("quick_hashes"), pytest.mark.slow]
DRAW = "/account/recovery-codes"


@pytest.fixture
def user(make):
    user = make.user(Role.OFFICE, login="office", password_hash=hash_password(PASSWORD))
    user.totp_secret = second_factor.seal_secret(SECRET, user.id, KEY)
    return user


@pytest.fixture
def codes(user):
    return draw_codes(user, KEY, at=now())


def listed(answer):
    """The codes that a page shows."""
    found = html.parse(answer.text).find(".//ol[@id='recovery-codes']")
    return [] if found is None else [html.text_of(item) for item in found.iter("li")]


def left():
    return db.session.scalar(select(func.count(RecoveryCode.id)))


def recover(client, answer, text):
    return send(client, answer, "", recovery=text)


def test_turning_the_second_step_on_shows_ten_codes_once(client, make):
    client.sign_in(make.user(Role.OFFICE, login="plain", password_hash=hash_password(PASSWORD)))
    root = client.page("/account/second-factor")
    secret = html.text_of(next(e for e in root.iter("span") if e.get("class") == "secret")).replace(" ", "")
    fields = html.hidden_fields(root, "/account/second-factor")
    data = {**fields, "code": pyotp.TOTP(secret).now(), "current": PASSWORD}
    shown = client.post("/account/second-factor", data=data)
    assert shown.status_code == 200
    assert len(listed(shown)) == 10
    assert "no-store" in shown.headers["Cache-Control"]
    again = client.post("/account/second-factor", data=data)
    assert (again.status_code, again.location) == (302, "/account"), "a second click shows nothing"
    page = client.get("/account").text
    assert not any(one in page for one in listed(shown))
    assert left() == 10
    other = client.application.test_client()
    assert recover(other, sign_in(other, "plain"), listed(shown)[0]).status_code == 303


@pytest.mark.asvs("6.5.1")
def test_a_code_signs_in_once_and_the_page_says_how_many_are_left(app, client, codes):
    done = recover(client, sign_in(client, next="/records?kind=study"), codes[0].upper())
    assert (done.status_code, done.location) == (303, "/records?kind=study")
    assert is_in(client)
    assert actions()[-2:] == ["user:use_recovery_code", "user:sign_in"]
    assert "还剩9个" in html.text_of(client.page("/account"))
    other = app.test_client()
    assert recover(other, sign_in(other), codes[0]).status_code == 422
    assert not is_in(other)


def test_a_code_of_the_device_still_opens_beside_them(client, codes):
    assert send(client, sign_in(client), code()).status_code == 303
    assert left() == 10


def test_nothing_typed_is_said_and_is_no_try(client, codes):
    for _ in range(events.TRIES + 1):
        assert send(client, sign_in(client), "").status_code == 422
    assert "user:sign_in_failed" not in actions()


@pytest.mark.asvs("6.3.1")
def test_wrong_recovery_codes_count_with_wrong_codes_of_the_device(client, codes):
    for n in range(events.TRIES):
        answer = sign_in(client)
        wrong = (
            recover(client, answer, "aaaa-aaaa-aaaa-aaaa-aaaa") if n % 2 else send(client, answer, "000000")
        )
        assert wrong.status_code == 422
    assert recover(client, sign_in(client), codes[0]).status_code == 429
    assert not is_in(client)
    assert left() == 10, "what comes after the limit uses up nothing"


def test_a_wrong_one_leaves_its_field_open_with_the_reason_beside_it(client, codes):
    root = html.parse(recover(client, sign_in(client), "aaaa-aaaa").text)
    assert root.find(".//details[@open]") is not None
    assert root.find(".//input[@name='recovery']").get("aria-invalid") == "true"


def test_without_the_password_a_recovery_code_opens_nothing(client, codes):
    fields = html.hidden_fields(client.page("/sign-in"), "/sign-in")
    answer = client.post("/sign-in/code", data={**fields, "recovery": codes[0]})
    assert answer.location.startswith("/sign-in")
    assert left() == 10


@pytest.mark.parametrize(("used", "warns"), [(0, False), (6, False), (7, True), (10, True)])
def test_three_or_fewer_left_is_a_warning(client, user, codes, used, warns):
    for row in db.session.scalars(select(RecoveryCode).limit(used)):
        db.session.delete(row)
    db.session.flush()
    root = client.sign_in(user).page("/account")
    box = next(e for e in root.iter("p") if e.get("id") == "codes-left")
    assert f"{10 - used}个" in html.text_of(box)
    assert (box.find("span[@class='st warn']") is not None) == warns


# --- drawn anew ---


def test_new_ones_want_password_and_code_and_end_the_old_ones(client, user, codes):
    client.sign_in(user)
    for wrong in (
        {"current": "wrong", "code": code()},
        {"current": PASSWORD, "code": "000000"},
        {"current": PASSWORD, "code": ""},
        {"current": "", "code": code()},
        {"current": PASSWORD, "code": codes[0]},
    ):
        answer = client.submit(DRAW, wrong, action=DRAW)
        assert (answer.status_code, listed(answer)) == (422, [])
    new = client.submit(DRAW, {"current": PASSWORD, "code": code()}, action=DRAW)
    assert new.status_code == 200
    assert len(listed(new)) == 10
    assert not set(listed(new)) & set(codes)
    other = client.application.test_client()
    assert recover(other, sign_in(other), codes[0]).status_code == 422
    assert recover(other, sign_in(other), listed(new)[0]).status_code == 303


def test_a_browser_left_open_guesses_no_code_of_the_device(client, user, codes):
    client.sign_in(user)
    data = {"current": PASSWORD, "code": "000000"}
    for _ in range(events.TRIES):
        assert client.submit(DRAW, data, action=DRAW).status_code == 422
    assert client.submit(DRAW, {**data, "code": code()}, action=DRAW).status_code == 429
    assert left() == 10


def test_a_code_of_the_device_that_was_used_draws_none(client, user, codes):
    client.sign_in(user)
    used = code()
    assert second_factor.use_code(user, used, (KEY,), at=now())
    db.session.flush()
    assert client.submit(DRAW, {"current": PASSWORD, "code": used}, action=DRAW).status_code == 422
    later = pyotp.TOTP(SECRET).at(now() + dt.timedelta(seconds=30))
    assert client.submit(DRAW, {"current": PASSWORD, "code": later}, action=DRAW).status_code == 200


def test_who_has_no_second_step_has_no_codes(client, make):
    client.sign_in(make.user(Role.OFFICE))
    assert client.get(DRAW).location == "/account"
    assert html.parse(client.get("/account").text).find(".//p[@id='codes-left']") is None
