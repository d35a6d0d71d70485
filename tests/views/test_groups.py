"""One party group's page."""

from __future__ import annotations

import pytest

from tests import html
from tests.views.figure_pages import DAY, inline_things, small_bureau
from tracker.models import Role, Status


@pytest.fixture
def bureau(make):
    found = small_bureau(make)
    found.leader = make.user(Role.GROUP_LEADER, found.group)
    return found


def page(client, user, bureau, query=f"?as_of={DAY}", status=200):
    return client.sign_in(user).page(f"/groups/{bureau.group.id}{query}", status)


def main_of(root):
    return root.find(".//main")


def links(root):
    return [link.get("href") or "" for link in main_of(root).iter("a")]


def test_the_group_stands_with_lowest_mean_and_how_many_are_there_without_names(client, bureau):
    root = page(client, bureau.leader, bureau)
    text = html.text_of(main_of(root))
    assert "60小时" in text  # the lowest of 60 and 90 hours
    assert "75小时" in text  # their mean
    assert "20小时" in text  # the group's own
    assert [name for name in bureau.names if name in text] == []
    assert inline_things(root) == []


def test_the_leader_may_enter_and_the_auditor_only_look(client, bureau):
    assert any(link.startswith("/enter") for link in links(page(client, bureau.leader, bureau)))
    assert any(link.startswith("/enter") for link in links(page(client, bureau.secretary, bureau)))
    assert not any(link.startswith("/enter") for link in links(page(client, bureau.auditor, bureau)))


@pytest.mark.parametrize("role", [Role.SECTION_HEAD, Role.MEMBER, Role.ADMINISTRATOR])
def test_others_do_not_find_it(client, make, bureau, role):
    unit = bureau.section if role is Role.SECTION_HEAD else None
    member = bureau.zhang if role is Role.MEMBER else None
    page(client, make.user(role, unit, member=member), bureau, status=404)


def test_those_of_another_branch_or_group_do_not_find_it(client, make, bureau):
    page(client, bureau.stranger, bureau, status=404)
    page(client, make.user(Role.GROUP_LEADER, make.group(bureau.east)), bureau, status=404)


def test_a_branch_is_no_group(client, bureau):
    client.sign_in(bureau.office).page(f"/groups/{bureau.east.id}", 404)


def test_what_the_group_entered_and_waits_is_listed_but_nobody_elses_hours(client, make, bureau):
    waiting = {"status": Status.SUBMITTED, "minutes": 60}
    make.record(bureau.campaign, "service", owner=bureau.group, title="清扫河道", **waiting)
    make.record(bureau.campaign, member=bureau.zhang, title="自己读的", **waiting)
    mine = make.record(bureau.campaign, member=bureau.zhang, title="组长代录", **waiting)
    mine.entered_by_id = bureau.leader.id
    text = html.text_of(main_of(page(client, bureau.leader, bureau)))
    assert "清扫河道" in text
    assert "组长代录" in text
    assert "自己读的" not in text
    office = html.text_of(main_of(page(client, bureau.office, bureau)))
    assert "清扫河道" in office
    assert "组长代录" not in office
    assert "张三" not in office


def test_rows_lead_to_the_groups_part_of_the_ledger(client, bureau):
    found = links(page(client, bureau.leader, bureau))
    assert any(link.startswith("/records") and f"unit={bureau.group.id}" in link for link in found)
    for link in found:
        if link.startswith("/records"):
            client.page(link)


def test_without_a_campaign_the_page_says_so(client, make):
    group = make.group()
    root = client.sign_in(make.user(Role.GROUP_LEADER, group)).page(f"/groups/{group.id}")
    assert html.text_of(main_of(root))


def test_the_number_of_statements_is_bounded(client, bureau, statements):
    client.sign_in(bureau.leader)
    with statements() as seen:
        client.page(f"/groups/{bureau.group.id}")
    assert len(seen) <= 20
