"""A note that a page's script sends, at once or later: taken once, and under no other account."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from tests import html
from tests.conftest import TODAY
from tracker.db import db
from tracker.models import AuditEvent, Participation, Record, Role, Status

pytestmark = pytest.mark.slow


@pytest.fixture
def here(client, zhang):
    return client.sign_in(zhang)


def fields_of(client, **typed):
    """What the short form of a page that is open sends, with what is typed into it."""
    form = client.page("/jot?kind=study").find(".//form[@data-jot]")
    return (
        html.hidden_fields(form) | {"day": TODAY.isoformat(), "duration": "60", "source": "学习强国"} | typed
    )


def send(client, fields):
    return client.post("/jot/kept", data=fields)


def entered():
    return list(db.session.scalars(select(Record).where(Record.batch_id.is_(None))))


def test_a_note_is_recorded_as_the_form_records_it(here, bureau):
    answer = send(here, fields_of(here, source="学习强国"))
    assert (answer.status_code, answer.json) == (200, {"location": "/me"})
    (record,) = entered()
    assert (record.status, record.minutes, record.happened_on) == (Status.SUBMITTED, 60, TODAY)
    assert record.member_id == bureau.people[0].id
    actions = db.session.scalars(select(AuditEvent.action).where(AuditEvent.subject_id == record.id)).all()
    assert "record:enter" in actions
    assert "已记下" in html.text_of(here.page("/me"))


def test_a_note_that_is_sent_again_because_its_answer_was_lost_is_recorded_once(here):
    fields = fields_of(here)
    send(here, fields)
    for _ in range(2):
        answer = send(here, fields)
        assert (answer.status_code, answer.location) == (302, "/me")
    assert len(entered()) == 1
    assert (
        db.session.scalar(select(func.count(Participation.id)).join(Record).where(Record.batch_id.is_(None)))
        == 1
    )


def test_another_content_under_the_same_key_is_not_taken(here):
    fields = fields_of(here)
    send(here, fields)
    assert send(here, fields | {"duration": "90"}).status_code == 409
    assert [record.minutes for record in entered()] == [60]


def test_a_note_is_never_sent_under_another_account(client, bureau, make, zhang):
    fields = fields_of(client.sign_in(zhang))
    other = make.user(Role.MEMBER, member=bureau.people[1])
    client.sign_in(other)
    token = html.hidden_fields(client.page("/jot").find(".//form[@data-jot]"))["csrf_token"]
    answer = send(client, fields | {"csrf_token": token})
    assert (answer.status_code, answer.json) == (409, {"state": "writer"})
    assert entered() == []


def test_what_the_rules_refuse_comes_back_as_a_sentence_and_may_be_mended_under_its_key(here):
    fields = fields_of(here, minutes="30小时")
    answer = send(here, fields)
    assert answer.status_code == 422
    assert "上限" in answer.json["error"]
    assert entered() == []
    assert send(here, fields | {"minutes": "1小时"}).status_code == 200
    assert len(entered()) == 1


def test_a_note_of_a_day_to_come_or_before_the_campaign_is_refused(here):
    for day in ("2030-01-01", "2010-01-01", "2021-02-30"):
        assert send(here, fields_of(here, happened_on=day)).status_code == 422
    assert entered() == []


def test_who_is_signed_out_meanwhile_is_sent_to_sign_in_and_nothing_is_written(here):
    fields = fields_of(here)
    here.delete_cookie("session")
    answer = send(here, fields)
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in")
    assert entered() == []


def test_a_kind_that_is_not_there_is_not_found(here):
    assert send(here, fields_of(here) | {"kind": "nothing"}).status_code == 404
