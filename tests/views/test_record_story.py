"""The page of a record: its story, who is named to whom, remarks, and deciding right there."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests import html
from tests.bureau import KEY, body
from tests.queue_rows import LATER, Branch, seen
from tracker.db import db
from tracker.models import AuditEvent, Comment, Role, Status, Work
from tracker.rules.pseudonyms import member_code
from tracker.services.audit import record_event
from tracker.services.records import reverse_record
from tracker.services.verifications import return_records, verify_records

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture
def here(make):
    return Branch(make)


def steps(root):
    return [item.get("data-step") for item in root.iter("li") if item.get("data-step")]


def step(root, name):
    return html.text_of(next(item for item in root.iter("li") if item.get("data-step") == name))


def remark(client, record, text, **fields):
    page, action = f"/records/{record.id}", f"/records/{record.id}/comments"
    return client.submit(page, {"text": text, **fields}, action=action)


def lived(here):
    """A record that was entered, given back, corrected, verified and reversed. Returns it."""
    record = here.hours(minutes=90)
    record_event(here.member, "record:enter", record, record.entered_at)
    at = [LATER.replace(minute=n) for n in range(20, 40)]
    return_records(seen(record), why="请补充内容", by=here.secretary, at=at[0])
    db.session.refresh(record)
    record.status, record.version, record.minutes = Status.SUBMITTED, record.version + 1, 90
    record.returned_at = record.returned_by_id = record.returned_why = None
    record_event(
        here.member,
        "record:correct",
        record,
        at[1],
        fields=["minutes", "title"],
        amounts={"minutes": [120, 90]},
    )
    db.session.flush()
    verify_records(seen(record), by=here.deputy, at=at[2])
    db.session.refresh(record)
    reverse_record(record, version=record.version, why="录错了", by=here.office, at=at[3])
    db.session.flush()
    return record


TOLD = ["record:enter", "record:return", "record:correct", "record:verify", "record:reverse"]


def test_the_whole_story_is_told_oldest_first_with_its_reasons_and_amounts(client, here):
    record = lived(here)
    client.sign_in(here.secretary)
    root = client.page(f"/records/{record.id}")
    assert steps(root) == TOLD
    assert "请补充内容" in step(root, "record:return")
    assert "录错了" in step(root, "record:reverse")
    corrected = step(root, "record:correct")
    assert "2" in corrected
    assert "30" in corrected
    assert "学习内容" in corrected


def test_a_reversed_record_and_its_counter_record_are_linked_both_ways(client, here):
    record = lived(here)
    client.sign_in(here.office)
    from tracker.models import Record

    counter = db.session.scalars(select(Record).where(Record.reverses_id == record.id)).one()
    assert f"/records/{counter.id}" in client.get(f"/records/{record.id}").text
    page = client.page(f"/records/{counter.id}")
    assert steps(page) == ["counter"]
    assert any(link.get("href") == f"/records/{record.id}" for link in page.iter("a"))
    assert "张三" not in body(page)
    listed = body(client.page("/records?status=counter"))
    assert "−1" in listed
    assert str(record.id) in listed


def test_who_sees_the_unit_reads_names_and_a_member_reads_roles(client, here):
    record = lived(here)
    client.sign_in(here.secretary)
    own = client.page(f"/records/{record.id}")
    assert here.deputy.name in step(own, "record:verify")
    client.sign_in(here.member)
    root = client.page(f"/records/{record.id}")
    assert steps(root) == TOLD
    for user in (here.secretary, here.deputy, here.office):
        assert user.name not in body(root)
    words = {name: step(root, name) for name in TOLD}
    assert here.member.name not in words["record:enter"]
    assert len(set(words.values())) == len(TOLD)


def test_the_office_reads_no_name_of_the_member_where_names_are_hidden(client, here):
    record = lived(here)
    record_event(here.member, "record:submit", record, LATER)
    db.session.add(Comment(record_id=record.id, by_id=here.member.id, at=LATER, text="已补充"))
    client.sign_in(here.office)
    text = body(client.page(f"/records/{record.id}"))
    assert here.member.name not in text
    assert "张三" not in text
    assert member_code(KEY, here.zhang.id) in text
    assert here.secretary.name in text


def test_what_was_entered_for_somebody_says_so(client, here):
    record, own = here.hours(by=here.secretary), here.hours(title="第二章")
    client.sign_in(here.secretary)
    assert "张三" in step(client.page(f"/records/{record.id}"), "record:enter")
    assert "张三" not in step(client.page(f"/records/{own.id}"), "record:enter").replace(here.member.name, "")


def test_a_row_of_a_file_tells_its_file_and_row_and_a_verification_that_came_with_it(client, make, here):
    record = make.record(here.campaign, member=here.zhang, minutes=60, batch_sheet="表一", batch_row=17)
    client.sign_in(here.secretary)
    root = client.page(f"/records/{record.id}")
    assert steps(root) == ["import", "record:verify"]
    assert record.batch.filename in step(root, "import")
    assert "17" in step(root, "import")
    assert not any((link.get("href") or "").startswith("/imports") for link in root.iter("a"))


def test_a_remark_stands_in_the_story_for_everybody_who_may_open_the_record(client, here):
    record = here.hours()
    client.sign_in(here.member)
    assert remark(client, record, " 第三章\n也读了 <b> ").status_code == 303
    client.sign_in(here.secretary)
    root = client.page(f"/records/{record.id}")
    assert "第三章 也读了 <b>" in step(root, "comment")
    assert status_of(record) is Status.SUBMITTED
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "comment:add")).one()
    assert event.detail == {"record_id": record.id}


def status_of(record):
    db.session.refresh(record)
    return record.status


@pytest.mark.parametrize("text", ["", "  \n ", "长" * 401])
def test_an_empty_or_endless_remark_is_refused_beside_its_field(client, here, text):
    record = here.hours()
    client.sign_in(here.member)
    answer = remark(client, record, text)
    assert answer.status_code == 422
    assert html.parse(answer.text).find(".//p[@id='remark-error']") is not None
    assert db.session.scalars(select(Comment)).all() == []


def test_nobody_remarks_on_a_record_that_is_not_theirs_to_see_and_an_auditor_on_none(client, make, here):
    record = here.hours()
    stranger = make.user(Role.SECRETARY, make.branch())
    for user in (stranger, make.user(Role.MEMBER, member=here.li), make.user(Role.AUDITOR)):
        client.sign_in(user)
        data = {**html.hidden_fields(client.page("/help")), "text": "看看"}
        assert client.post(f"/records/{record.id}/comments", data=data).status_code == 404
    page = client.page(f"/records/{record.id}")  # the auditor reads
    assert page.find(".//form[@id='remark-form']") is None
    assert page.find(".//section[@id='decision']") is None


def test_a_record_is_decided_on_its_own_page(client, here):
    client.sign_in(here.secretary)
    first, second = here.hours(), here.hours(here.li)
    page = f"/records/{first.id}"
    seen_now = {"seen": f"{first.id}:1", "back": "record"}
    answer = client.submit(page, {"act": "verify", **seen_now}, action="/verify")
    assert (answer.status_code, answer.location) == (303, page)
    assert status_of(first) is Status.VERIFIED
    assert client.page(page).find(".//section[@id='decision']") is None
    other = {"seen": f"{second.id}:1", "back": "record", "act": "return"}
    bare = client.submit(f"/records/{second.id}", other, action="/verify")
    assert bare.status_code == 422
    assert html.parse(bare.text).find(".//section[@id='decision']") is not None
    client.submit(f"/records/{second.id}", {**other, "why": "请补充"}, action="/verify")
    root = client.page(f"/records/{second.id}")
    assert "请补充" in html.text_of(root.find(".//*[@id='returned']"))


def test_whoever_may_not_decide_finds_a_lock_or_nothing(client, here):
    own = here.hours(here.keeper, by=here.secretary)
    client.sign_in(here.secretary)
    panel = client.page(f"/records/{own.id}").find(".//section[@id='decision']")
    assert panel.find(".//form") is None
    record = here.hours()
    client.sign_in(here.member)
    assert client.page(f"/records/{record.id}").find(".//section[@id='decision']") is None


def test_an_essay_is_plain_text_with_its_line_breaks(client, here):
    record = here.hours(kind="work", minutes=None, type="征文", title="初心")
    db.session.add(Work(record_id=record.id, text="第一行\n<script>第二行</script>"))
    client.sign_in(here.secretary)
    text = client.page(f"/records/{record.id}").find(".//section[@id='text']/div[2]")
    assert text.text == "第一行\n<script>第二行</script>"


def test_a_member_finds_no_link_on_their_own_record_that_leads_nowhere(client, make, here):
    made = make.record(here.campaign, member=here.zhang, minutes=60)
    returned = here.hours(title="第二章")
    return_records(seen(returned), why="请补充", by=here.secretary, at=LATER)
    client.sign_in(here.member)
    for record in (made, returned, here.hours(title="第三章"), lived(here)):
        root = client.page(f"/records/{record.id}")
        for link in root.find(".//main").iter("a"):
            address = link.get("href") or ""
            if address.startswith("/"):
                assert client.get(address).status_code < 400, address


def test_opening_a_record_about_another_person_is_noted_and_one_s_own_is_not(client, make, here):
    record = here.hours()
    task = make.record(here.campaign, "task", owner=here.branch, title="修灯")
    for user in (here.member, here.secretary):
        client.sign_in(user)
        client.page(f"/records/{record.id}")
    client.page(f"/records/{task.id}")
    events = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "record:read")).all()
    assert [(event.actor_id, event.subject_id) for event in events] == [(here.secretary.id, record.id)]
    assert "record:read" not in steps(client.page(f"/records/{record.id}"))
