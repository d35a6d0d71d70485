"""The queue in the browser: what it shows to whom, deciding many at once, the reason, taking it back."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import select

from tests import html
from tests.bureau import KEY, body
from tests.maker import DAY
from tests.queue_rows import Branch, handed_in
from tracker.db import db
from tracker.models import AuditEvent, Comment, Role, Status, Work
from tracker.rules.pseudonyms import member_code
from tracker.services import verifications as services


@pytest.fixture
def here(make):
    return Branch(make)


@pytest.fixture
def secretary(client, here):
    return client.sign_in(here.secretary)


def boxes(root):
    """The values of the boxes that can be ticked, in the order of the page; with '*' where ticked."""
    return [
        (box.get("value") or "") + ("*" if box.get("checked") is not None else "")
        for box in root.iter("input")
        if box.get("name") == "seen"
    ]


def row_of(root, record):
    link = f"/records/{record.id}"
    return next(row for row in root.iter("tr") if any(anchor.get("href") == link for anchor in row.iter("a")))


def decide(client, records, act="verify", url="/verify", **fields):
    named = [f"{record.id}:{record.version}" for record in records]
    hidden = html.hidden_fields(client.page(url), url)
    return client.post(url, data={**hidden, "seen": named, "act": act, **fields})


def status(record):
    db.session.refresh(record)
    return record.status


def test_what_waits_is_listed_oldest_first_and_only_the_own_branch_s(secretary, make, here):
    later = here.hours()
    later.entered_at += dt.timedelta(days=1)
    first = here.hours(here.li)
    elsewhere = Branch(make, here.campaign, "西山党支部").hours(title="西山")
    here.make.record(here.campaign, member=here.zhang, minutes=30, title="已核实")
    root = secretary.page("/verify")
    assert boxes(root) == [f"{first.id}:1", f"{later.id}:1"]
    assert f"/records/{elsewhere.id}" not in secretary.get("/verify").text
    assert "李四" in html.text_of(row_of(root, first))


def test_the_own_have_a_lock_in_place_of_the_box_and_say_who_verifies_them(secretary, here):
    entered, about = here.hours(by=here.secretary), here.hours(here.keeper, by=here.deputy)
    root = secretary.page("/verify")
    assert boxes(root) == []
    assert root.find(".//button[@id='verify']") is None
    for record in (entered, about):
        assert row_of(root, record).get("class") == "locked"
        assert html.text_of(row_of(root, record).find(".//td[@class='notes']"))
    with_deputy = html.text_of(row_of(root, about).find(".//td[@class='notes']"))
    here.deputy.is_disabled = True
    db.session.flush()
    alone = html.text_of(row_of(secretary.page("/verify"), about).find(".//td[@class='notes']"))
    assert alone != with_deputy


def test_verifying_several_says_how_many_and_leads_back_to_the_same_choice(secretary, here):
    records = [here.hours(), here.hours(here.li)]
    url = "/verify?kind=study"
    answer = decide(secretary, records, url=url)
    assert (answer.status_code, answer.location) == (303, url)
    assert [status(record) for record in records] == [Status.VERIFIED] * 2
    assert "2" in html.text_of(secretary.page(url).find(".//div[@class='flashes']"))


def test_what_somebody_else_decided_meanwhile_is_told_and_the_rest_is_done(secretary, here):
    first, second = here.hours(), here.hours(here.li)
    fields = html.hidden_fields(secretary.page("/verify"), "/verify")
    services.verify_records([(first.id, 1)], by=here.deputy, at=dt.datetime.now(dt.UTC))
    named = [f"{first.id}:1", f"{second.id}:1"]
    answer = secretary.post("/verify", data={**fields, "seen": named, "act": "verify"})
    assert answer.status_code == 303
    said = html.text_of(secretary.page("/verify").find(".//div[@class='flashes']"))
    assert re.findall(r"\d+", said) == ["1", "1"]
    late = secretary.post(
        "/verify", data={**fields, "submission_key": "k" * 24, "seen": named, "act": "verify"}
    )
    assert late.status_code == 409


@pytest.mark.parametrize("named", [[], ["x"], ["1"], ["1:"], [":1"], ["1:1:1"], ["９:1"]])
def test_nothing_chosen_is_said_on_the_page(secretary, here, named):
    here.hours()
    fields = html.hidden_fields(secretary.page("/verify"), "/verify")
    answer = secretary.post("/verify", data={**fields, "seen": named, "act": "verify"})
    assert answer.status_code == 422
    assert html.parse(answer.text).find(".//div[@class='summary']") is not None


def test_giving_back_needs_a_reason_and_keeps_what_was_ticked(secretary, here):
    record, other = here.hours(), here.hours(here.li)
    answer = decide(secretary, [record], "return", why="  ")
    assert answer.status_code == 422
    root = html.parse(answer.text)
    assert boxes(root) == [f"{record.id}:1*", f"{other.id}:1"]
    assert root.find(".//details[@id='return-box']").get("open") is not None
    assert "has-error" in next(
        div.get("class") for div in root.iter("div") if div.find("label[@for='why']") is not None
    )
    assert status(record) is Status.SUBMITTED


def test_a_reason_is_kept_for_reuse_and_one_s_own_words_are_added(secretary, here):
    first, second, third = here.hours(), here.hours(here.li), here.hours(title="第三章")
    assert decide(secretary, [first], "return", why="日期对不上").status_code == 303
    assert status(first) is Status.RETURNED
    offered = [
        box.get("value") for box in secretary.page("/verify").iter("input") if box.get("name") == "kept"
    ]
    assert offered[0] == "日期对不上"
    decide(secretary, [second], "return", kept=offered[0])
    decide(secretary, [third], "return", kept=offered[0], why="是哪一天")
    texts = list(db.session.scalars(select(Comment.text).order_by(Comment.id)))
    assert texts[:2] == ["日期对不上"] * 2
    assert texts[2].startswith("日期对不上")
    assert texts[2].endswith("是哪一天")


def test_another_s_reasons_are_not_offered(client, secretary, here):
    decide(secretary, [here.hours()], "return", why="只有我用的话")
    here.hours()
    client.sign_in(here.deputy)
    assert "只有我用的话" not in client.get("/verify").text


def test_a_reason_with_the_button_that_verifies_is_asked_about(secretary, here):
    record = here.hours()
    assert decide(secretary, [record], "verify", why="日期对不上").status_code == 422
    assert status(record) is Status.SUBMITTED


def test_an_act_can_be_undone_from_the_page_for_a_minute(secretary, here):
    records = [here.hours(), here.hours(here.li)]
    decide(secretary, records)
    root = secretary.page("/verify")
    form = root.find(".//form[@id='undo']")
    fields = html.hidden_fields(root, form.get("action"))
    assert secretary.post(form.get("action"), data=fields).status_code == 303
    assert [status(record) for record in records] == [Status.SUBMITTED] * 2
    root = secretary.page("/verify")
    assert len(boxes(root)) == 2
    assert root.find(".//form[@id='undo']") is None
    again = secretary.post("/verify/undo", data={**fields, "submission_key": "k" * 24})
    assert again.status_code == 409


def test_another_s_act_cannot_be_undone(client, secretary, here):
    record = here.hours()
    decide(secretary, [record])
    moment = secretary.page("/verify").find(".//form[@id='undo']/input[@name='moment']").get("value")
    here.hours()
    client.sign_in(here.deputy)
    root = client.page("/verify")
    assert root.find(".//form[@id='undo']") is None
    fields = html.hidden_fields(root, "/verify")
    assert client.post("/verify/undo", data={**fields, "moment": moment}).status_code == 409
    for wrong in ("", "gestern", "2021-06-26T08:00:00"):
        data = {**fields, "submission_key": "k" * 24, "moment": wrong}
        assert client.post("/verify/undo", data=data).status_code == 400
    assert status(record) is Status.VERIFIED


def test_an_act_of_more_than_a_minute_ago_is_not_offered(secretary, here):
    services.verify_records(
        [(here.hours().id, 1)], by=here.secretary, at=dt.datetime.now(dt.UTC) - dt.timedelta(seconds=61)
    )
    assert secretary.page("/verify").find(".//form[@id='undo']") is None


def test_all_that_fit_can_be_ticked_without_a_script(secretary, here):
    with here.make.counted_once(here.campaign):
        records = [here.hours(title=f"第{n}章") for n in range(53)]
    here.hours(here.keeper, by=here.deputy)
    root = secretary.page("/verify")
    assert len(boxes(root)) == 50
    link = root.find(".//a[@id='choose-all']").get("href")
    root = secretary.page(link)
    assert boxes(root) == [f"{record.id}:1*" for record in records]
    action = root.find(".//form[@id='decide']").get("action")
    fields = html.hidden_fields(root, action)
    named = [value.rstrip("*") for value in boxes(root)]
    answer = secretary.post(action, data={**fields, "seen": named, "act": "verify"})
    assert (answer.status_code, answer.location) == (303, "/verify")
    assert {status(record) for record in records} == {Status.VERIFIED}


def test_the_page_costs_the_same_whatever_its_length(secretary, here, statements):
    def many(count):
        with here.make.counted_once(here.campaign):
            for n in range(count):
                handed_in(here.hours(here.li if n % 2 else here.zhang), here.member)
                here.hours(here.keeper, by=here.deputy)
                work = here.hours(kind="work", minutes=None, type="征文", title=f"{n}")
                db.session.add(Work(record_id=work.id, text="正文"))

    many(1)
    secretary.page("/verify")
    with statements() as few:
        secretary.page("/verify")
    many(9)
    with statements() as more:
        assert len(boxes(secretary.page("/verify"))) == 20
    assert len(more) == len(few)


def test_choices_narrow_the_queue(secretary, make, here):
    group = make.group(here.branch)
    other = make.member(here.branch, group, name="赵六")
    study, later = here.hours(), here.hours(other, happened_on=DAY + dt.timedelta(days=3))
    work = here.hours(here.li, kind="work", minutes=None, type="征文", title="初心")
    for choice, found in (
        ("kind=study", [study, later]),
        ("kind=work", [work]),
        ("q=初心", [work]),
        ("q=zs", [study]),
        ("q=赵六", [later]),
        (f"group={group.id}", [later]),
        (f"since={DAY + dt.timedelta(days=1)}", [later]),
        (f"until={DAY}", [study, work]),
        ("q=nobody", []),
    ):
        assert boxes(secretary.page(f"/verify?{choice}")) == [f"{one.id}:1" for one in found], choice


def test_a_choice_of_another_branch_is_not_found(secretary, make, here):
    there = Branch(make, here.campaign, "西山党支部")
    assert secretary.get(f"/verify?branch={there.branch.id}").status_code == 404
    assert secretary.get(f"/verify?group={there.group.id}").status_code == 404
    assert secretary.get("/verify?group=999999").status_code == 404


def test_the_notes_tell_what_else_that_member_did_on_that_day(secretary, here):
    record = here.hours(minutes=120, content="a" * 64)
    here.make.record(here.campaign, member=here.zhang, minutes=300)
    here.hours(minutes=60, title="别的")
    here.make.record(here.campaign, member=here.li, minutes=900)
    note = html.text_of(row_of(secretary.page("/verify"), record).find(".//td[@class='notes']"))
    assert [int(n) for n in re.findall(r"\d+", note)] == [5, 1, 8]


def test_the_notes_tell_of_a_twin_of_what_is_long_and_of_an_earlier_return(secretary, here):
    day = DAY + dt.timedelta(days=1)
    record = here.hours(minutes=600, content="a" * 64)
    twin = here.make.record(here.campaign, member=here.zhang, minutes=600, content="a" * 64)
    plain = here.hours(here.li, happened_on=day, minutes=60, content="b" * 64)
    said = Comment(record_id=plain.id, by_id=here.deputy.id, at=plain.entered_at - dt.timedelta(days=1),
                   text="请补充内容", is_return=True)  # fmt: skip
    db.session.add(said)
    root = secretary.page("/verify")
    links = [anchor.get("href") for anchor in row_of(root, record).find(".//td[@class='notes']").iter("a")]
    assert links == [f"/records/{twin.id}"]
    assert len(row_of(root, record).findall(".//td[@class='notes']/ul/li")) == 3
    assert "请补充内容" in html.text_of(row_of(root, plain))
    said.at = plain.entered_at + dt.timedelta(days=1)  # undone: it was not corrected since
    assert "请补充内容" not in html.text_of(row_of(secretary.page("/verify"), plain))


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
