"""The pages of a session's agenda and resolutions: who writes, what is told, what stays open."""

from __future__ import annotations

import pytest

from tests import html
from tests.bureau import body
from tracker.db import db
from tracker.models import Resolution, Role

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture
def secretary(bureau, make):
    return make.user(Role.SECRETARY, bureau.one)


@pytest.fixture
def record(bureau, make):
    return make.record(
        bureau.campaign, "activity", owner=bureau.one, people=bureau.people[:1], type="主题党日", title="党日"
    )


def send(client, record, url, **fields):
    """Send one of the two forms of the page."""
    page = f"/records/{record.id}/agenda"
    return client.post(url, data={**html.hidden_fields(client.page(page), url), **fields})


def resolve(client, bureau, record, **fields):
    row = {"text": "修路灯", "owner": f"unit:{bureau.one.id}", "due_on": "2021-07-01", **fields}
    return send(client, record, f"/records/{record.id}/resolutions", **row)


def test_a_secretary_writes_the_agenda_and_whoever_sees_the_record_reads_it(client, secretary, zhang, record):
    client.sign_in(secretary)
    url = f"/records/{record.id}/agenda"
    assert send(client, record, url, text="传达文件（张三）\n讨论").status_code == 303
    assert html.text_of(client.page(url).find(".//textarea")) == "传达文件（张三） 讨论"
    client.sign_in(zhang)
    said = body(client.page(f"/records/{record.id}"))
    assert ("传达文件" in said, "登记议题和决议" in said) == (True, False)


def test_a_resolution_stays_on_the_branchs_page_until_it_is_marked_as_done(client, secretary, bureau, record):
    client.sign_in(secretary)
    assert resolve(client, bureau, record).status_code == 303
    page = f"/branches/{bureau.one.id}"
    assert "修路灯" in body(client.page(page))
    resolution = db.session.query(Resolution).one()
    url = f"/resolutions/{resolution.id}"
    hidden = html.hidden_fields(client.page(page), url)
    answer = client.post(url, data={**hidden, "act": "done"})
    assert (answer.status_code, answer.location) == (303, page)
    assert "修路灯" not in body(client.page(page))
    assert "办结" in body(client.page(f"/records/{record.id}"))
    again = client.post(url, data={**hidden, "submission_key": "another-key-of-this-test", "act": "done"})
    assert again.status_code == 409


def test_what_is_missing_is_told_beside_its_field_and_nothing_is_lost(client, secretary, bureau, record):
    client.sign_in(secretary)
    answer = resolve(client, bureau, record, due_on="", owner="unit:0")
    assert answer.status_code == 422
    root = html.parse(answer.text)
    assert root.find(".//input[@id='resolution-text']").get("value") == "修路灯"
    assert root.find(".//p[@id='resolution-due-error']") is not None
    answer = resolve(client, bureau, record, owner="unit:0")
    assert html.parse(answer.text).find(".//p[@id='resolution-owner-error']") is not None


def test_who_saves_an_agenda_second_keeps_what_was_typed(client, secretary, record):
    client.sign_in(secretary)
    url = f"/records/{record.id}/agenda"
    old = html.hidden_fields(client.page(url), url)
    send(client, record, url, text="甲")
    answer = client.post(url, data={**old, "text": "乙"})
    assert (answer.status_code, "乙" in answer.text) == (409, True)
    answer = client.post(url, data={**html.hidden_fields(html.parse(answer.text), url), "text": "乙"})
    assert answer.status_code == 303


@pytest.mark.parametrize("who", ["other", "member", "auditor"])
def test_nobody_else_writes_or_marks(client, secretary, bureau, make, record, who):
    client.sign_in(secretary)
    resolve(client, bureau, record)
    resolution_id = db.session.query(Resolution).one().id
    users = {
        "other": (Role.SECRETARY, bureau.two, None),
        "member": (Role.MEMBER, None, bureau.people[0]),
        "auditor": (Role.AUDITOR, None, None),
    }
    role, unit, member = users[who]
    client.sign_in(make.user(role, unit, member=member))
    assert client.get(f"/records/{record.id}/agenda").status_code == 404
    fields = html.hidden_fields(client.page("/help"))
    answer = client.post(
        f"/resolutions/{resolution_id}",
        data={**fields, "submission_key": "a-key-of-this-very-test", "act": "done"},
    )
    assert answer.status_code == 404
    assert db.session.query(Resolution).one().done_on is None


def test_everything_about_me_has_what_i_take_care_of(client, secretary, zhang, bureau, record):
    client.sign_in(secretary)
    resolve(client, bureau, record, owner=f"member:{bureau.people[0].id}")
    client.sign_in(zhang)
    assert "修路灯" in body(client.page("/me/everything"))
