"""The office's page of screens: links opened, shown once, revoked; and the preview."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from tests import html
from tests.bureau import body
from tests.screens import SCREEN_TOKEN, a_screen
from tracker.db import db
from tracker.models import Role, ScreenLink

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

WALL = f"/screen/{SCREEN_TOKEN}"


@pytest.fixture
def link(bureau, make):
    return a_screen(bureau.campaign, make.office)


@pytest.fixture
def wall(app):
    """A browser in which nobody is signed in."""
    return app.test_client()


def test_the_office_opens_a_link_and_sees_its_address_once(client, wall, bureau, make):
    client.sign_in(make.office)
    assert "还没有大屏" in body(client.page("/screens"))
    answer = client.submit("/screens", {"label": "三楼会议室", "theme": "light"}, action="/screens")
    assert answer.status_code == 200
    address = re.search(r"http://localhost(/screen/[A-Za-z0-9_-]{43}\?theme=light)", answer.text)[1]
    assert 'src="data:image/svg+xml' in answer.text
    assert wall.get(address).status_code == 200
    said = client.get("/screens").text
    assert address.removeprefix("/screen/")[:43] not in said
    assert "三楼会议室" in said
    assert "从未" not in body(client.page("/screens")), "it has asked"


def test_a_second_click_opens_no_second_link_and_shows_no_address(client, bureau, make):
    client.sign_in(make.office)
    fields = {**html.hidden_fields(client.page("/screens"), "/screens"), "label": "三楼", "theme": "dark"}
    assert client.post("/screens", data=fields).status_code == 200
    again = client.post("/screens", data=fields)
    assert (again.status_code, again.location) == (302, "/screens")
    assert len(db.session.scalars(select(ScreenLink)).all()) == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [({"label": ""}, "大屏挂在哪里"), ({"label": "长" * 41}, "最多"),
     ({"expires_on": "2021-07-30"}, "已经过去"), ({"expires_on": "明天"}, "不是日期")],
)  # fmt: skip
def test_what_will_not_do_comes_back(client, bureau, make, fields, sentence):
    client.sign_in(make.office)
    answer = client.submit("/screens", {"label": "三楼", **fields}, action="/screens")
    assert answer.status_code == 422
    assert sentence in html.text_of(html.parse(answer.text).find(".//main"))
    assert db.session.scalars(select(ScreenLink)).all() == []


def test_a_revoked_link_shows_nothing_from_the_next_refresh_on(client, wall, link, make):
    assert wall.get(f"{WALL}/now").status_code == 200
    client.sign_in(make.office)
    url = f"/screens/{link.id}/revoke"
    fields = html.hidden_fields(client.page("/screens"), url)
    assert client.post(url, data=fields).status_code == 303
    assert wall.get(f"{WALL}/now").status_code == 404
    assert "已停用" in body(client.page("/screens"))
    assert client.post(url, data={**fields, "submission_key": "k" * 32}).status_code == 409


def test_the_auditor_sees_the_list_and_opens_and_revokes_nothing(client, link, make):
    client.sign_in(make.user(Role.AUDITOR))
    page = client.page("/screens")
    assert "三楼会议室" in body(page)
    assert f"/screens/{link.id}/revoke" not in {one.get("action") for one in page.iter("form")}
    fields = html.hidden_fields(client.page("/help"))
    assert client.post("/screens", data={**fields, "label": "x"}).status_code == 404
    assert client.post(f"/screens/{link.id}/revoke", data=fields).status_code == 404


def test_the_preview_needs_no_link_and_looks_the_same(client, link, bureau, make):
    client.sign_in(make.office)
    for address in ("/screens/preview", "/screens/preview/now"):
        assert client.get(address).text.count('<section class="tile') == 7
    client.sign_in(make.user(Role.SECRETARY, bureau.one))
    assert client.get("/screens/preview").status_code == 404


def test_without_a_campaign_the_page_says_so(client, make):
    client.sign_in(make.office)
    assert "还没有" in body(client.page("/screens"))
    assert "还没有行动计划" in html.text_of(client.page("/screens/preview"))
