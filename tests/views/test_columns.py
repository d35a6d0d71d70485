"""Columns that somebody leaves out of a list: on that device alone, and never what a row is about."""

from __future__ import annotations

import pytest

from tests import html
from tests.bureau import body
from tracker.columns import LISTS
from tracker.models import Status

pytestmark = pytest.mark.slow
ADDRESSES = {"records": "/records", "members": "/members", "verifications": "/verify"}


@pytest.fixture
def office(client, make, bureau):
    client.sign_in(make.office)
    return client


def headings(client, page):
    table = client.page(page).find(".//table")
    return [html.text_of(cell) for cell in table.iter("th") if cell.get("scope") == "col"]


def cells(client, page):
    """How many cells the rows have, each number once."""
    table = client.page(page).find(".//table/tbody")
    return {len(list(row)) for row in table.iter("tr")}


def show(client, page, shown):
    form = html.hidden_fields(client.page(ADDRESSES[page]), "/columns")
    return client.post("/columns", data={**form, "shown": shown})


@pytest.mark.parametrize("page", ["records", "members"])
def test_each_column_can_be_left_out_and_comes_back(office, page):
    address, everything = ADDRESSES[page], list(LISTS[page])
    whole = headings(office, address)
    for key in everything:
        answer = show(office, page, [one for one in everything if one != key])
        assert (answer.status_code, answer.location) == (303, address)
        left = headings(office, address)
        assert len(left) == len(whole) - 1 and cells(office, address) == {len(left)}, key
    show(office, page, [])
    bare = headings(office, address)
    assert len(bare) == len(whole) - len(everything) and cells(office, address) == {len(bare)}
    show(office, page, everything)
    assert headings(office, address) == whole


def test_the_queue_leaves_out_what_is_not_needed_to_decide(office, make, bureau):
    make.record(bureau.campaign, "activity", people=bureau.people[:1], status=Status.SUBMITTED)
    whole = headings(office, "/verify?all=1")
    show(office, "verifications", [])
    left = headings(office, "/verify?all=1")
    assert len(left) == len(whole) - len(LISTS["verifications"])
    assert cells(office, "/verify?all=1") == {len(left)}


def test_one_list_knows_nothing_of_the_other(office):
    whole = headings(office, "/members")
    show(office, "records", ["day"])
    assert headings(office, "/members") == whole
    show(office, "members", ["number"])
    assert "日期" in "".join(headings(office, "/records"))


def test_what_is_left_out_is_counted_beside_the_list(office):
    show(office, "members", ["number", "branch"])
    said = [html.text_of(one) for one in office.page("/members").iter("summary")]
    assert f"已隐藏{len(LISTS['members']) - 2}列" in said


def test_the_choices_of_the_list_stay(office):
    form = html.hidden_fields(office.page("/records?kind=activity&sort=day"), "/columns")
    answer = office.post("/columns", data={**form, "shown": ["day"]})
    assert answer.location == "/records?kind=activity&sort=day"


@pytest.mark.parametrize(
    "sent", [{"page": "records", "shown": ["members"]}, {"page": "nothing"}, {"page": ""}]
)
def test_a_column_that_is_none_is_refused_and_changes_nothing(office, sent):
    show(office, "records", ["day"])
    before = headings(office, "/records")
    form = html.hidden_fields(office.page("/records"), "/columns")
    answer = office.post("/columns", data={**form, **sent})
    assert answer.status_code == 422
    assert "这个列表没有这一列" in body(html.parse(answer.text))
    assert headings(office, "/records") == before


@pytest.mark.parametrize(
    "cookie", ["records:what", "records", ":::///", "members:state/records:kind.kind.state", "x" * 3000]
)
def test_a_cookie_that_nobody_could_have_made_breaks_nothing(office, cookie):
    office.set_cookie("columns", cookie)
    assert office.get("/records").status_code == 200
    assert office.get("/members").status_code == 200


def test_whoever_is_not_signed_in_chooses_nothing(client, bureau):
    assert client.post("/columns", data={"page": "records"}).status_code in (302, 303, 400)
    assert client.get_cookie("columns") is None


def test_what_counts_is_told_apart_from_what_does_not_whatever_is_left_out(office):
    show(office, "records", [])
    assert headings(office, "/records") == ["归属", "内容", "状态"]


def test_a_second_click_changes_nothing(office):
    form = {**html.hidden_fields(office.page("/members"), "/columns"), "shown": ["number"]}
    answers = [office.post("/columns", data=form) for _ in range(2)]
    assert {answer.location for answer in answers} == {"/members"}
    assert len(headings(office, "/members")) == 2


def test_nobody_is_led_to_another_host(office):
    form = html.hidden_fields(office.page("/members"), "/columns")
    answer = office.post("/columns", data={**form, "shown": ["number"], "next": "//elsewhere.example/"})
    assert answer.location == "/"


def test_without_a_campaign_there_is_nothing_to_choose_and_nothing_breaks(client, make):
    client.sign_in(make.office)
    client.set_cookie("columns", "records:day")
    assert client.page("/records").find(".//form[@id='columns']") is None
