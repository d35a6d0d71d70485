"""Near copies are shown to the writer first, then to whoever verifies, and never to those who see neither."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import select

from tests import html
from tests.bureau import body
from tests.essays import essay, near_copy
from tests.views.test_jots import write
from tracker.db import db
from tracker.models import Record, Role, Status
from tracker.services.works import keep_text

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

CHANCE = random.Random(5)
FIRST = essay(CHANCE, 900)
COPY = near_copy(CHANCE, FIRST, 0.8)


@pytest.fixture
def first(bureau, make):
    """An essay of somebody in the other branch."""
    row = {"type": "征文", "title": "别支部的题目", "status": Status.SUBMITTED}
    record = make.record(bureau.campaign, "work", member=bureau.people[2], **row)
    keep_text(record, FIRST)
    return record


def entered():
    return db.session.scalars(select(Record).where(Record.batch_id.is_(None))).all()


def near(answer):
    return next((el for el in html.parse(answer.text).iter() if el.get("id") == "near"), None)


def test_the_writer_is_told_first_and_may_hand_it_in_as_it_is(client, zhang, first):
    client.sign_in(zhang)
    answer = write(client, text=COPY)
    assert (answer.status_code, entered()) == (422, [])
    assert near(answer) is not None
    said = answer.text
    assert COPY in html.parse(said).find(".//textarea").text
    for hidden in ("别支部的题目", first.member.name, f"/records/{first.id}"):
        assert hidden not in said, "whose it is, is not the writer's to see"
    action = "/jot/write?kind=work"
    fields = html.hidden_fields(html.parse(said), action)
    row = {"type": "征文", "title": "我的一百年", "happened_on": "2021-07-01", "text": COPY}
    assert client.post(action, data={**fields, **row}).status_code == 303
    assert [one.work.text for one in entered()] == [COPY]


def test_another_text_than_the_one_that_was_shown_is_compared_again(client, zhang, first):
    client.sign_in(zhang)
    answer = write(client, text=COPY)
    action = "/jot/write?kind=work"
    fields = html.hidden_fields(html.parse(answer.text), action)
    row = {"type": "征文", "title": "我的一百年", "happened_on": "2021-07-01", "text": FIRST}
    again = client.post(action, data={**fields, **row})
    assert (again.status_code, near(again) is not None, entered()) == (422, True, [])


def test_a_text_of_one_s_own_goes_in_without_a_word(client, zhang, first):
    client.sign_in(zhang)
    assert write(client, text=essay(random.Random(6), 900)).status_code == 303


def test_who_verifies_sees_it_with_a_way_to_what_they_may_see(client, zhang, first, bureau, make):
    client.sign_in(zhang)
    fields = html.hidden_fields(html.parse(write(client, text=COPY).text), "/jot/write?kind=work")
    row = {"type": "征文", "title": "我的一百年", "happened_on": "2021-07-01", "text": COPY}
    client.post("/jot/write?kind=work", data={**fields, **row})
    (mine,) = entered()
    for role, unit, may_see in ((Role.SECRETARY, bureau.one, False), (Role.OFFICE, None, True)):
        client.sign_in(make.user(role, unit))
        answer = client.get(f"/records/{mine.id}")
        found = near(answer)
        assert found is not None, role
        links = [a.get("href") for a in found.iter("a")]
        assert links == ([f"/records/{first.id}"] if may_see else []), role
        assert ("别支部的题目" in body(html.parse(answer.text))) is False, role


def test_a_text_that_is_put_right_is_not_near_to_itself(client, zhang, bureau, make):
    row = {"type": "征文", "title": "退回的", "status": Status.SUBMITTED}
    record = make.record(bureau.campaign, "work", member=bureau.people[0], **row)
    keep_text(record, FIRST)
    record.entered_by_id = zhang.id
    db.session.commit()
    client.sign_in(zhang)
    answer = write(client, url=f"/jot/write?record={record.id}", title="改过的", text=COPY)
    assert (answer.status_code, record.title) == (303, "改过的")
