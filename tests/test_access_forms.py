"""What is refused at the door: a page that is not theirs, a form without its key or its token."""

from __future__ import annotations

from sqlalchemy import func, select

from tests import html
from tracker.db import db
from tracker.models import AuditEvent, Role


def test_a_refused_page_is_noted_and_changes_nothing(client, make):
    client.sign_in(make.user(Role.SECRETARY, make.branch()))
    assert client.get("/imports").status_code == 404
    denied = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "access:denied")).all()
    assert [event.detail for event in denied] == [{"endpoint": "batches.index"}]


def test_a_form_without_its_key_is_not_taken(client, make):
    client.sign_in(make.office)
    fields = html.hidden_fields(client.page("/suggestions/new"), "/suggestions/new")
    before = db.session.scalar(select(func.count()).select_from(AuditEvent))
    answer = client.post("/suggestions/new", data={"csrf_token": fields["csrf_token"], "text": "少一列"})
    assert answer.status_code == 400
    assert db.session.scalar(select(func.count()).select_from(AuditEvent)) == before


def test_a_form_without_the_token_against_forgery_is_not_taken(client, make):
    client.sign_in(make.office)
    fields = html.hidden_fields(client.page("/suggestions/new"), "/suggestions/new")
    answer = client.post(
        "/suggestions/new", data={"submission_key": fields["submission_key"], "text": "少一列"}
    )
    assert answer.status_code == 400
