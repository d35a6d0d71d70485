"""The branches, and one of them."""

from __future__ import annotations

import pytest

from tests import html
from tests.views.figure_pages import DAY, inline_things, small_bureau


@pytest.fixture
def bureau(make):
    return small_bureau(make)


def rows(root, heading_id):
    """First cell → texts of the others, of the table in the section with that heading."""
    section = next(one for one in root.iter("section") if one.get("aria-labelledby") == heading_id)
    return {
        html.text_of(row.find("th")): [html.text_of(cell) for cell in row.iter("td")]
        for row in section.iter("tr")
        if row.find("td") is not None
    }


def test_a_branch_shows_its_own_standing_and_its_share(client, bureau):
    root = client.sign_in(bureau.office).page(f"/branches/{bureau.east.id}?as_of={DAY}")
    goals = rows(root, "goals-title")
    assert goals["一百小时读党史"][0] == "60小时"
    assert "2人中0人已满" in goals["一百小时读党史"][2]
    assert goals["一百个红色故事"][1] == "全局2场次中的1场次"
    assert goals["一百篇优秀心得"][0] == "—"
    assert "未报" in goals["一百篇优秀心得"][3]
    assert goals["一百小时志愿服务"][0] == "20小时"


def test_a_branch_of_retired_members_is_not_asked_for_everything(client, bureau):
    root = client.sign_in(bureau.office).page(f"/branches/{bureau.old.id}?as_of={DAY}")
    assert rows(root, "goals-title")["一百件微实事"][3] == "不适用"


def test_groups_have_minimum_and_mean(client, bureau):
    text = html.text_of(client.sign_in(bureau.office).page(f"/branches/{bureau.east.id}?as_of={DAY}"))
    assert "读党史最低 60小时" in text
    assert "读党史平均 75小时" in text


def test_months_count_verified_rows_and_joint_sessions(client, bureau):
    months = rows(
        client.sign_in(bureau.office).page(f"/branches/{bureau.west.id}?as_of={DAY}"), "months-title"
    )
    assert months["2021-03"][:2] == ["1", "2"]
    assert months["合计"][:2] == ["2", "2"]


def test_nobody_is_named_and_nothing_is_inline(client, bureau):
    for address in ("/branches", f"/branches/{bureau.east.id}"):
        root = client.sign_in(bureau.secretary).page(address)
        assert [name for name in bureau.names if name in html.text_of(root)] == []
        assert inline_things(root) == []


def test_the_secretary_sees_the_own_branch_and_no_other(client, bureau):
    client.sign_in(bureau.secretary).page(f"/branches/{bureau.east.id}")
    client.sign_in(bureau.stranger).page(f"/branches/{bureau.east.id}", 404)


def test_the_list_of_a_secretary_holds_only_the_own_branch(client, bureau):
    text = html.text_of(client.sign_in(bureau.secretary).page("/branches"))
    assert "东湖党支部" in text
    assert "西山党支部" not in text


def test_the_auditor_sees_all_branches(client, bureau):
    text = html.text_of(client.sign_in(bureau.auditor).page("/branches"))
    assert "3个党支部" in text


@pytest.mark.parametrize("unit", ["0", "9007199254740991", "99999999999999999999", "x"])
def test_what_is_no_branch_is_not_found(client, bureau, unit):
    client.sign_in(bureau.office).page(f"/branches/{unit}", 404)


def test_a_section_is_no_branch(client, bureau, make):
    client.sign_in(bureau.office).page(f"/branches/{make.section().id}", 404)


def test_who_is_not_signed_in_is_sent_to_the_sign_in(client, bureau):
    assert client.get(f"/branches/{bureau.east.id}").location.startswith("/sign-in")
    assert client.get("/branches").location.startswith("/sign-in")


def test_without_a_campaign_the_page_says_so(client, make):
    branch = make.branch()
    assert "还没有行动计划" in html.text_of(client.sign_in(make.user()).page(f"/branches/{branch.id}"))


def test_the_number_of_statements_is_bounded(client, bureau, statements):
    client.sign_in(bureau.office)
    with statements() as seen:
        client.page(f"/branches/{bureau.east.id}")
    assert len(seen) <= 18
