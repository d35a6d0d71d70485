"""What every form and every cookie is held to: tokens, hosts, what a sign-out takes along."""

from __future__ import annotations

import secrets
from dataclasses import replace

import pytest
from flask import request

from tests import html
from tests.canary_walk import contents, quick
from tests.conftest import close_app, config_for, make_app
from tests.maker import Maker
from tests.signing_in import PASSWORD
from tests.world import World, address_of, rules
from tracker.db import db
from tracker.models import Role
from tracker.services.users import hash_password

pytestmark = pytest.mark.slow


@pytest.fixture
def in_use(fresh_url, tmp_path):
    """An installation in use, behind TLS."""
    app = make_app(replace(config_for(fresh_url, tmp_path), environment="production"))
    with app.app_context():
        Maker().user(Role.OFFICE, login="office", password_hash=hash_password(PASSWORD))
        db.session.commit()
    yield app
    close_app(app)


def test_every_cookie_of_an_installation_in_use_is_bound_to_host_and_tls(in_use):
    client, where = (
        in_use.test_client(),
        {"base_url": "https://localhost", "headers": {"Referer": "https://localhost/"}},
    )
    lines = []

    def send(address, **fields):
        page = html.parse(client.get("/sign-in" if address == "/sign-in" else "/help", **where).text)
        answer = client.post(address, data={**html.hidden_fields(page, address), **fields}, **where)
        lines.extend(answer.headers.getlist("Set-Cookie"))
        return answer

    first = client.get("/sign-in", **where)
    lines.extend(first.headers.getlist("Set-Cookie"))
    for choice in ({"theme": "dark"}, {"text": "large"}, {"keys": "off"}, {"theme": "device"}):
        assert send("/looks", **choice).status_code == 303
    answer = send("/sign-in", login="office", password=PASSWORD)
    assert answer.status_code == 303
    page = client.get("/records", **where)
    assert page.status_code == 200
    names = {line.split("=", 1)[0] for line in lines}
    assert names == {"__Host-session", "__Host-device", "__Host-theme", "__Host-text", "__Host-keys"}
    for line in lines:
        parts = set(line.split("; "))
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= parts, line
        assert not any(part.startswith("Domain") for part in parts), line
    token = client.get_cookie("__Host-session").value
    assert token not in page.text
    assert 'data-theme="dark"' not in page.text, "the device's choice was taken back"


def test_no_address_that_writes_is_obeyed_without_the_token_against_forgery(app, make):
    world = World(make)
    client = quick(app).sign_in(make.user(Role.OFFICE))
    before = contents()
    for rule in rules(app):
        key = secrets.token_urlsafe(24)  # else it would be refused for want of this one
        data = {"why": "不对", "text": "一句话", "submission_key": key}
        if "POST" in rule.methods:
            answer = client.post(address_of(app, rule, world.values), data=data)
            assert answer.status_code in (400, 404), (rule.endpoint, answer.status_code)
    assert contents() == before


def test_a_sign_out_lets_the_browser_throw_away_what_it_kept(client, make):
    client.sign_in(make.user(Role.OFFICE))
    answer = client.submit("/help", action="/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_a_browser_says_of_proxies_is_not_believed_where_none_is_trusted(client):
    claimed = {
        "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example", "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Prefix": "/evil", "X-Real-IP": "203.0.113.9",
        "Forwarded": "host=evil.example;proto=https",
    }  # fmt: skip
    answer = client.get("/sign-in", headers=claimed)
    assert answer.status_code == 200
    assert "Strict-Transport-Security" not in answer.headers, "the request came over plain HTTP"
    assert "evil" not in answer.text
    assert "evil" not in client.get("/", headers=claimed).location


def test_of_one_trusted_proxy_only_the_two_headers_that_it_sets_are_believed(fresh_url, tmp_path):
    app = make_app(replace(config_for(fresh_url, tmp_path), trusted_proxies=1))
    seen = []

    def note():
        seen.append((request.remote_addr, request.scheme, request.host, request.root_path))

    app.before_request(note)
    claimed = {
        "X-Forwarded-For": "203.0.113.9, 192.0.2.7", "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example", "X-Forwarded-Port": "99", "X-Forwarded-Prefix": "/evil",
        "X-Real-IP": "203.0.113.9", "Forwarded": "for=203.0.113.9;host=evil.example",
    }  # fmt: skip
    app.test_client().get("/sign-in", headers=claimed)
    close_app(app)
    assert seen == [("192.0.2.7", "https", "localhost", "")], "the last address, which the proxy wrote"


def test_a_parameter_that_is_given_twice_is_the_first_one(client, make):
    client.sign_in(make.user(Role.OFFICE))
    said = html.parse(client.get("/search?q=first&q=second").text)
    assert "second" not in [box.get("value") for box in said.findall(".//input[@name='q']")]


def test_the_cookie_of_a_session_is_signed_with_256_bits_and_any_other_is_none(app, client, make):
    client.sign_in(make.user(Role.OFFICE))
    cookie = client.get_cookie("session").value
    assert len(cookie.rsplit(".", 1)[1]) == 43, "32 bytes in base64"
    content, moment, tag = cookie.rsplit(".", 2)
    for other in (
        f"{content}.{moment}.{tag[:-4]}AAAA",
        f"{content[:-2]}AA.{moment}.{tag}",
        f"{content}..",
        "x",
    ):
        thief = app.test_client()
        thief.set_cookie("session", other)
        assert thief.get("/suggestions/new").status_code == 302


def test_a_token_that_was_signed_for_another_purpose_is_none(app, client, make):
    client.sign_in(make.user(Role.OFFICE))
    fields = html.hidden_fields(client.page("/suggestions/new"), "/suggestions/new")
    cookie = client.get_cookie("session").value
    thief = app.test_client()
    thief.set_cookie("session", fields["csrf_token"])
    assert thief.get("/suggestions/new").status_code == 302
    sent = {**fields, "csrf_token": cookie, "text": "少一列"}
    assert client.post("/suggestions/new", data=sent).status_code == 400


def test_an_error_while_it_is_asked_who_may_refuses(app, client, make, monkeypatch):
    client.sign_in(make.user(Role.OFFICE))

    def broken(*_args, **_kwargs):
        raise RuntimeError("the question cannot be answered")

    monkeypatch.setattr("tracker.access.may", broken)
    app.testing, app.config["PROPAGATE_EXCEPTIONS"] = False, False
    try:
        answer = client.get("/records")
    finally:
        app.testing, app.config["PROPAGATE_EXCEPTIONS"] = True, None
    assert answer.status_code == 500
    assert "the question" not in answer.text
    assert "Traceback" not in answer.text
