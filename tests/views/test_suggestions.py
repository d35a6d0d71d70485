"""Suggestions on how to lift a burden, and the help page."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from tests import html
from tracker.db import db
from tracker.models import AuditEvent, Role, Suggestion


@pytest.fixture
def secretary(client, make):
    return client.sign_in(make.user(Role.SECRETARY, make.branch()))


def send(client, text, **fields):
    return client.submit("/suggestions/new", {"text": text, **fields}, action="/suggestions/new")


def test_everybody_signed_in_may_suggest_and_it_is_noted(secretary):
    assert send(secretary, "台账少填一列").status_code == 303
    row = db.session.scalars(select(Suggestion)).one()
    assert row.text == "台账少填一列"
    assert db.session.scalars(select(AuditEvent.action)).all() == ["suggestion:add"]


def test_the_page_before_is_kept_without_its_query(secretary):
    root = html.parse(
        secretary.get("/suggestions/new", headers={"Referer": "http://localhost/records?q=张三"}).text
    )
    assert html.hidden_fields(root, "/suggestions/new")["page"] == "/records"
    away = html.parse(secretary.get("/suggestions/new", headers={"Referer": "http://evil.example/x"}).text)
    assert html.hidden_fields(away, "/suggestions/new")["page"] == ""


@pytest.mark.parametrize("text", ["", "   ", "长" * 2001])
def test_nothing_and_too_much_are_refused_beside_the_field(secretary, text):
    response = send(secretary, text)
    assert response.status_code == 422
    root = html.parse(response.text)
    assert root.find(".//p[@class='error']") is not None
    assert root.find(".//title").text.startswith("有误："), "a screen reader says it first"
    assert not secretary.page("/suggestions/new").find(".//title").text.startswith("有误")
    assert db.session.scalar(select(func.count()).select_from(Suggestion)) == 0


def test_a_suggestion_sent_twice_is_kept_once(secretary):
    fields = html.hidden_fields(secretary.page("/suggestions/new"), "/suggestions/new")
    for _ in range(2):
        assert secretary.post("/suggestions/new", data={**fields, "text": "少一列"}).status_code in (302, 303)
    assert db.session.scalar(select(func.count()).select_from(Suggestion)) == 1


def test_the_office_reads_them_and_a_secretary_does_not(secretary, app, make):
    send(secretary, "<script>alert(1)</script>少一张表")
    office = app.test_client().sign_in(make.user(Role.OFFICE))
    page = office.page("/suggestions")
    assert "少一张表" in html.text_of(page)
    assert "<script>alert(1)" not in office.get("/suggestions").text
    assert secretary.get("/suggestions").status_code == 404


def test_the_list_says_so_while_it_is_empty(client, make):
    client.sign_in(make.user(Role.OFFICE))
    assert client.page("/suggestions").find(".//table") is None


def test_help_is_there_for_everybody_with_and_without_a_campaign(client, make):
    assert client.page("/help") is not None
    campaign = make.campaign()
    client.sign_in(make.user(Role.OFFICE))
    assert campaign.name in client.get("/help").text
