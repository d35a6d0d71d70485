"""One section's page."""

from __future__ import annotations

import datetime as dt

import pytest

from tests import html
from tests.views.figure_pages import DAY, inline_things, small_bureau
from tracker.models import Role, Status


@pytest.fixture
def bureau(make):
    found = small_bureau(make)
    found.head = make.user(Role.SECTION_HEAD, found.section)
    return found


def page(client, user, bureau, query=f"?as_of={DAY}", status=200):
    return client.sign_in(user).page(f"/sections/{bureau.section.id}{query}", status)


def main_of(root):
    return root.find(".//main")


def links(root):
    return [link.get("href") or "" for link in main_of(root).iter("a")]


def stages(root):
    """Stage → number, of the first kind that has several."""
    found = next(one for one in root.iter("dl") if one.get("class") == "stages")
    return {html.text_of(one.find("dt")): html.text_of(one.find("dd")) for one in found.iter("div")}


def task(make, bureau, title, stage, **fields):
    return make.record(bureau.campaign, "task", owner=bureau.section, title=title, stage=stage, **fields)


def test_stages_stand_side_by_side_and_are_not_added(client, make, bureau):
    with make.counted_once(bureau.campaign):
        task(make, bureau, "甲", "领办")
        task(make, bureau, "乙", "领办")
        task(make, bureau, "丙", "在办")
    found = stages(page(client, bureau.head, bureau))
    assert found == {"领办": "2", "在办": "1", "完成": "1"}


def test_what_is_done_later_was_still_under_way_on_the_day(client, make, bureau):
    task(make, bureau, "丁", "完成", ended_on=dt.date(2021, 7, 3))
    assert stages(page(client, bureau.head, bureau))["完成"] == "1"
    assert stages(page(client, bureau.head, bureau))["在办"] == "1"
    assert stages(page(client, bureau.head, bureau, "?as_of=2021-07-03"))["完成"] == "2"


def test_what_waits_stands_beside_the_verified(client, make, bureau):
    task(make, bureau, "甲", "领办", status=Status.SUBMITTED)
    root = page(client, bureau.head, bureau)
    assert stages(root)["领办"].startswith("0")
    assert "1" in stages(root)["领办"]
    assert "甲" in html.text_of(main_of(root))


def test_open_ones_are_listed_oldest_first(client, make, bureau):
    with make.counted_once(bureau.campaign):
        task(make, bureau, "后来的", "领办", happened_on=dt.date(2021, 6, 1))
        task(make, bureau, "早先的", "在办", happened_on=dt.date(2021, 4, 1))
    root = page(client, bureau.head, bureau)
    section = next(one for one in root.iter("section") if one.get("aria-labelledby") == "open-title")
    titles = [html.text_of(cell) for cell in section.iter("td") if cell.get("class") == "what"]
    assert titles == ["早先的", "后来的"]
    assert "86" in html.text_of(section)
    assert "修灯" not in titles  # it is done


def test_the_head_enters_and_others_look_on(client, bureau):
    assert any(link.startswith("/enter") for link in links(page(client, bureau.head, bureau)))
    assert not any(link.startswith("/enter") for link in links(page(client, bureau.auditor, bureau)))


def test_those_of_other_units_do_not_find_it(client, make, bureau):
    for user in (
        bureau.secretary,
        make.user(Role.SECTION_HEAD, make.section()),
        make.user(Role.GROUP_LEADER, bureau.group),
        make.user(Role.MEMBER, member=bureau.zhang),
    ):
        page(client, user, bureau, status=404)


def test_a_branch_is_no_section(client, bureau):
    client.sign_in(bureau.office).page(f"/sections/{bureau.east.id}", 404)


def test_only_the_sections_own_records_are_here(client, bureau):
    root = page(client, bureau.head, bureau)
    text = html.text_of(main_of(root))
    assert [name for name in bureau.names if name in text] == []  # 张三 works in it and reads: not its record
    assert "修路" not in text
    assert inline_things(root) == []
    for link in links(root):
        if link.startswith("/records"):
            client.page(link)


def test_without_a_campaign_the_page_says_so(client, make):
    section = make.section()
    root = client.sign_in(make.user(Role.SECTION_HEAD, section)).page(f"/sections/{section.id}")
    assert html.text_of(main_of(root))


def test_the_number_of_statements_is_bounded(client, bureau, statements):
    client.sign_in(bureau.head)
    with statements() as seen:
        client.page(f"/sections/{bureau.section.id}")
    assert len(seen) <= 20
