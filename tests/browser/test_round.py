"""The daily round: a member notes two hours, the secretary returns them, they are corrected and verified."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.conftest import LiveServer
from tests.browser.people import Person

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
NEW_TITLE = "浏览器里的一次记录"


@pytest.fixture
def people(browser: Any, moving: LiveServer) -> Iterator[Any]:
    """`people(login, size)` lets somebody sit down; nobody's page may have had a fault in the end."""
    seated: list[Person] = []

    def sit(login: str, size: dict[str, int]) -> Person:
        seated.append(Person(browser, moving, login, size))
        return seated[-1]

    yield sit
    for person in seated:
        assert person.faults == []
        person.context.close()


def hours_in(text: str, words: str) -> float:
    """The hours that stand behind some words: 已核实84.5小时 is 84.5; minutes are parts of an hour."""
    found = re.search(words + r"(?:([\d.]+)小时)?(?:([\d.]+)分)?", text)
    assert found, f"{words} is not in {text[:300]}"
    return float(found[1] or 0) + float(found[2] or 0) / 60


def total(person: Person, figure: str, unit: str = "") -> int:
    """What the rows behind a figure come to, in whole units, read off its page; `unit` narrows it."""
    person.page.goto(f"/records?figure={figure}{unit}")
    shown = person.page.locator(".figure-value b").first.inner_text()
    return int(shown.replace(",", ""))


def test_two_hours_go_the_round_and_count_once_they_are_verified(people, moving):
    minutes = "study.total_minutes"
    before = moving.figures()
    office, secretary = people("office", DESK), people("secretary", DESK)
    member = people("member", PHONE)
    branch = re.search(r"/branches/(\d+)", secretary.page.url)
    assert branch
    group = str(secretary.page.locator("a[href^='/groups/']").first.get_attribute("href"))
    of_branch, of_group = f"&unit={branch[1]}", f"&unit={re.findall(r'[0-9]+', group)[0]}"
    group_before, group_page = total(secretary, minutes, of_group), secretary.text(group)
    branch_before, bureau_before = total(secretary, minutes, of_branch), total(office, minutes)
    verified = hours_in(member.text("/me"), "已核实")
    waiting = hours_in(member.text(), "待核实")

    # The member: two hours, in three taps or fewer.
    member.acts = 0
    member.tap(".nav-main a.main")
    member.tap("label.chip", has_text=re.compile(r"^\s*2小时\s*$"))
    member.tap(".jot-save button")
    member.page.wait_for_url("**/me")
    assert member.acts <= 3
    assert moving.figures() == before
    assert hours_in(member.text("/me"), "已核实") == verified
    assert hours_in(member.text(), "待核实") == pytest.approx(waiting + 2)

    # The secretary gives it back, with a reason.
    member.page.goto("/me/records")
    record = member.page.locator("main a[href^='/records/']").first.get_attribute("href")
    number = str(record).rsplit("/", 1)[-1]
    secretary.page.goto("/verify")
    secretary.page.locator(f"input[name=seen][value^='{number}:']").check()
    secretary.tap("#return-open")
    secretary.page.locator("[name=why]:visible").last.fill("请写明学习内容。")
    secretary.tap("#return")
    secretary.page.wait_for_url(re.compile("/verify"))

    # The member reads why, corrects it and hands it in again.
    assert "请写明学习内容。" in member.text("/me")
    member.tap(f"a[href*='/records/{number}/correct']")
    member.page.fill("input[name=title]", NEW_TITLE)
    member.page.locator("main form[method=post] button.p").first.click()
    member.page.wait_for_url(re.compile(rf"/records/{number}$|/me"))
    assert moving.figures() == before

    # The secretary verifies it: everybody's page moves by 120 minutes.
    secretary.page.goto("/verify")
    secretary.page.locator(f"input[name=seen][value^='{number}:']").check()
    secretary.tap("#verify")
    secretary.page.wait_for_url(re.compile("/verify"))
    after = moving.figures()
    assert after[minutes] == before[minutes] + 120
    assert total(secretary, minutes, of_branch) == branch_before + 120
    assert total(office, minutes) == bureau_before + 120
    assert hours_in(member.text("/me"), "已核实") == pytest.approx(verified + 2)
    assert hours_in(member.text(), "待核实") == pytest.approx(waiting)
    assert total(secretary, minutes, of_group) == group_before + 120
    assert secretary.text(group) != group_page

    # The record's page tells the story, in order.
    story = secretary.text(f"/records/{number}")
    places = [story.index(word) for word in ("录入", "退回", "更正", "核实")]
    assert "请写明学习内容。" in story
    assert all(place >= 0 for place in places)


def test_twenty_records_are_verified_in_five_acts_or_fewer(people, moving):
    leader = people("leader", DESK)
    member = people("member", PHONE)
    for n in range(20):
        member.page.goto("/jot")
        member.page.fill("input[name=minutes]", f"{n + 1}分钟")
        member.page.locator(".jot-save button").click()
        member.page.wait_for_url("**/me")
    assert leader.page.goto("/verify").status == 404
    secretary = people("secretary", DESK)
    secretary.tap(".nav-main a[href='/verify']")
    secretary.page.wait_for_url("**/verify")
    waiting = secretary.page.locator("input[name=seen]").count()
    assert waiting >= 20
    secretary.tap("#pick-all input")
    secretary.tap("#verify")
    secretary.page.wait_for_selector("#undo")
    assert secretary.acts <= 5
    assert secretary.page.locator("input[name=seen]").count() == 0

    # And taken back within the minute.
    secretary.tap("#undo button")
    secretary.page.wait_for_load_state()
    assert secretary.page.locator("input[name=seen]").count() == waiting
