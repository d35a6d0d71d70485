"""Bulletins that take long, and words whose writer had to sign in again."""

from __future__ import annotations

import json

import pytest
from flask import current_app

from tests import html
from tests.bulletins import CAMPAIGN, begin
from tests.maker import NOW
from tracker.db import db
from tracker.models import Bulletin, Job, Role, Status, UserSession
from tracker.views.drafts import keep_after_sign_in

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture
def draft(make):
    """A draft of a campaign with one member."""
    campaign = make.campaign(CAMPAIGN)
    make.person = make.member(make.branch("南湖党支部"), name="张三")
    found = begin(campaign, make.office)
    db.session.commit()
    return found


def test_an_issue_with_many_rows_is_long_work_with_a_page_of_its_own(client, draft, make, monkeypatch):
    monkeypatch.setattr("tracker.queries.bulletin_size.MANY", 0)
    make.record(draft.campaign, member=make.person, minutes=60, status=Status.VERIFIED)
    client.sign_in(make.office)
    url = f"/bulletins/{draft.id}/issue"
    page = client.page(url)
    assert "几分钟" in html.text_of(page)
    answer = client.post(url, data={**html.hidden_fields(page, url), "issued_on": "2021-07-01"})
    job = db.session.query(Job).one()
    assert (answer.status_code, answer.location) == (303, f"/jobs/{job.id}")
    assert job.arguments == {"bulletin_id": draft.id, "version": 1, "issued_on": "2021-07-01"}
    assert "简报定稿" in html.text_of(client.page(answer.location))


def test_words_outlive_an_expired_session(client, draft, make):
    client.sign_in(make.office)
    url = f"/bulletins/{draft.id}/edit"
    fields = {**html.hidden_fields(client.page(url), url), "title": "没存上", "as_of": "2021-06-26"}
    kept = json.dumps({"endpoint": "bulletins.edit", "fields": {**fields, "text": "没存上的字"}})
    assert keep(make.office, kept, NOW) == f"/bulletins/{draft.id}"
    assert (draft.title, draft.text, draft.version) == ("没存上", "没存上的字", 2)
    later = keep(make.office, kept, NOW)  # it is not what the writer saw any more: a draft of its own
    assert later not in (None, f"/bulletins/{draft.id}")
    assert db.session.query(Bulletin).count() == 2
    assert keep(make.user(Role.OFFICE), kept, NOW) is None
    assert keep(make.user(Role.AUDITOR), kept.replace(f'"{make.office.id}"', '"0"'), NOW) is None


def test_an_expired_session_sends_the_words_through_the_sign_in(client, draft, make):
    client.sign_in(make.office)
    url = f"/bulletins/{draft.id}/edit"
    fields = html.hidden_fields(client.page(url), url)
    db.session.query(UserSession).delete()
    db.session.commit()
    answer = client.post(url, data={**fields, "title": "没存上", "text": "没存上的字", "as_of": "2021-06-26"})
    kept = html.hidden_fields(html.parse(answer.text), "/sign-in")["kept"]
    assert json.loads(kept)["fields"]["text"] == "没存上的字"


def keep(user, kept, at):
    with current_app.test_request_context():
        return keep_after_sign_in(user, kept, at)
