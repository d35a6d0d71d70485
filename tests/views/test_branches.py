"""The branches, and one of them."""

from __future__ import annotations

import pytest

from tests import html
from tests.views.figure_pages import DAY, inline_things, small_bureau
from tracker.models import Grant, Role, Status

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


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
    assert [cell.split()[0] for cell in months["2021-03"][:2]] == ["1", "2"]
    assert months["合计"][:2] == ["2", "2"]


def card(root, heading_id):
    """The section with that heading, None if the page has none."""
    return next((one for one in root.iter("section") if one.get("aria-labelledby") == heading_id), None)


def names_in(root, bureau):
    return [name for name in bureau.names if name in html.text_of(root)]


def test_the_office_and_the_auditor_see_nobody_named_and_nothing_is_inline(client, bureau):
    for user in (bureau.office, bureau.auditor):
        for address in ("/branches", f"/branches/{bureau.east.id}"):
            root = client.sign_in(user).page(address)
            assert names_in(root, bureau) == []
            assert card(root, "help-title") is None
            assert inline_things(root) == []


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.DEPUTY])
def test_who_keeps_the_branch_sees_who_needs_a_hand(client, make, bureau, role):
    root = client.sign_in(make.user(role, bureau.east)).page(f"/branches/{bureau.east.id}?as_of={DAY}")
    helped = card(root, "help-title")
    assert names_in(helped, bureau) == ["张三"]  # 60 h are below the pace of 77.4, 90 h are not
    assert names_in(root, bureau) == ["张三"]
    links = [link.get("href") for link in helped.iter("a") if "b" in (link.get("class") or "").split()]
    assert len(links) == 1
    assert f"member={bureau.zhang.id}" in links[0]
    assert list(helped.iter("ol")) == []  # nobody is numbered
    assert list(helped.iter("form")) == []  # no other order, no export
    assert not [link for link in helped.iter("a") if "sort" in (link.get("href") or "")]
    assert inline_things(root) == []


@pytest.mark.parametrize("role", [Role.GROUP_LEADER, Role.SECTION_HEAD, Role.MEMBER])
def test_others_do_not_come_to_the_page_at_all(client, make, bureau, role):
    unit = {Role.GROUP_LEADER: bureau.group, Role.SECTION_HEAD: bureau.section}.get(role)
    user = make.user(role, unit, member=bureau.zhang)
    client.sign_in(user).page(f"/branches/{bureau.east.id}", 404)


def test_the_office_that_keeps_a_branch_sees_names_of_that_branch_only(client, make, bureau):
    both = make.user(Role.OFFICE)
    both.grants.append(Grant(role=Role.SECRETARY, unit=bureau.east))
    client.sign_in(both)
    assert card(client.page(f"/branches/{bureau.east.id}?as_of={DAY}"), "help-title") is not None
    assert card(client.page(f"/branches/{bureau.west.id}?as_of={DAY}"), "help-title") is None


def wait(make, bureau, member, count=1, **fields):
    with make.counted_once(bureau.campaign):
        for n in range(count):
            make.record(
                bureau.campaign, member=member, minutes=60, source="学习强国", title=f"待核{n}",
                status=Status.SUBMITTED, **fields,
            )  # fmt: skip


def test_what_waits_is_listed_for_the_keeper_and_only_counted_for_others(client, make, bureau):
    wait(make, bureau, bureau.zhang, 7)
    root = client.sign_in(bureau.secretary).page(f"/branches/{bureau.east.id}")
    waiting = card(root, "waiting-title")
    assert [html.text_of(cell) for cell in waiting.iter("td") if cell.get("class") == "what"] == [
        f"待核{n}" for n in range(5)
    ]
    queue = f"/verify?branch={bureau.east.id}"
    assert queue in [link.get("href") for link in root.find(".//main").iter("a")]
    assert "7" in html.text_of(root.find(".//main").find(".//p[@class='lead']"))
    for user in (bureau.office, bureau.auditor):
        counted = card(client.sign_in(user).page(f"/branches/{bureau.east.id}"), "waiting-title")
        assert list(counted.iter("td")) == []
        assert "7" in html.text_of(counted)
        assert names_in(counted, bureau) == []


def test_what_waits_elsewhere_is_not_shown(client, make, bureau):
    wait(make, bureau, bureau.zhang)
    root = client.sign_in(bureau.stranger).page(f"/branches/{bureau.west.id}")
    assert list(card(root, "waiting-title").iter("td")) == []
    assert "待核0" not in html.text_of(root)


def test_the_own_records_wait_for_somebody_else(client, make, bureau):
    secretary = make.user(Role.SECRETARY, bureau.east, member=bureau.zhang)
    wait(make, bureau, bureau.zhang)
    root = client.sign_in(secretary).page(f"/branches/{bureau.east.id}")
    rows_waiting = [cell for cell in card(root, "waiting-title").iter("td") if cell.get("class") == "what"]
    assert len(rows_waiting) == 1
    assert "/verify" not in [
        (link.get("href") or "").split("?")[0]
        for link in root.find(".//main").iter("a")
        if "p" in (link.get("class") or "").split()
    ]


def test_the_latest_month_is_compared_with_the_one_before_in_words(client, bureau):
    root = client.sign_in(bureau.office).page(f"/branches/{bureau.east.id}?as_of=2021-05-20")
    change = next(row for row in root.iter("tr") if row.get("class") == "change")
    assert len(list(change.iter("td"))) >= 3
    assert any(char.isalpha() for char in html.text_of(change.find("td")))
    first = client.page(f"/branches/{bureau.east.id}?as_of=2021-02-27")
    assert [row for row in first.iter("tr") if row.get("class") == "change"] == []


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
    assert len(seen) <= 26
    wait_for = client.sign_in(bureau.secretary)
    with statements() as seen:
        wait_for.page(f"/branches/{bureau.east.id}")
    assert len(seen) <= 29
