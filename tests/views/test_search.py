"""The search page, its suggestions, and who finds what in them."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests import html
from tests.bureau import body
from tests.plans import a_plan
from tracker.db import db
from tracker.models import AuditEvent, Role

pytestmark = pytest.mark.slow


def groups(client, text):
    """Heading → titles of what was found."""
    root = client.page(f"/search?q={quote(text)}")
    return {
        html.text_of(part.find("h2")): [html.text_of(one) for one in part.iter("b")]
        for part in root.iter("section")
        if "find-group" in part.get("class", "")
    }


@pytest.fixture
def office(client, make, bureau):
    client.sign_in(make.office)
    return client


def test_a_name_leads_to_the_member_and_a_page_to_the_page(office, bureau):
    for text in ("张三", "zhangsan", "zs", "M0001"):
        assert groups(office, text)["党员 1"] == ["张三"], text
    root = office.page("/search?q=" + quote("简报"))
    assert "/bulletins" in [one.get("href") for one in root.find(".//main").iter("a")]


def test_hits_are_marked_and_hostile_words_are_words(office):
    root = office.page("/search?q=" + quote("自学"))
    assert {html.text_of(one) for one in root.iter("mark")} == {"自学"}
    for text in ("<script>alert(1)</script>", "%", "_", "'; DROP TABLE record; --", "字" * 500):
        root = office.page(f"/search?q={quote(text)}")
        assert root.find(".//main//script") is None
        assert len(root.find(".//input[@id='find-here']").get("value")) <= 100


def test_more_than_a_handful_lead_to_the_list_that_is_filtered_the_same_way(office, make, bureau):
    for n in range(12):
        make.record(bureau.campaign, "study", member=bureau.people[0], title=f"漫谈{n}", minutes=5)
    root = office.page("/search?q=" + quote("漫谈"))
    link = next(one for one in root.iter("a") if html.text_of(one) == "全部12条")
    assert "12" in body(office.page(link.get("href")))
    assert len(groups(office, "漫谈")["台账记录 12"]) == 8


def test_plans_communities_and_figures_are_found_and_open(office, make, bureau):
    a_plan(make, bureau.campaign, bureau.one, title="湖畔宣讲")
    db.session.commit()
    assert groups(office, "hpxj")["计划中的活动 1"] == ["湖畔宣讲"]
    assert groups(office, "北园")["社区 1"] == ["北园"]
    assert any(one.startswith("目标、台账类别和数据项") for one in groups(office, "志愿"))
    for text in ("湖畔", "北园", "志愿", "党支部", "张三"):
        root = office.page(f"/search?q={quote(text)}")
        for link in (one for part in root.iter("section") for one in part.iter("a")):
            assert office.get(link.get("href"), follow_redirects=True).status_code == 200, link.get("href")


@pytest.mark.parametrize(
    "role", [Role.OFFICE, Role.AUDITOR, Role.SECRETARY, Role.GROUP_LEADER, Role.SECTION_HEAD, Role.MEMBER]
)
def test_every_page_that_is_offered_opens(client, make, bureau, monkeypatch, role):
    units = {
        Role.SECRETARY: bureau.one,
        Role.GROUP_LEADER: bureau.groups[0],
        Role.SECTION_HEAD: bureau.section,
    }
    member = {"member": bureau.people[0]} if role is Role.MEMBER else {}
    client.sign_in(make.user(role, units.get(role), **member))
    monkeypatch.setattr("tracker.views.search_words.answers_to", lambda name, asked: True)
    root = client.page("/search?q=x&only=pages")
    for link in (
        one for part in root.findall(".//main//section") for one in part.iter("a") if one.get("href")
    ):
        assert client.get(link.get("href"), follow_redirects=True).status_code == 200, html.text_of(link)


def test_a_member_finds_own_rows_and_no_names_of_others(client, zhang, bureau):
    client.sign_in(zhang)
    for text in ("王五", "wangwu", "M0003", "西山", "党支部"):
        assert not any("党员" in one or "党组织" in one for one in groups(client, text)), text
    found = groups(client, "自学")
    assert [one for key, titles in found.items() if key.startswith("台账记录") for one in titles] == ["自学"]


def test_a_secretary_finds_nothing_of_another_branch(client, make, bureau):
    client.sign_in(make.user(Role.SECRETARY, bureau.one))
    assert "党员 1" in groups(client, "李四")
    assert not any(one.startswith("党员") for one in groups(client, "王五"))
    assert not any(one.startswith("党组织") for one in groups(client, "西山"))


def test_an_administrator_finds_pages_alone(client, make, bureau):
    client.sign_in(make.user(Role.ADMINISTRATOR))
    for text in ("张三", "自学", "北园", "党支部"):
        assert groups(client, text) == {}
    assert any(one.startswith("页面") for one in groups(client, "帮助"))


def test_a_person_in_hardship_is_found_by_code_alone(office, bureau):
    assert any(one.startswith("台账记录") for one in groups(office, "KN001"))


def test_suggestions_are_options_with_an_id_each(office):
    root = html.parse(
        "<!doctype html><title>x</title>" + office.get("/search/suggestions?q=" + quote("自学")).text
    )
    options = [one for one in root.iter("a") if one.get("role") == "option"]
    assert options
    assert len({one.get("id") for one in options}) == len(options)
    assert office.get("/search/suggestions?q=").text.strip() == ""


def test_a_search_leaves_nothing_in_the_audit(office):
    before = db.session.query(AuditEvent).count()
    office.page("/search?q=" + quote("张三"))
    office.get("/search/suggestions?q=" + quote("张三"))
    assert db.session.query(AuditEvent).count() == before


def test_it_takes_a_bounded_number_of_statements(office, make, bureau, statements):
    office.page("/search?q=" + quote("自学"))
    with statements() as few:
        office.page("/search?q=" + quote("自学"))
    for n in range(20):
        make.record(bureau.campaign, "study", member=bureau.people[n % 4], title=f"自学{n}", minutes=5)
    with statements() as many:
        office.page("/search?q=" + quote("自学"))
    assert len(many) <= len(few) + 1


def test_without_a_campaign_people_and_pages_are_found(client, make):
    make.member(make.branch(), name="张三")
    client.sign_in(make.office)
    assert "党员 1" in groups(client, "张三")
    assert client.page("/search") is not None
