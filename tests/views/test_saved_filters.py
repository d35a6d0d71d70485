"""Filters that somebody keeps under a name: for that person alone, opened however much has changed since."""

from __future__ import annotations

import datetime as dt
from urllib.parse import quote

import pytest
from sqlalchemy import select, update

from tests import html
from tests.bureau import body
from tracker.clock import now
from tracker.db import db
from tracker.models import Role, SavedFilter
from tracker.rules.saved_filters import MOST

pytestmark = pytest.mark.slow
LIST = "/records?kind=study&status=submitted"


@pytest.fixture
def office(client, make, bureau):
    client.sign_in(make.office)
    return client


def keep(client, name, page=LIST):
    return client.submit(page, {"name": name}, action="/filters")


def kept():
    return db.session.scalars(select(SavedFilter).order_by(SavedFilter.id)).all()


def chips(client, page="/records"):
    root = client.page(page)
    return {html.text_of(a): a.get("href") for a in root.iter("a") if a.get("class") == "chip"}


def test_a_filter_is_kept_and_opens_the_list_filtered_so(office):
    answer = keep(office, "  本月志愿服务\t未核实 ")
    assert (answer.status_code, answer.location) == (303, LIST)
    opened = office.get(chips(office)["本月志愿服务 未核实"])
    assert opened.location == LIST
    chip = next(a for a in office.page(LIST).iter("a") if a.get("class") == "chip")
    assert chip.get("aria-current") == "true"


def test_each_list_keeps_its_own(office):
    for page in ("/members?q=zs", "/verify?all=1", "/audit?only=changes"):
        assert keep(office, "常用", page).location == page
        assert list(chips(office, page)) == ["常用"]
    assert chips(office) == {}


@pytest.mark.parametrize(("name", "said"), [("", "名字"), (" \t", "名字"), ("字" * 61, "60")])
def test_a_name_is_asked_for_and_not_too_long(office, name, said):
    keep(office, name)
    assert kept() == []
    assert said in body(office.page("/records"))


def test_a_taken_name_and_too_many_are_refused(office):
    keep(office, "一")
    keep(office, "一", "/records?kind=work")
    assert len(kept()) == 1
    assert "同名" in body(office.page("/records"))
    db.session.add_all(
        SavedFilter(
            user_id=kept()[0].user_id, page="records", name=f"第{n}", query="kind=study", saved_at=now()
        )
        for n in range(MOST - 1)
    )
    db.session.commit()
    fields = html.hidden_fields(office.page("/records"))
    office.post("/filters", data={**fields, "page": "records", "query": "kind=study", "name": "多"})
    assert len(kept()) == MOST
    assert "20" in body(office.page("/records"))


def test_nothing_chosen_or_no_such_list_is_no_filter(office):
    fields = html.hidden_fields(office.page("/records"))
    for page, query in (("records", ""), ("records", "page=3&next=//evil"), ("nowhere", "kind=study")):
        office.post("/filters", data={**fields, "page": page, "query": query, "name": "空"})
    assert kept() == []


def test_it_is_renamed_deleted_and_taken_back(office):
    keep(office, "旧")
    (one,) = kept()
    office.submit("/records", {"name": "新"}, action=f"/filters/{one.id}/rename")
    assert list(chips(office)) == ["新"]
    office.submit("/records", {}, action=f"/filters/{one.id}/remove")
    assert chips(office) == {}
    assert "已删除筛选：新" in body(office.page("/records"))
    office.submit("/records", {}, action=f"/filters/{one.id}/restore")
    assert list(chips(office)) == ["新"]


def test_a_deletion_is_taken_back_within_the_minute_only_and_swept_by_the_next_one(office):
    keep(office, "旧")
    (one,) = kept()
    office.submit("/records", {}, action=f"/filters/{one.id}/remove")
    fields = html.hidden_fields(office.page("/records"))
    db.session.execute(update(SavedFilter).values(removed_at=now() - dt.timedelta(minutes=2)))
    db.session.commit()
    assert office.post(f"/filters/{one.id}/restore", data=fields).status_code == 409
    assert "已删除筛选" not in body(office.page("/records"))
    keep(office, "别的")
    assert [row.name for row in kept()] == ["别的"]


def test_nobody_else_opens_or_changes_it(client, make, bureau, office):
    keep(office, "我的")
    (one,) = kept()
    client.sign_in(make.user(Role.AUDITOR))
    assert chips(client) == {}
    fields = html.hidden_fields(client.page("/help"))
    assert client.get(f"/filters/{one.id}").status_code == 404
    for act in ("rename", "remove", "restore"):
        assert client.post(f"/filters/{one.id}/{act}", data={**fields, "name": "x"}).status_code == 404
    assert kept()[0].name == "我的"


def test_what_is_gone_is_left_out_and_told(office, bureau):
    query = f"kind=study&unit={bureau.one.id}&q=x"
    keep(office, "旧的", f"/records?{query}")
    gone = "kind=nothing&unit=99999&figure=none&q=x"
    db.session.execute(update(SavedFilter).values(query=gone))
    db.session.commit()
    answer = office.get(chips(office)["旧的"])
    assert answer.location == "/records?q=x"
    said = body(office.page(answer.location))
    assert "台账类别" in said
    assert "已略去" in said


def test_a_unit_that_is_no_longer_theirs_is_left_out(client, make, bureau):
    client.sign_in(make.user(Role.SECRETARY, bureau.one))
    keep(client, "本支部", f"/records?unit={bureau.one.id}&q=" + quote("自学"))
    db.session.execute(update(SavedFilter).values(query=f"unit={bureau.two.id}"))
    db.session.commit()
    assert client.get(chips(client)["本支部"]).location == "/records"


def test_hundreds_of_choices_are_no_filter_and_no_fault(office):
    for page in ("/records", "/members", "/verify", "/audit"):
        assert office.get(f"{page}?{'&'.join(['q=x'] * 300)}").status_code == 200


def test_hostile_names_are_names(office):
    keep(office, "<b>'\"&</b>")
    assert list(chips(office)) == ["<b>'\"&</b>"]
