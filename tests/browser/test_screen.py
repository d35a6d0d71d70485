"""The screen on a wall in a browser: it goes on for a night without growing, keeps its figures while the
server is away, comes back, stops when its link is revoked; and it fits every screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import LiveServer
from tests.browser.people import sign_in

SIZES = ((1920, 1080), (1280, 720), (3840, 2160), (1024, 768), (360, 640))
MINUTE = 66_000  # milliseconds within which the next refresh begins, for certain
SHORT_NIGHT = 120  # refreshes
# What may stay behind of them all: a heap is never the same to the byte, nodes and listeners are.
MOST_BYTES = 300_000


@pytest.fixture(scope="module")
def office(browser: Any, live_server: LiveServer) -> Iterator[Any]:
    """The office at its desk."""
    context = browser.new_context(base_url=live_server.url, locale="zh-CN")
    page = context.new_page()
    sign_in(page, live_server, "office")
    yield page
    context.close()


@pytest.fixture
def address(office: Any) -> str:
    """The address of a new link."""
    office.goto("/screens")
    office.fill("#label", "三楼会议室")
    office.locator("form[action='/screens'] button.p").click()
    found: str = office.locator("code.pick").inner_text()
    return found


def kept(page: Any, times: int = 5) -> dict[str, float]:
    """What the page holds after collections: bytes of heap, nodes, listeners. The least of some looks, since
    what was read last is not always let go at once."""
    tools = page.context.new_cdp_session(page)
    tools.send("Performance.enable")
    looks = []
    for _ in range(times):
        tools.send("HeapProfiler.collectGarbage")
        metrics = {one["name"]: one["value"] for one in tools.send("Performance.getMetrics")["metrics"]}
        looks.append(metrics)
        page.wait_for_timeout(60)
    tools.detach()
    names = ("JSHeapUsedSize", "Nodes", "JSEventListeners")
    return {name: min(look[name] for look in looks) for name in names}


@pytest.fixture(autouse=True)
def quiet_end(page: Any) -> Iterator[None]:
    """A refresh that is on its way when a test is over belongs to no other test."""
    yield
    page.unroute_all(behavior="ignoreErrors")


def hurried(page: Any, address: str, every: float) -> list[int]:
    """Open the wall with `every` seconds between refreshes, and other numbers each time. Returns a list that
    grows by one with each of them."""
    asked: list[int] = []

    def open_it(route: Any) -> None:
        answer = route.fetch()
        text = re.sub(r'data-every="\d+"', f'data-every="{every}"', answer.text())
        route.fulfill(response=answer, body=text)

    def refresh(route: Any) -> None:
        asked.append(1)
        answer = route.fetch()
        text = re.sub(r'(<b class="s\d">)[^<]*', rf"\g<1>{len(asked) % 977}", answer.text())
        text = re.sub(r'width="[\d.]+%" height="8"', f'width="{len(asked) % 100}%" height="8"', text)
        route.fulfill(response=answer, body=text)

    page.route(re.compile(r"/screen/[^/]+$"), open_it)
    page.route("**/now", refresh)
    page.goto(address)
    return asked


def until(page: Any, asked: list[int], count: int, seconds: float) -> None:
    """Wait until so many refreshes were asked for."""
    for _ in range(int(seconds * 20)):
        if len(asked) >= count:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"only {len(asked)} refreshes of {count}")


class Asked:
    """The refreshes that a page asks for: begun, answered, lost."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.begun, self.answered, self.lost = 0, 0, 0
        page.on("request", lambda request: self._note("begun", request))
        page.on("requestfinished", lambda request: self._note("answered", request))
        page.on("requestfailed", lambda request: self._note("lost", request))

    def _note(self, what: str, request: Any) -> None:
        if request.url.endswith("/now"):
            setattr(self, what, getattr(self, what) + 1)

    def next(self, most: int = 400) -> int:
        """Let the page's clock run until it asks, then wait for the end of that; how many seconds passed.

        The clock stands while it waits: the page gives up on an answer after some of its own seconds.
        """
        count, step = self.begun, 4
        for seconds in range(step, most + step, step):
            self.page.clock.run_for(step * 1000)
            self.page.wait_for_timeout(10)
            if self.begun > count:
                for _ in range(400):
                    if self.answered + self.lost == self.begun:
                        self.page.wait_for_timeout(10)
                        return seconds
                    self.page.wait_for_timeout(25)
        raise AssertionError(f"nothing within {most} seconds")


