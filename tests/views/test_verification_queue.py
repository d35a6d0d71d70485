"""The queue in the browser: what it shows, and to whom."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from tests import html
from tests.maker import DAY
from tests.queue_rows import Branch, boxes, handed_in, row_of, status
from tracker.db import db
from tracker.models import Comment, Status, Work

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture
def here(make):
    return Branch(make)


@pytest.fixture
def secretary(client, here):
    return client.sign_in(here.secretary)


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
