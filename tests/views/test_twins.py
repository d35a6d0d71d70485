"""What may be entered twice is pointed out on the record's page to those who enter and verify it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests import html
from tests.bureau import body
from tests.services.test_twins import Place
from tracker.db import db
from tracker.models import Role, ToldApart

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

SAID = "可能重复登记"


@pytest.fixture
def place(make):
    return Place(make)


def send(client, record, twin, why):
    page = f"/records/{record.id}"
    return client.submit(page, {"why": why, "twin": twin.id}, action=f"{page}/twins")


def test_the_head_of_the_section_is_told_without_seeing_the_branch_s_record(client, place):
    client.sign_in(place.head)
    root = client.page(f"/records/{place.of_section.id}")
    assert SAID in body(root)
    assert f"/records/{place.of_branch.id}" not in [a.get("href") for a in root.iter("a")]
    assert place.of_branch.title not in body(root)


def test_whoever_verifies_sees_both_and_tells_them_apart_with_a_reason(client, place, make):
    client.sign_in(make.office)
    root = client.page(f"/records/{place.of_branch.id}")
    assert f"/records/{place.of_section.id}" in [a.get("href") for a in root.iter("a")]
    assert send(client, place.of_branch, place.of_section, "").status_code == 422
    assert send(client, place.of_branch, place.of_section, "两个门").status_code == 303
    assert "两个门" in body(client.page(f"/records/{place.of_section.id}"))
    fields = html.hidden_fields(client.page("/help"))
    url = f"/records/{place.of_branch.id}/twins"
    assert client.post(url, data={**fields, "why": "再来", "twin": place.of_section.id}).status_code == 422
    assert len(db.session.scalars(select(ToldApart)).all()) == 1


def test_readers_alone_and_other_branches_are_not_told(client, place, make):
    client.sign_in(make.user(Role.AUDITOR))
    assert SAID not in body(client.page(f"/records/{place.of_branch.id}"))
    url = f"/records/{place.of_branch.id}/twins"
    for who in (make.user(Role.SECRETARY, place.two), make.user(Role.AUDITOR)):
        client.sign_in(who)
        fields = html.hidden_fields(client.page("/help"))
        assert (
            client.post(url, data={**fields, "why": "不是", "twin": place.of_section.id}).status_code == 404
        )
