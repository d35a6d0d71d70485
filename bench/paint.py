"""How soon the pages are painted on a slow machine, beside a page with nothing on it, in one run.

    python bench/paint.py [LOGIN] [PAGES]

Starts a demo of its own, opens every page of LOGIN's (office unless told) with the processor slowed down
four times, and takes the PAGES (8) whose largest contentful paint comes last. Those are measured again in
rounds, each beside the empty page of the same server, as a browser sees them that has the static files, and
once as one that has none. Prints milliseconds (medians) and ratios, requests, and bytes as gzip sends them.
Timing decides nothing here: what slows pages down and can be counted is held by test_every_page.py.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import sync_playwright

from tests.browser.conftest import LiveServer, serving
from tests.browser.looking import Sizes, weight
from tests.browser.pages import prepare
from tests.browser.people import sign_in
from tests.browser.tour import address_map, addresses_of, launched

SLOWER, ROUNDS = 4, 5
EMPTY = "/static/nothing"  # the page that says that there is nothing
PAINTED = """() => new Promise(done => {
  new PerformanceObserver(list => done(list.getEntries().at(-1).startTime))
    .observe({type: 'largest-contentful-paint', buffered: true});
  setTimeout(() => done(-1), 3000);
})"""


def seat(browser: Any, server: LiveServer, login: str) -> Any:
    """A page of somebody who is signed in, on a slow machine."""
    context = browser.new_context(
        base_url=server.url, locale="zh-CN", viewport={"width": 1280, "height": 900}
    )
    page = context.new_page()
    sign_in(page, server, login)
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page


def painted(page: Any, address: str) -> float:
    """Milliseconds from the click to the largest paint."""
    page.goto(address)
    return float(page.evaluate(PAINTED))


def main() -> None:
    login = sys.argv[1] if len(sys.argv) > 1 else "office"
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 8
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        with sync_playwright() as playwright:
            browser = launched(playwright)
            prepare(browser, server)
        addresses = addresses_of(server, address_map(), login).values()
        with sync_playwright() as playwright:
            browser = launched(playwright)
            page = seat(browser, server, login)
            slowest = sorted(addresses, key=lambda address: -painted(page, address))[:count]
            cold = {}
            for address in slowest:
                fresh = seat(browser, server, login)
                fresh.context.new_cdp_session(fresh).send("Network.setCacheDisabled", {"cacheDisabled": True})
                cold[address] = painted(fresh, address)
                fresh.context.close()
            times: dict[str, list[float]] = {address: [] for address in slowest}
            empty: list[float] = []
            for _ in range(ROUNDS):
                for address in slowest:
                    empty.append(painted(page, EMPTY))
                    times[address].append(painted(page, address))
            sizes, base = Sizes(page.context), statistics.median(empty)
            print(f"largest paint at {SLOWER}x, medians of {ROUNDS}; the empty page {base:.0f} ms")
            print(f"{'ms':>6} {'ratio':>6} {'no cache':>9} {'requests':>9} {'KiB':>6}  page")
            for address, found in sorted(times.items(), key=lambda pair: -statistics.median(pair[1])):
                answer = page.goto(address)
                total, _ = weight(page, answer.body(), sizes)
                asked = page.evaluate("performance.getEntriesByType('resource').length")
                middle = statistics.median(found)
                numbers = f"{middle:6.0f} {middle / base:6.1f} {cold[address]:9.0f} {asked:9}"
                print(f"{numbers} {total / 1024:6.1f}  {address}")
            browser.close()


if __name__ == "__main__":
    main()
