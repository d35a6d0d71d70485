"""The roster as pages show it."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests import html
from tracker.db import db
from tracker.models import AuditEvent, Role

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


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


@pytest.fixture
def keeper(make, roster):
    """The secretary of 张三's branch."""
    return make.user(Role.SECRETARY, roster["zhang"].memberships[0].branch)


def test_a_secretary_sees_the_roster_of_the_own_branch_only(client, keeper, roster):
    client.sign_in(keeper)
    other = roster["li"].memberships[0].branch_id
    assert names(client.page("/members")) == ["张三"]
    for query in (
        "as_of=2021-04-30", "q=李四", "q=M0002", "q=lisi", f"branch={other}", "exempt=yes", "left=yes",
        "category=离退休", "sort=-name", "page=2",
    ):  # fmt: skip
        root = client.page(f"/members?{query}").find(".//main")
        text = html.text_of(root)
        assert [secret for secret in ("李四", "M0002", "王五", "西山", "卧病") if secret in names(root)] == []
        assert "西山" not in text
        assert "卧病" not in text
        if "离退休" not in query:
            assert "离退休" not in text
    assert client.get(f"/members/{roster['zhang'].id}").status_code == 200
    foreign, missing = client.get(f"/members/{roster['li'].id}"), client.get("/members/999999")
    assert (foreign.status_code, missing.status_code) == (404, 404)


def test_there_is_no_choice_of_branches_where_there_is_one(client, keeper, office, roster):
    assert [one for one in office.page("/members").iter("select") if one.get("name") == "branch"]
    root = client.sign_in(keeper).page("/members")
    assert [one for one in root.iter("select") if one.get("name") == "branch"] == []


@pytest.mark.parametrize("role", [Role.GROUP_LEADER, Role.MEMBER])
def test_others_have_no_roster(client, make, roster, role):
    group = make.group() if role is Role.GROUP_LEADER else None
    client.sign_in(make.user(role, group, member=roster["zhang"]))
    assert client.get("/members").status_code == 404
    assert client.get(f"/members/{roster['zhang'].id}").status_code == 404


def test_who_moved_away_is_listed_as_far_as_their_time_in_the_branch(client, make, keeper, roster):
    east, west = roster["zhang"].memberships[0].branch, roster["li"].memberships[0].branch
    moved = make.member(east, name="周七", number="M0007", ends_on=dt.date(2021, 5, 1))
    moved.phone = "13800000000"
    later = make.membership(moved, west, make.group(west, "西山小组"), starts_on=dt.date(2021, 5, 1))
    later.duty = "西山组长"
    make.exemption(moved, reason="早先的事", ends_on=dt.date(2021, 4, 1))
    make.exemption(moved, reason="后来的事", starts_on=dt.date(2021, 6, 1))
    make.exemption(moved, reason="跨着的事", starts_on=dt.date(2021, 4, 2), ends_on=dt.date(2021, 5, 20))
    client.sign_in(keeper)
    assert names(client.page("/members")) == ["张三"]
    listed = client.page("/members?left=yes")
    assert names(listed) == ["周七"]
    one = client.page(f"/members/{moved.id}")
    for root in (listed, one):
        text = html.text_of(root.find(".//main"))
        assert "2021-05-01" in text
        for secret in ("西山", "后来的事", "13800000000", "2021-05-20"):
            assert secret not in text
    assert "早先的事" in html.text_of(one)
    assert "跨着的事" in html.text_of(one)
    acts = [form.get("action") for form in one.iter("form")]
    assert [act for act in acts if "/members" in act] == []  # nothing of theirs is changed here any more
    for act in ("duty", "exempt", "end-exemption", "move"):
        fields = html.hidden_fields(client.page("/members"))
        assert client.post(f"/members/{moved.id}/{act}", data=fields).status_code == 404
    other = client.sign_in(make.user(Role.SECRETARY, west))
    assert "周七" in names(other.page("/members"))
    assert "周七" not in names(other.page("/members?left=yes"))


def test_whoever_came_from_another_branch_shows_only_the_time_here(client, make, keeper, roster):
    came = make.member(roster["li"].memberships[0].branch, name="吴八", ends_on=dt.date(2021, 5, 1))
    make.membership(came, roster["zhang"].memberships[0].branch, starts_on=dt.date(2021, 5, 1))
    text = html.text_of(client.sign_in(keeper).page(f"/members/{came.id}").find(".//main"))
    assert "东湖党支部" in text
    assert "西山" not in text


def readings():
    rows = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "member:read")).all()
    return [(event.actor_id, event.subject_id) for event in rows]


def test_opening_somebodys_page_is_noted_but_not_the_own(client, make, keeper, roster):
    client.sign_in(keeper).page(f"/members/{roster['zhang'].id}")
    client.page(f"/members/{roster['li'].id}", 404)
    assert readings() == [(keeper.id, roster["zhang"].id)]
    own = make.user(Role.SECRETARY, roster["zhang"].memberships[0].branch, member=roster["zhang"])
    client.sign_in(own).page(f"/members/{roster['zhang'].id}")
    client.page("/members")
    assert len(readings()) == 1


def test_the_auditor_reads_and_finds_no_form(client, make, roster):
    root = client.sign_in(make.user(Role.AUDITOR)).page(f"/members/{roster['zhang'].id}")
    assert list(root.find(".//main").iter("details")) == []
    assert client.get(f"/members/{roster['zhang'].id}/move").status_code == 404


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
