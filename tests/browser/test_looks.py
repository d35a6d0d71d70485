"""Dark and large print on the main pages: words stand out, nothing is small or wider than the window."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.people import sign_in

pytestmark = pytest.mark.slow
PHONE = {"width": 360, "height": 740}
PAGES = {
    "member": ("/me", "/jot", "/me/records", "/drafts", "/account"),
    "secretary": ("/", "/verify", "/members"),
    "office": ("/", "/statements"),
}
# What stands on the page in letters below 18 px, what is to be pressed and is lower than 60 px, and how much
# wider than the window the page is. Paper on the page and what charts draw have sizes of their own; a link
# within a sentence is as high as the sentence; a box is as large as the label around it.
MEASURE = """() => {
  const found = new Set(), paper = '.sr, .a4, .sheet, .skip, .js-plotly-plot, svg:not(.ring)'
  const shown = e => {
    const box = e.getBoundingClientRect()
    return box.width > 1 && box.height > 1 && e.checkVisibility()
  }
  const name = e => e.tagName + '.' + e.getAttribute('class') + ' ' + e.textContent.trim().slice(0, 16)
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (words.nextNode()) {
    const e = words.currentNode.parentElement, size = parseFloat(getComputedStyle(e).fontSize)
    if (!words.currentNode.data.trim() || !shown(e) || e.closest(paper)) continue
    if (size < 18) found.add(`${size} px: ${name(e)}`)
  }
  const pressed = 'a[href], button, input:not([type=hidden]), select, textarea, summary'
  for (const e of document.querySelectorAll(pressed)) {
    if (!shown(e) || e.closest(paper)) continue
    const label = e.matches('[type=checkbox], [type=radio]') && e.closest('label')
    const box = (label || e).getBoundingClientRect()
    const within = e.matches('a') && getComputedStyle(e).display === 'inline' &&
      [...e.parentElement.childNodes].some(n => n !== e && n.nodeType === 3 && n.data.trim().length > 1)
    if (!within && box.height < 59.5) found.add(`${box.height} px high: ${name(e)}`)
  }
  const over = document.documentElement.scrollWidth - innerWidth
  if (over > 0) found.add(`${over} px wider than the window`)
  return [...found]
}"""


@pytest.fixture(params=sorted(PAGES))
def reader(browser: Any, live_server: Any, request: Any) -> Iterator[tuple[Any, tuple[str, ...]]]:
    """One of the demo's people at a phone, and the pages that they look at."""
    context = browser.new_context(
        base_url=live_server.url, locale="zh-CN", viewport=PHONE, reduced_motion="reduce"
    )
    page = context.new_page()
    sign_in(page, live_server, request.param)
    yield page, PAGES[request.param]
    context.close()


def choose(page: Any, name: str) -> None:
    """Press a button at the foot of the page, and wait until the page is there again."""
    with page.expect_navigation():
        page.locator("footer .looks").get_by_role("button", name=name, exact=True).click()


def test_pages_are_dark_whether_chosen_or_the_devices_and_paper_never_is(reader: Any) -> None:
    page, addresses = reader
    choose(page, "深色")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    chosen = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.goto(addresses[-1])  # how well words stand out, tests/browser/test_every_page.py measures
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == chosen
    choose(page, "随设备")
    page.emulate_media(color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == chosen
    page.emulate_media(color_scheme="dark", media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != chosen
    assert page.locator(".b:visible, button:visible, .nav-main:visible").count() == 0  # paper has no buttons


def test_large_print_has_nothing_small_and_nothing_wider_than_a_phone(reader: Any) -> None:
    page, addresses = reader
    choose(page, "大字版")
    found = {}
    for address in addresses:
        page.goto(address)
        assert page.locator(".large-note").is_visible()
        found[address] = page.evaluate(MEASURE)
    assert not {address: faults for address, faults in found.items() if faults}
    choose(page, "标准字号")
    assert page.locator(".large-note").count() == 0
