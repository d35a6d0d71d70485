"""Daily work with keys alone: the focus is seen at each stop, nowhere caught, and where the work goes on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import LiveServer
from tests.browser.keys import Keys
from tests.browser.people import passwords, sign_in
from tests.workbooks import xlsx

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
# What moves though the reader asked for stillness.
MOVING = """[...document.querySelectorAll('*')].filter(one => {
  const style = getComputedStyle(one), long = text => text.split(',').some(part => parseFloat(part) > 0);
  const colours = /^((background-|border-|outline-)?color(, )?)+$/.test(style.transitionProperty);
  return (style.animationName !== 'none' && long(style.animationDuration))
    || (long(style.transitionDuration) && !colours);
}).map(one => one.outerHTML.slice(0, 80))"""


@pytest.fixture
def seat(browser: Any, moving: LiveServer) -> Iterator[Callable[..., Keys]]:
    """`seat(login, size)` signs somebody in who uses keys; all their stops must have been seen."""
    seated: list[Keys] = []

    def sit(login: str, size: dict[str, int] = DESK) -> Keys:
        context = browser.new_context(
            base_url=moving.url, viewport=size, locale="zh-CN", reduced_motion="reduce"
        )
        keys = Keys(context.new_page())
        keys.page.set_default_timeout(15_000)
        if login:
            sign_in(keys.page, moving, login)
        seated.append(keys)
        return keys

    yield sit
    faults = [fault for keys in seated for fault in keys.faults]
    for keys in seated:
        keys.page.context.close()
    assert faults == [], "\n".join(faults)


def test_signing_in_and_past_the_menu(seat, moving):
    keys = seat("")
    keys.page.goto("/sign-in")
    assert keys.at("input[name=login]")  # where one begins
    keys.page.keyboard.type("secretary")
    keys.to("input[name=password]")
    keys.page.keyboard.type(passwords(moving)["secretary"])
    keys.press("Enter")
    keys.page.wait_for_url(re.compile(r"/branches/\d+$"))
    keys.press("Tab")
    assert keys.at(".skip")
    assert keys.page.locator(".skip").bounding_box()["y"] >= 0
    keys.press("Enter")
    keys.wait_at("main")
    keys.to("main a, main button, main summary, main [tabindex='0']")
    assert keys.page.evaluate(MOVING) == []


def test_an_hour_is_noted_on_a_phone(seat):
    keys = seat("member", PHONE)
    keys.go(".nav-main a.main, main a.b.p[href='/jot']", "**/jot")
    keys.to("input[name=duration]")
    keys.press("ArrowRight")
    chosen = keys.page.locator("input[name=duration]:checked").get_attribute("value")
    keys.press("ArrowRight")
    assert keys.page.locator("input[name=duration]:checked").get_attribute("value") != chosen
    keys.go(".jot-save button", "**/me")
    assert keys.page.locator("[role=status]").count()  # says that it was kept


def test_the_queue_is_decided(seat):
    member = seat("member", PHONE)
    for _ in range(2):  # something waits
        member.page.goto("/jot")
        member.page.locator(".jot-save button").click()
        member.page.wait_for_url("**/me")
    keys = seat("secretary")
    keys.page.goto("/verify")
    count = keys.page.locator("input[name=seen]").count()
    keys.to("input[name=seen]")
    keys.press("Space")
    assert keys.page.locator("input[name=seen]:checked").count() == 1
    assert keys.page.locator("#chosen").get_attribute("aria-live") == "polite"
    keys.to("#return-open", back=True)
    keys.press("Enter")
    keys.wait_at("dialog[open] *")
    keys.press("Escape")
    keys.wait_at("#return-open")
    keys.press("Enter")
    keys.wait_at("dialog[open] *")
    for _ in range(20):  # a dialog keeps the focus: what lies behind it cannot be reached
        keys.press("Tab")
        assert keys.page.evaluate(
            "!document.activeElement.closest('main') || !!document.activeElement.closest('dialog')"
        )
    keys.to("dialog textarea")
    keys.page.keyboard.type("请写明学习内容。")
    keys.to("#return")
    keys.press("Enter")
    keys.page.wait_for_selector("#undo")
    assert keys.page.locator("[role=status]").count()
    assert keys.page.locator("input[name=seen]").count() == count - 1
    keys.to("input[name=seen]")
    keys.press("Space")
    keys.to("#verify", back=True)
    with keys.page.expect_navigation():
        keys.press("Enter")
    assert keys.page.locator("input[name=seen]").count() == count - 2
    assert keys.page.evaluate(MOVING) == []


def test_a_workbook_is_sent_and_its_faults_are_read(seat, tmp_path: Path):
    book = tmp_path / "台账.xlsx"
    book.write_bytes(
        xlsx(
            {
                "读党史": [
                    ["日期", "工号", "时长", "学习来源", "学习内容"],
                    ["2021-02-30", "M0001", 1, "", "简史"],
                ]
            }
        )
    )
    keys = seat("office")
    keys.page.goto("/imports")
    # Asked for before the keys walk there: told together with the key, the browser may learn of it too late.
    with keys.page.expect_file_chooser() as chooser:
        keys.to("input[type=file]")
        keys.press("Enter")
    chooser.value.set_files(str(book))
    keys.page.wait_for_selector("#chosen-files[aria-live=polite] li")
    keys.go("main form[enctype] button.p", re.compile(r"/imports/\d+"))
    unfinished = keys.page.locator("#progress")
    assert not unfinished.count() or keys.page.locator("#progress[role=status] progress").count()
    unfinished.wait_for(state="detached", timeout=60_000)
    keys.to("main a")
    assert "2021-02-30" in keys.page.locator("main").inner_text()


def test_a_bulletin_is_begun_changed_and_issued(seat):
    keys = seat("office")
    keys.page.goto("/bulletins")
    keys.go(".bulletin-new button.p", re.compile(r"/bulletins/\d+$"))
    keys.go("main a[href$='/edit']", re.compile(r"/edit$"))
    keys.page.wait_for_selector("#page")
    keys.to("#page")
    keys.press("Control+Home")
    keys.page.keyboard.type("前言：")
    keys.to(".figure-list, .bulletin-form button[type=submit]")  # past the figures in the text, and out of it
    keys.go(".bulletin-form button[type=submit]", re.compile(r"/bulletins/\d+$"))
    assert "前言：" in keys.page.locator(".a4").inner_text()
    keys.go("main a[href$='/issue']", re.compile(r"/issue$"))
    keys.go("main form button.p", re.compile(r"/bulletins/\d+$"))
    assert keys.page.locator("main [role=status]").count()
    assert keys.page.evaluate(MOVING) == []


def test_what_is_swapped_in_leaves_the_focus_where_it_was(seat, moving):
    """Progress comes anew each second: who stands on its link stays there."""
    keys = seat("office")
    page = keys.page
    page.goto("/imports")
    page.set_input_files("input[type=file]", "tracker/demo/ledger.xlsx")
    page.locator("main form[enctype] button.p").click()
    page.wait_for_url(re.compile(r"/imports/\d+"))
    page.wait_for_selector("#progress", state="detached", timeout=60_000)
    # As if it were read still, by a worker that has long hold of it: how fast a machine is plays no part.
    last = "state = 'running', lease_until = '2099-01-01 00:00:00' WHERE id = (SELECT max(id) FROM job)"
    moving.sql(f"UPDATE job SET {last}")
    shown = [""]
    page.route(
        re.compile(r"/imports/\d+/progress$"),
        lambda route: route.fulfill(body=shown[0], content_type="text/html"),
    )
    page.reload()
    shown[0] = page.evaluate(
        "document.querySelector('#progress').outerHTML.replace('<p>', '<p data-second>')"
    )
    keys.to("#progress a")
    page.wait_for_selector("#progress [data-second]")
    page.wait_for_timeout(50)
    assert keys.at("#progress a")
