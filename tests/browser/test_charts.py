"""Charts in a browser: the server's drawing first, the library when one comes near."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.browser.people import sign_in

LIBRARY = "plotly"
SHIFTED = """() => new Promise(done => {
  new PerformanceObserver(list => done(list.getEntries().reduce((sum, one) => sum + one.value, 0)))
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(0), 300);
})"""
LINE = """() => getComputedStyle(
  document.querySelector("#curve .chart-live .scatterlayer .trace:nth-child(3) .js-line")
).stroke"""
TOKEN = """() => {
  const one = document.createElement("i");
  one.style.color = getComputedStyle(document.documentElement).getPropertyValue("--g1");
  document.body.append(one);
  const colour = getComputedStyle(one).color;
  one.remove();
  return colour;
}"""


@pytest.fixture
def office(page: Any, live_server: Any) -> Any:
    """The office's browser, and what its pages ask for."""
    sign_in(page, live_server)
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    return page


def height(page: Any) -> float:
    found: float = page.locator("#curve .chart-area").bounding_box()["height"]
    return found


def wait_until_drawn(page: Any) -> None:
    page.locator("#curve figure").scroll_into_view_if_needed()
    page.wait_for_selector("#curve [data-drawn]")


def test_the_library_comes_when_a_chart_comes_near_and_nothing_moves(office: Any) -> None:
    office.goto("/", wait_until="load")
    office.wait_for_timeout(400)
    assert [one for one in office.asked if LIBRARY in one] == []
    assert office.locator("#curve .sketch text", has_text="100").first.is_visible()
    before = height(office)
    wait_until_drawn(office)
    assert [one for one in office.asked if LIBRARY in one] != []
    assert height(office) == before
    assert not office.locator("#curve .sketch").is_visible()
    assert office.evaluate(SHIFTED) < 0.01


def test_a_page_without_charts_never_asks_for_the_library(office: Any) -> None:
    office.goto("/records", wait_until="networkidle")
    assert [one for one in office.asked if LIBRARY in one or "charts.js" in one] == []


def test_colours_follow_the_mode_also_while_the_page_is_open(office: Any) -> None:
    office.emulate_media(color_scheme="dark")
    office.goto("/")
    wait_until_drawn(office)
    dark = office.evaluate(LINE)
    assert dark == office.evaluate(TOKEN)
    office.emulate_media(color_scheme="light")
    for _ in range(50):  # the page's policy lets nothing wait by a condition in a string
        if office.evaluate(LINE) != dark:
            break
        office.wait_for_timeout(100)
    assert office.evaluate(LINE) == office.evaluate(TOKEN) != dark


def test_without_the_library_the_drawing_stays_and_the_table_opens(office: Any) -> None:
    office.route(re.compile(r"/vendor/plotly/.*\.js"), lambda route: route.abort())
    office.goto("/")
    office.locator("#curve figure").scroll_into_view_if_needed()
    office.locator("#curve .chart-failed").wait_for(state="visible")
    assert office.locator("#curve .sketch").is_visible()
    assert office.locator("#curve details.behind tbody tr").first.is_visible()


def test_without_script_there_are_a_drawing_and_a_table(browser: Any, live_server: Any) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    sign_in(page, live_server)
    page.goto("/")
    assert page.locator("#curve figure").get_attribute("aria-label")
    assert page.locator("#curve .sketch polyline").first.is_visible()
    page.locator("#curve details.behind summary").click()
    assert page.locator("#curve details.behind tbody tr").first.is_visible()
    context.close()


def test_on_paper_stands_the_drawing(office: Any) -> None:
    office.goto("/")
    wait_until_drawn(office)
    office.emulate_media(media="print")
    assert office.locator("#curve .sketch").is_visible()
    assert not office.locator("#curve .chart-live").is_visible()
