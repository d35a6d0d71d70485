"""A member ticks topics and books on the page of their progress; the branch confirms or gives back."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests import html
from tests.queue_rows import Branch
from tracker.db import db
from tracker.models import Record, Role, Status
from tracker.queries.campaigns import spec_of

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture
def here(make):
    found = Branch(make)
    found.topics = spec_of(found.campaign).phases[0].topics
    return found


def ticks():
    return list(db.session.scalars(select(Record).order_by(Record.id)))


def tick(client, title, **fields):
    return client.submit("/me", {"tick": f"phase-1/topics/{title}", **fields}, action="/me/ticks")


def buttons(page, name):
    return [el.get("value") for el in page.iter("button") if el.get("name") == name]


def test_a_tap_ticks_a_topic_and_another_takes_it_back(client, here):
    client.sign_in(here.member)
    assert len(buttons(client.page("/me"), "tick")) == 8
    assert tick(client, here.topics[0]).location == "/me#ticks"
    (record,) = ticks()
    assert (record.title, record.status, record.entered_by_id) == (
        here.topics[0], Status.SUBMITTED, here.member.id,
    )  # fmt: skip
    page = client.page("/me")
    assert buttons(page, "untick") == [f"{record.id}:{record.version}"]
    assert len(buttons(page, "tick")) == 7
    back = client.submit("/me", {"untick": buttons(page, "untick")[0]}, action="/me/ticks")
    assert back.status_code == 303
    db.session.refresh(record)
    assert record.status is Status.WITHDRAWN


def test_the_same_tap_twice_is_one_tick(client, here):
    client.sign_in(here.member)
    fields = html.hidden_fields(client.page("/me"), "/me/ticks")
    for _ in range(2):
        client.post("/me/ticks", data={**fields, "tick": f"phase-1/topics/{here.topics[0]}"})
    assert len(ticks()) == 1


@pytest.mark.parametrize("value", ["phase-1/topics/没有的", "phase-1", "", "x/y/z"])
def test_what_is_on_no_list_is_refused_with_a_sentence(client, here, value):
    client.sign_in(here.member)
    answer = client.submit("/me", {"tick": value}, action="/me/ticks")
    assert answer.status_code == 422
    assert ticks() == []


def test_nobody_takes_back_what_is_another_s_or_no_tick(client, here):
    hours = here.hours()
    client.sign_in(here.make.user(Role.MEMBER, member=here.li))
    for record in (hours, here.hours(member=here.li, kind="study")):
        answer = client.submit("/me", {"untick": f"{record.id}:{record.version}"}, action="/me/ticks")
        assert answer.status_code == 404


def test_a_number_in_the_ledger_is_said_and_nothing_can_be_ticked_beside_it(client, here, make):
    make.record(here.campaign, "reading", member=here.zhang, type="专题", quantity=3)
    client.sign_in(here.member)
    page = client.page("/me")
    assert "台账已按数目上报3／4" in html.text_of(page)
    assert len(buttons(page, "tick")) == 4, "the books"
    headings = [html.text_of(one) for one in page.iter("h3")]
    assert "专题" in headings, "nothing is to be tapped there, so it does not ask for it"
    assert "必读书目：读完的点一下" in headings


def test_an_earlier_day_shows_no_buttons(client, here):
    client.sign_in(here.member)
    assert buttons(client.page("/me?as_of=2021-05-01"), "tick") == []


def handed_in(client, here):
    client.sign_in(here.member)
    for title in here.topics[:2]:
        tick(client, title)
    return ticks()


def test_the_branch_confirms_what_was_chosen_and_it_counts(client, here):
    first, second = handed_in(client, here)
    client.sign_in(here.secretary)
    address = f"/branches/{here.branch.id}/ticks"
    page = client.page(f"{address}?whole=1")
    assert "张三" in html.text_of(page)
    checked = [el.get("value") for el in page.iter("input") if el.get("checked") is not None]
    assert checked == [f"{first.id}:{first.version}", f"{second.id}:{second.version}"]
    answer = client.submit(address, {"seen": checked[:1], "act": "verify"}, action=address)
    assert (answer.status_code, answer.location) == (303, address)
    assert [one.status for one in ticks()] == [Status.VERIFIED, Status.SUBMITTED]
    client.sign_in(here.member)
    assert "1/4" in html.text_of(client.page("/me")).replace("／", "/")


def test_the_branch_gives_back_with_a_reason_and_the_member_reads_it(client, here):
    first, _ = handed_in(client, here)
    client.sign_in(here.secretary)
    address = f"/branches/{here.branch.id}/ticks"
    chosen = {"seen": [f"{first.id}:{first.version}"], "act": "return"}
    assert client.submit(address, chosen, action=address).status_code == 422, "without a reason"
    assert client.submit(address, {**chosen, "why": "还没有学"}, action=address).status_code == 303
    client.sign_in(here.member)
    page = client.page("/me")
    assert "还没有学" in html.text_of(page)
    assert f"phase-1/topics/{here.topics[0]}" in buttons(page, "tick")
    assert client.get(f"/records/{first.id}/correct").status_code == 404


def test_only_ticks_are_confirmed_there(client, here):
    hours = here.hours()
    client.sign_in(here.secretary)
    address = f"/branches/{here.branch.id}/ticks"
    seen = {"seen": [f"{hours.id}:{hours.version}"], "act": "verify"}
    assert client.submit(address, seen, action=address).status_code == 422
    db.session.refresh(hours)
    assert hours.status is Status.SUBMITTED


def test_a_secretary_s_own_ticks_are_for_somebody_else_to_confirm(client, here):
    client.sign_in(here.secretary)
    tick(client, here.topics[0])
    (record,) = ticks()
    address = f"/branches/{here.branch.id}/ticks"
    assert f"{record.id}:" not in "".join(
        el.get("value") or "" for el in client.page(address).iter("input") if el.get("name") == "seen"
    )
    seen = {"seen": [f"{record.id}:{record.version}"], "act": "verify"}
    assert client.submit(address, seen, action=address).status_code == 409
