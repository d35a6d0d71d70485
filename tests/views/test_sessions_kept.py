"""What goes along with a sign-in: words that were written before, and the language."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from tests import html
from tests.signing_in import PASSWORD, sign_in
from tracker.db import db
from tracker.models import Draft, Role
from tracker.services.users import hash_password

pytestmark = pytest.mark.usefixtures("quick_hashes")


@pytest.fixture
def office(make):
    return make.user(Role.OFFICE, login="office", password_hash=hash_password(PASSWORD))


def test_what_was_written_when_the_session_ended_is_a_draft_after_the_sign_in(client, make):
    make.campaign()
    user = make.user(Role.MEMBER, member=make.member(), login="m", password_hash=hash_password(PASSWORD))
    fields = {"writer": str(user.id), "kind": "study", "title": "写到一半"}
    kept = json.dumps({"endpoint": "jots.save", "fields": fields})
    answer = sign_in(client, "m", kept=kept, next="/somewhere/only/posted")
    (draft,) = db.session.scalars(select(Draft)).all()
    assert (draft.user_id, draft.fields["title"]) == (user.id, "写到一半")
    assert f"draft={draft.id}" in answer.location


def test_what_another_person_wrote_is_kept_for_nobody(client, office, make):
    make.campaign()
    kept = json.dumps({"endpoint": "jots.save", "fields": {"writer": "999", "kind": "study", "title": "x"}})
    assert sign_in(client, kept=kept, next="/only/posted").location == "/"
    client.submit("/help", action="/sign-out")
    assert sign_in(client, kept="no json").location == "/"
    assert db.session.scalars(select(Draft)).all() == []


def test_a_wrong_password_loses_nothing_of_what_was_written(client, office):
    answer = sign_in(client, password="wrong", kept='{"fields": {"title": "写到一半"}}')
    assert (
        html.hidden_fields(html.parse(answer.text), "/sign-in")["kept"] == '{"fields": {"title": "写到一半"}}'
    )


# --- language ---


def test_the_language_is_chosen_without_an_account_and_leads_back(client):
    response = client.submit("/help", {"language": "en"}, action="/language")
    assert response.location == "/help"
    assert client.page("/help").get("lang") == "en"


def test_an_unknown_language_changes_nothing(client):
    client.submit("/help", {"language": "xx"}, action="/language")
    assert client.page("/help").get("lang") == "zh-CN"
