"""The queue of the office, and those who have none."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests import html
from tests.bureau import KEY, body
from tests.queue_rows import Branch, boxes, decide, handed_in, status
from tracker.db import db
from tracker.models import AuditEvent, Role, Status
from tracker.rules.pseudonyms import member_code


@pytest.fixture
def here(make):
    return Branch(make)


def test_the_office_begins_with_what_only_it_can_verify_and_may_see_everything(client, make, here):
    client.sign_in(here.office)
    member_s, own = here.hours(), here.hours(here.keeper, by=here.secretary)
    section_s = handed_in(
        make.record(here.campaign, "task", owner=make.section(), status=Status.SUBMITTED, title="修灯"),
        here.secretary,
    )
    assert boxes(client.page("/verify")) == [f"{own.id}:1", f"{section_s.id}:1"]
    everything = client.page("/verify?all=1")
    assert set(boxes(everything)) == {f"{one.id}:1" for one in (member_s, own, section_s)}
    assert decide(client, [member_s], url="/verify?all=1").location == "/verify?all=1"
    assert status(member_s) is Status.VERIFIED


def test_the_office_sees_codes_and_finds_no_name_where_names_are_hidden(client, here):
    client.sign_in(here.office)
    here.hours()
    text = body(client.page("/verify?all=1"))
    assert "张三" not in text
    assert member_code(KEY, here.zhang.id) in text
    assert boxes(client.page("/verify?all=1&q=张三")) == []
    work = here.hours(kind="work", minutes=None, type="征文", title="初心")
    assert boxes(client.page("/verify?all=1&q=张三")) == [f"{work.id}:1"]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.MEMBER, Role.ADMINISTRATOR])
def test_who_verifies_nothing_has_no_queue(client, make, here, role):
    record = here.hours()
    client.sign_in(here.member if role is Role.MEMBER else make.user(role))
    assert client.get("/verify").status_code == 404
    fields = html.hidden_fields(client.page("/help"))
    data = {**fields, "seen": f"{record.id}:1", "act": "verify"}
    assert client.post("/verify", data=data).status_code == 404
    assert status(record) is Status.SUBMITTED


def test_a_secretary_of_another_branch_cannot_decide_by_naming_a_record(client, make, here):
    record = here.hours()
    there = Branch(make, here.campaign, "西山党支部")
    there.hours()
    client.sign_in(there.secretary)
    assert decide(client, [record]).status_code == 409
    assert status(record) is Status.SUBMITTED
    assert db.session.scalars(select(AuditEvent).where(AuditEvent.subject_type == "record")).all() == []


def test_without_a_campaign_the_page_says_so(client, make):
    client.sign_in(make.user(Role.OFFICE))
    assert client.page("/verify").find(".//form[@id='decide']") is None
