"""The desk by keyboard: the search from anywhere, the queue's keys, their switch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.conftest import LiveServer
from tests.browser.people import Person

DESK = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def secretary(browser: Any, moving: LiveServer) -> Iterator[Person]:
    person = Person(browser, moving, "secretary", DESK)
    yield person
    assert person.faults == []
    person.context.close()


def test_a_slash_leads_to_the_search_and_arrows_to_what_it_offers(secretary: Person) -> None:
    page = secretary.page
    page.goto("/help")
    page.keyboard.press("/")
    box = page.locator("#find-text")
    page.keyboard.type("taizhang")
    page.wait_for_selector("#find-list [role=option]")
    assert box.get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    chosen = page.locator("#find-list [aria-selected=true]")
    assert chosen.get_attribute("id") == box.get_attribute("aria-activedescendant")
    page.keyboard.press("Escape")
    assert page.locator("#find-list").is_hidden()
    page.keyboard.type("/")
    assert box.input_value() == "taizhang/", "within a field it is a letter"
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")


def test_the_queue_works_by_keys_and_they_are_switched_off(secretary: Person) -> None:
    page = secretary.page
    page.goto("/verify")
    boxes = page.locator("input[name=seen]")
    before = boxes.count()
    assert before > 0
    page.keyboard.press("j")
    page.keyboard.press("Shift+x")
    page.keyboard.press("Control+x")
    assert page.locator("input[name=seen]:checked").count() == 0, "with another key it is none"
    page.keyboard.press("x")
    assert page.locator("input[name=seen]:checked").count() == 1
    page.keyboard.press("v")
    page.wait_for_selector("#undo")
    assert page.locator("input[name=seen]").count() == before - 1
    page.keyboard.press("u")
    page.wait_for_function("n => document.querySelectorAll('input[name=seen]').length === n", arg=before)
    page.keyboard.press("Shift+?")
    assert page.locator("#keys-help").is_visible()
    page.locator("#keys-help button[type=submit]").click()
    page.wait_for_selector("body[data-no-keys]")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("/")
    assert page.locator("input[name=seen]:checked").count() == 0
    assert page.evaluate("document.activeElement.id") != "find-text"
    page.locator("#keys-open").click()
    page.locator("#keys-help button[type=submit]").click()
    page.wait_for_selector("body:not([data-no-keys])")


def test_a_week_adds_up_while_it_is_typed(secretary: Person) -> None:
    page = secretary.page
    page.goto("/enter/study/week")
    page.select_option("select[name=member]", index=1)
    page.click("main form[role=search] button")
    total, days = page.locator("[data-week-total]"), page.locator(".week-minutes input")
    there = int(total.get_attribute("data-week-total") or 0)
    for typed, minutes, is_read in (
        ("1.5", 90, True),
        ("1小时20分", 80, True),
        ("９０分钟", 90, True),
        ("十分", 0, False),
    ):
        days.first.fill(typed)
        hours, rest = divmod(there + minutes, 60)
        shown = (f"{hours}小时" if hours else "") + (f"{rest}分钟" if rest or not hours else "")
        page.wait_for_function(
            "([p, words]) => document.querySelector(p).textContent.includes(words)",
            arg=["[data-week-total]", shown],
        )
        assert ("算不出" not in (total.text_content() or "")) is is_read