def test_a_night_leaves_nothing_behind(page: Any, address: str) -> None:
    asked = hurried(page, address, 0.02)
    until(page, asked, 20, 10)
    assert page.locator(".tile").count() == 7  # what looks into pages is there before it is measured
    before = kept(page)
    until(page, asked, 20 + SHORT_NIGHT, 20)
    after = kept(page)
    assert after["Nodes"] <= before["Nodes"] + 2, (before, after)
    assert after["JSEventListeners"] <= before["JSEventListeners"], (before, after)
    assert after["JSHeapUsedSize"] <= before["JSHeapUsedSize"] + MOST_BYTES, (before, after)
    assert page.locator(".tile").first.locator("b").inner_text() != ""


def test_it_keeps_its_figures_while_the_server_is_away_and_comes_back(page: Any, address: str) -> None:
    asked = Asked(page)
    page.clock.install()
    page.goto(address)
    figures = page.locator("main").inner_text()
    page.route("**/now", lambda route: route.abort())
    asked.next()
    notice = page.locator("#notice")
    notice.wait_for(state="visible")
    assert re.fullmatch(r"数据停在\d\d:\d\d，正在重连", notice.inner_text())
    assert page.locator("main").inner_text() == figures
    waits = [asked.next() for _ in range(7)]  # later and later, but never more than five minutes later
    assert waits[0] <= 12
    assert waits == sorted(waits)
    assert 200 <= max(waits) <= 340
    assert asked.lost == asked.begun
    page.unroute("**/now")
    asked.next()
    assert asked.answered == 1
    notice.wait_for(state="hidden")
    assert page.locator("main").inner_text() == figures


def test_a_revoked_link_leaves_no_figure_on_the_wall(page: Any, address: str, office: Any) -> None:
    page.clock.install()
    page.goto(address)
    assert page.locator(".tile").count() == 7
    office.goto("/screens")
    office.locator("form[action$='/revoke'] button").first.click()
    with page.expect_response("**/now"):
        page.clock.run_for(MINUTE)
    page.locator("body.gone").wait_for()
    assert page.locator("#notice").inner_text().startswith("此链接已停用")
    assert page.locator(".tile").count() == 0
    assert page.goto(address).status == 404
    assert "此链接已停用" in page.locator("main").inner_text()


def test_after_a_release_it_loads_itself_anew(page: Any, address: str) -> None:
    page.clock.install()
    page.goto(address)

    def newer(route: Any) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=re.sub('data-release="[^"]*"', 'data-release="x"', answer.text()))

    page.route("**/now", newer)
    with page.expect_navigation():
        page.clock.run_for(MINUTE)
    assert page.locator(".tile").count() == 7


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_it_fits_every_screen_without_bars_and_can_be_read(page: Any, address: str, theme: str) -> None:
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{address}?theme={theme}")
        root = page.evaluate(
            "(() => { const r = document.documentElement;"
            " return [r.scrollWidth, r.scrollHeight, r.clientWidth, r.clientHeight]; })()"
        )
        assert root[0] <= root[2], (width, height, root)
        if width > height:
            assert root[1] <= root[3], (width, height, root)
            cut = page.evaluate(
                "[...document.querySelectorAll('.tile')].filter(t => t.scrollHeight > t.clientHeight + 1"
                " || t.scrollWidth > t.clientWidth + 1).map(t => t.dataset.goal)"
            )
            assert cut == [], (width, height)
        smallest = page.evaluate(
            "Math.min(...[...document.querySelectorAll('#wall *')].filter(e => [...e.childNodes].some("
            "n => n.nodeType === 3 && n.nodeValue.trim())).map("
            "e => parseFloat(getComputedStyle(e).fontSize)))"
        )
        assert smallest >= (12 if width < 500 else 31.9 * min(width / 1920, height / 1080)), (width, smallest)
        if width == 1920:
            number = page.locator(".tile .v > b").nth(2)
            assert number.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= 160
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()
