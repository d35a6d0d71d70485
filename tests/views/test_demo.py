"""The demo bureau in the browser: loaded as long work, marked on every page, removed with typed words."""

from __future__ import annotations

import secrets

import pytest
from sqlalchemy import select

from tests import html
from tests.bureau import body
from tests.maker import NOW
from tests.world import World
from tracker.db import db
from tracker.models import Campaign, Job, Role, User
from tracker.services.demo import begin_demo, mark_demo

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture
def admin(client, make):
    user = make.user(Role.ADMINISTRATOR, login="root")
    client.sign_in(user)
    return user


@pytest.fixture
def world(make, admin):
    before = begin_demo()
    world = World(make)
    mark_demo(world.record.kind.campaign, before, by=admin, at=NOW)
    return world


def banner(root):
    return next((html.text_of(one) for one in root.iter("div") if one.get("class") == "demo"), "")


def test_an_empty_tracker_offers_it_and_loads_it_as_long_work_once(client, admin):
    assert "/demo" in {one.get("href") for one in client.page("/start").iter("a")}
    first = client.submit("/demo", action="/demo/load")
    again = client.submit("/demo", action="/demo/load")
    assert first.status_code == again.status_code == 303
    assert first.location == again.location
    assert db.session.scalars(select(Job.task)).all() == ["load_demo"]


def test_where_something_is_there_already_it_is_not_offered(client, make, admin):
    make.user(Role.OFFICE)
    assert "/demo/load" not in {one.get("action") for one in client.page("/demo").iter("form")}
    fields = html.hidden_fields(client.page("/help"))
    key = {"submission_key": secrets.token_urlsafe(24)}
    assert client.post("/demo/load", data={**fields, **key}).status_code == 422
    assert db.session.scalars(select(Job.id)).all() == []


def test_every_page_of_it_says_that_nothing_real_is_entered_here(app, client, world):
    office = app.test_client().sign_in(world_office())
    for path in ("/", "/records", "/help"):
        assert "请不要在这里登记真实情况" in banner(office.page(path)), path


def world_office():
    return next(user for user in db.session.scalars(select(User)) if user.grants[0].role is Role.OFFICE)


def test_a_bureau_of_ones_own_says_nothing_of_the_kind(client, make):
    make.campaign()
    client.sign_in(make.user(Role.OFFICE))
    assert "请不要在这里登记真实情况" not in banner(client.page("/records"))


def test_it_goes_once_the_words_were_typed(client, world, admin):
    shown = body(client.page("/demo"))
    assert "移除演示单位" in shown
    assert client.submit("/demo", {"said": "移除"}, action="/demo/remove").status_code == 422
    assert db.session.scalars(select(Campaign.id)).all()
    answer = client.submit("/demo", {"said": "移除演示单位"}, action="/demo/remove")
    assert (answer.status_code, answer.location) == (303, "/start")
    assert db.session.scalars(select(User.login)).all() == ["root"]
    assert "5步中已完成0步" in body(client.page("/start"))


def test_what_may_be_real_is_named_with_its_number_and_no_button_is_there(client, make, world):
    make.user(Role.OFFICE, login="real")
    root = client.page("/demo")
    assert "/demo/remove" not in {one.get("action") for one in root.iter("form")}
    assert "不能移除" in body(root)
    fields = html.hidden_fields(client.page("/help"))
    sent = {**fields, "submission_key": secrets.token_urlsafe(24), "said": "移除演示单位"}
    assert client.post("/demo/remove", data=sent).status_code == 422
    assert db.session.scalars(select(Campaign.id)).all()
