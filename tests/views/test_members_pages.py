"""The roster as pages show it."""

from __future__ import annotations

import datetime as dt

import pytest

from tests import html
from tracker.models import Role


@pytest.fixture
def office(client, make):
    return client.sign_in(make.user(Role.OFFICE))


@pytest.fixture
def roster(make):
    one, two = make.branch("东湖党支部"), make.branch("西山党支部")
    found = {
        "zhang": make.member(one, make.group(one), make.section(), name="张三", number="M0001"),
        "li": make.member(two, name="李四", number="M0002", category="离退休"),
        "gone": make.member(two, name="王五", number="M0003", ends_on=dt.date(2021, 5, 1)),
    }
    make.exemption(found["li"], reason="长期卧病")
    return found


def names(root):
    return [html.text_of(cell.find("a")) for cell in root.iter("th") if cell.get("scope") == "row"]


def test_the_roster_lists_who_is_there_on_the_day(office, roster):
    assert names(office.page("/members")) == ["张三", "李四"]
    assert names(office.page("/members?as_of=2021-04-30")) == ["张三", "李四", "王五"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=zhangsan", ["张三"]),
        ("q=zs", ["张三"]),
        ("q=张　三", ["张三"]),
        ("q=m0002", ["李四"]),
        ("q=%25", []),
        ("category=离退休", ["李四"]),
        ("exempt=yes", ["李四"]),
        ("exempt=no", ["张三"]),
        ("sort=-number", ["李四", "张三"]),
        ("sort=nonsense&exempt=maybe&branch=x&page=-1&as_of=2021-02-30", ["张三", "李四"]),
    ],
)
def test_the_roster_is_narrowed_by_what_is_asked(office, roster, query, expected):
    assert names(office.page(f"/members?{query}")) == expected


def test_a_branch_is_chosen_by_its_id(office, roster):
    branch_id = roster["li"].memberships[0].branch_id
    assert names(office.page(f"/members?branch={branch_id}")) == ["李四"]


def test_nobody_found_is_said(office, roster):
    page = html.text_of(office.page("/members?q=nobody"))
    assert "没有" in page or "Nobody fits" in page


def test_a_member_page_shows_places_with_dates_and_exemptions_but_no_hours(office, make, roster):
    campaign = make.campaign()
    make.record(campaign, member=roster["li"], minutes=1234, source="学习强国", title="自学")
    page = html.text_of(office.page(f"/members/{roster['li'].id}").find(".//main"))
    assert "西山党支部" in page
    assert "长期卧病" in page
    assert "1234" not in page
    assert "20小时34分" not in page


def test_a_member_who_is_not_there_is_not_found(office, roster):
    assert office.get("/members/999999").status_code == 404
    assert office.get("/members/99999999999999999999").status_code == 404


def test_a_secretary_has_no_roster_of_the_bureau(client, make, roster):
    client.sign_in(make.user(Role.SECRETARY, make.branch()))
    assert client.get("/members").status_code == 404
    assert client.get(f"/members/{roster['zhang'].id}").status_code == 404


def test_the_roster_costs_the_same_whatever_its_length(office, make, roster, statements):
    office.get("/members")
    with statements() as few:
        office.get("/members")
    branch = make.branch()
    for _ in range(60):
        make.member(branch)
    with statements() as many:
        root = office.page("/members")
    assert len(names(root)) == 50
    assert len(many) <= len(few) <= 15
