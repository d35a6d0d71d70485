"""A member's phone: the bar at the thumb, the app without a network, notes that wait on the device."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import LiveServer, watch
from tests.browser.looking import shifts
from tests.browser.people import passwords, sign_in

PHONE = {"width": 360, "height": 740}
# What the browser itself says of pages, and of its look for a newer worker, while there is no network.
CUT = ("ERR_INTERNET_DISCONNECTED", "An unknown error occurred when fetching the script.")
# The answer of the first note that is sent is lost on its way, though the server has written it.
LOSE_AN_ANSWER = """() => {
  const real = window.fetch; let lost = 0;
  window.fetch = async (...asked) => {
    const answer = await real(...asked);
    if (String(asked[0]).endsWith('/jot/kept') && !lost++) throw new TypeError('lost');
    return answer;
  };
}"""
CACHED = """async () => {
  const names = await caches.keys();
  const kept = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys())));
  return kept.flat().map((request) => new URL(request.url).pathname);
}"""


@pytest.fixture(scope="module")
def states(browser: Any, moving: LiveServer) -> dict[str, Any]:
    """The cookies of those who are signed in, by login: passwords are slow on purpose."""
    found = {}
    for login in ("member", "office"):
        context = browser.new_context(base_url=moving.url, locale="zh-CN")
        sign_in(context.new_page(), moving, login)
        found[login] = context.storage_state()
        context.close()
    return found


@pytest.fixture
def phone(browser: Any, moving: LiveServer, states: dict[str, Any]) -> Iterator[Any]:
    """A member at their phone, where the short form is open."""
    context = browser.new_context(
        base_url=moving.url, viewport=PHONE, locale="zh-CN", has_touch=True, storage_state=states["member"]
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    faults = watch(page, urlsplit(moving.url).netloc)
    page.goto("/jot")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    yield page
    context.close()
    assert [fault for fault in faults if not any(word in fault for word in CUT)] == []


@pytest.fixture
def noted(moving: LiveServer) -> Any:
    """How many records have been entered by hand since the test began."""

    def count() -> int:
        return int(moving.sql("SELECT count(*) FROM record WHERE batch_id IS NULL")[0][0])

    before = count()
    return lambda: count() - before


def says(page: Any, words: str) -> None:
    expect(page.locator("[data-line]")).to_have_text(re.compile(words))


def save(page: Any) -> None:
    page.locator(".jot-save button").click()


def test_two_taps_note_an_hour_and_every_place_is_within_reach_of_the_thumb(phone, noted):
    phone.goto("/me")
    bar = phone.locator(".nav-bar > a:visible, .menu-more > summary")
    assert bar.count() == 5
    for box in [bar.nth(n).bounding_box() for n in range(5)]:
        assert box["height"] >= 44 and box["width"] >= 44 and box["y"] > PHONE["height"] * 0.85
    assert "main" in (bar.nth(2).get_attribute("class") or "")  # the note, in the middle
    bar.nth(2).tap()
    save(phone)
    phone.wait_for_url("**/me")
    assert noted() == 1


def test_more_opens_upwards_shows_every_place_and_closes_by_escape_by_a_tap_beside_it_and_without_a_script(
    phone, browser, moving, states
):
    more, sheet = phone.locator(".menu-more > summary"), phone.locator(".menu-sheet")
    more.tap()
    expect(sheet).to_be_visible()
    assert sheet.locator("a[aria-current=page]").inner_text().strip() == "记一笔"
    assert sheet.locator("form[action='/sign-out']").is_visible()
    assert all(link.bounding_box()["height"] >= 44 for link in sheet.locator("a:visible").all())
    phone.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    assert phone.evaluate("document.activeElement.matches('.menu-more > summary')")
    more.tap()
    phone.touchscreen.tap(180, 60)
    expect(sheet).to_be_hidden()
    plain = browser.new_context(
        base_url=moving.url, viewport=PHONE, storage_state=states["member"], java_script_enabled=False
    )
    page = plain.new_page()
    page.goto("/me")
    page.locator(".menu-more > summary").click()
    page.locator(".menu-sheet a[href='/me/everything']").click()
    assert page.url.endswith("/me/everything")
    plain.close()


def test_notes_without_a_network_wait_on_the_device_and_are_recorded_once_each_by_two_tabs(phone, noted):
    second = phone.context.new_page()
    second.goto("/me")
    phone.context.set_offline(True)
    save(phone)
    says(phone, "^1条已存在本机")
    save(phone)
    says(phone, "^2条已存在本机")
    assert noted() == 0
    phone.context.set_offline(False)
    expect(phone.locator(".kept-notes li")).to_have_count(0, timeout=15_000)
    expect(second.locator(".kept-notes li")).to_have_count(0, timeout=15_000)
    assert noted() == 2
    assert phone.evaluate("Object.keys(localStorage).length") == 0


def test_a_note_whose_answer_was_lost_is_recorded_once(phone, noted):
    phone.evaluate(LOSE_AN_ANSWER)
    save(phone)
    says(phone, "^1条已存在本机")
    says(phone, "^刚刚发送了1条")
    assert noted() == 1


def test_a_note_waits_for_its_writer_whoever_signs_in_meanwhile(phone, moving, states, noted):
    phone.context.clear_cookies()  # a session of its own, for it is ended below
    sign_in(phone, moving, "member")
    phone.goto("/jot")
    phone.context.set_offline(True)
    save(phone)
    says(phone, "已存在本机")
    phone.route("**/jot/kept", lambda route: route.abort())  # the network is there, the server is not
    phone.context.set_offline(False)
    asked: list[str] = []
    phone.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    phone.locator(".who > summary").click()
    phone.locator(".who-menu form[action='/sign-out'] button").click()
    phone.wait_for_url("**/sign-in**")
    assert "还有1条没有发送" in asked[0]
    phone.unroute("**/jot/kept")
    sign_in(phone, moving, "leader")
    expect(phone.locator("[data-kept]")).to_have_count(1)
    expect(phone.locator(".kept-notes")).to_be_hidden()
    assert noted() == 0
    phone.context.clear_cookies()
    phone.context.add_cookies(states["member"]["cookies"])
    phone.goto("/me")
    says(phone, "^刚刚发送了1条")
    assert noted() == 1


def test_a_session_that_ended_meanwhile_loses_no_note(phone, moving, noted):
    phone.context.set_offline(True)
    save(phone)
    phone.context.clear_cookies()
    phone.context.set_offline(False)
    says(phone, "请重新登录后发送")
    phone.locator("[data-sign-in]").click()
    phone.fill("input[name=login]", "member")
    phone.fill("input[name=password]", passwords(moving)["member"])
    phone.press("input[name=password]", "Enter")
    says(phone, "^刚刚发送了1条")
    assert noted() == 1


def test_what_the_server_refuses_stays_with_its_reason_until_it_is_mended_or_thrown_away(phone, noted):
    phone.context.set_offline(True)
    phone.fill("#minutes", "30小时")
    save(phone)
    phone.fill("#minutes", "40小时")
    save(phone)
    phone.context.set_offline(False)
    says(phone, "^2条没有记上")
    first, second = phone.locator(".kept-notes li").all()
    assert "上限" in first.inner_text()
    phone.on("dialog", lambda dialog: dialog.accept())
    second.locator("[data-drop]").click()
    first.locator("[data-mend]").click()
    expect(phone.locator("#minutes")).to_have_value("30小时")
    phone.fill("#minutes", "1小时")
    save(phone)
    phone.wait_for_url("**/me")
    expect(phone.locator(".kept-notes")).to_be_hidden()
    assert noted() == 1


def test_without_a_network_a_page_says_so_and_the_device_keeps_nobody_s_pages(phone):
    phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.goto("/me")
    phone.context.set_offline(True)
    phone.goto("/me/records")
    assert phone.locator("h1").inner_text() == "现在没有网络"
    ground = phone.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    assert ground != "rgba(0, 0, 0, 0)"  # its style sheets are kept too
    assert Axe().run(phone).violations_count == 0
    cached = phone.evaluate(CACHED)
    assert [path for path in cached if not path.startswith("/static/")] == ["/offline"]
    phone.context.set_offline(False)
    phone.wait_for_selector(".own-rows")  # by itself


def test_what_saves_is_above_the_bar_and_no_field_makes_the_page_zoom(phone):
    for address in ("/jot", "/jot/write?kind=work", "/enter/pairing", "/me/records"):
        phone.goto(address)
        sizes = phone.locator(
            "main :is(input:not([type=hidden], [type=radio], [type=checkbox]), select, textarea):visible"
        ).evaluate_all("fields => fields.map((field) => parseFloat(getComputedStyle(field).fontSize))")
        assert all(size >= 16 for size in sizes), address
        button = phone.locator("main form .p[type=submit]").first
        if address != "/me/records":
            box, bar = button.bounding_box(), phone.locator(".nav-main").bounding_box()
            assert box["y"] + box["height"] <= bar["y"], address
            assert box["y"] > PHONE["height"] / 2, address
    phone.goto("/jot/write?kind=work")
    phone.locator(".near-days button", has_text="昨天").tap()
    assert phone.input_value("#happened_on") == "2021-07-30"


@pytest.mark.parametrize(("login", "language"), [("office", "zh_Hans"), ("office", "en"), ("member", "en")])
def test_the_bar_neither_wraps_nor_clips_at_any_width(browser, moving, states, login, language):
    context = browser.new_context(base_url=moving.url, locale="zh-CN", storage_state=states[login])
    page = context.new_page()
    page.goto("/help")
    if language == "en":
        page.locator(".languages button[value=en]").click()
    for text in ("", "large"):
        if text:
            context.add_cookies([{"name": "text", "value": text, "url": moving.url}])
            page.reload()
        for width in (320, 360, 768, 1024, 1280):
            page.set_viewport_size({"width": width, "height": 740})
            where = (width, text)
            shown = page.locator(".nav-bar > a:visible, .menu-more > summary:visible").evaluate_all(
                "all => all.map((one) => one.getBoundingClientRect().toJSON())"
            )
            assert len({box["y"] for box in shown}) <= (2 if width < 761 else 1), where
            assert all(box["left"] >= 0 and box["right"] <= width + 1 for box in shown), where
            edges = sorted((box["left"], box["right"]) for box in shown)
            assert all(one[1] <= other[0] + 1 for one, other in pairwise(edges)), where
            brand = page.locator(".brand").bounding_box()
            assert width < 761 or brand["x"] + brand["width"] <= edges[0][0] + 1, where
    context.close()


@pytest.mark.parametrize(
    ("login", "addresses"),
    [
        ("member", ("/jot", "/jot/write?kind=work", "/enter/pairing", "/me/records")),
        ("office", ("/enter/study", "/enter", "/", "a record that waits")),
    ],
)
def test_a_page_that_comes_in_pieces_does_not_move_as_it_comes(browser, moving, states, login, addresses):
    context = browser.new_context(
        base_url=moving.url, viewport=PHONE, locale="zh-CN", storage_state=states[login]
    )
    page = context.new_page()
    page.goto(addresses[0])  # styles and scripts are on the phone from here on: only the page itself is slow
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    slow = {"offline": False, "latency": 0, "downloadThroughput": 12_000, "uploadThroughput": -1}
    network.send("Network.emulateNetworkConditions", slow)
    ((waiting,),) = moving.sql("SELECT min(id) FROM record WHERE status = 'submitted'")
    faults = []
    for address in addresses:
        page.goto(address if address.startswith("/") else f"/records/{waiting}")
        faults += [f"{address}: {one}" for one in shifts(page)]
    context.close()
    assert faults == []
