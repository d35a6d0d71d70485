"""Every page that each of the demo's people can reach, on a phone and at a desk, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import LiveServer, serving, watch
from tests.browser.pages import (
    PEOPLE,
    UNLINKED,
    begin,
    deep_addresses,
    pages_of,
    prepare,
    reached,
)  # fmt: skip
from tests.conftest import close_app, config_for, make_app

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
RAW = {
    "a name of the program": r"\b[a-z]+(?:_[a-z]+)+\b|\b[A-Z]+(?:_[A-Z]+)+\b|\b[A-Z][a-z]+\.[A-Z_]{3,}\b",
    "an act as it is stored": r"\b[a-z]+:[a-z]{3,}\b",
    "nothing, spelt out": r"\b(?:null|undefined|NaN)\b",
    "a sentence with a hole": r"%\([a-z]+\)|\{\{|\}\}",
}
ENGLISH_WORDS = r"\bNone\b|\b[A-Za-z]{2,}(?: [a-z]{2,}){2,}"  # what no Chinese page says
MORE_ROWS = {"exclude": [["main tbody tr:nth-child(n+7)"]]}  # for axe: they are made as the first six are


@pytest.fixture(scope="module")
def server(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A demo of this module's own, in which every page has something to show."""
    with serving(tmp_path_factory.mktemp("pages")) as found:
        prepare(browser, found)
        yield found


@pytest.fixture(scope="module")
def examples(server: LiveServer) -> list[str]:
    return deep_addresses(server)


@pytest.fixture(scope="module")
def url_map(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The application's addresses."""
    app = make_app(config_for("sqlite://", tmp_path_factory.mktemp("map")))
    yield app.url_map
    close_app(app)


@pytest.fixture(scope="module")
def known() -> set[str]:
    """The endpoints that somebody has looked at already: the next one looks less closely."""
    return set()


def raw_words(text: str, language: str) -> list[str]:
    """What stands in a page's text and is no word for a reader."""
    patterns = {**RAW, **({"English words": ENGLISH_WORDS} if language == "zh" else {})}
    return [f"{what}: {match[0]}" for what, one in patterns.items() for match in re.finditer(one, text)]


def words_of(page: Any) -> str:
    """The page's text but what is meant to be read as it is stored."""
    text: str = page.evaluate("document.querySelector('main').innerText")
    verbatims = page.locator("main :is([translate=no], code)").all_inner_texts()
    for verbatim in sorted(verbatims, key=len, reverse=True):  # one may be a part of another
        text = text.replace(verbatim, "")
    return text


def look(page: Any, address: str, language: str, axe_at: dict[str, int] | None = None) -> list[str]:
    """Open a page and say what is wrong with it on a phone and at a desk; axe reads it at `axe_at`."""
    found = []
    page.set_viewport_size(PHONE)
    answer = page.goto(address)
    if answer.status != 200:
        found.append(f"answers {answer.status}")
    if page.locator(".chart").count():
        page.wait_for_load_state("networkidle")  # its data come after the page
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        if (width := page.evaluate("document.documentElement.scrollWidth")) > size["width"]:
            found.append(f"at {size['width']} px it is {width} px wide")
        if size == axe_at:
            # The slowest of the rules once a page: colours are the same in both sizes.
            rules = {"color-contrast": {"enabled": size == PHONE}}
            options = {"rules": rules, "resultTypes": ["violations"]}
            if (results := Axe().run(page, MORE_ROWS, options)).violations_count:
                found.append(results.generate_report())
    found += raw_words(words_of(page), language)
    return [f"{address} in {language}: {fault}" for fault in found]


@pytest.mark.parametrize("login", PEOPLE)
def test_every_page_that_somebody_reaches_is_whole_in_both_languages(
    login, browser, server, url_map, known, examples
):
    context = browser.new_context(base_url=server.url, viewport=PHONE, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(10_000)
    faults = watch(page, urlsplit(server.url).netloc)
    addresses, files = reached(context, url_map, begin(page, server, login), examples)
    wanted = pages_of(url_map, login)
    addresses |= {one: UNLINKED[one] for one in wanted & set(UNLINKED) - set(addresses)}
    found = [f"no link leads to {endpoint}" for endpoint in sorted(wanted - set(addresses) - files)]
    new = {endpoint: address for endpoint, address in addresses.items() if endpoint not in known}
    known |= set(new)
    for endpoint, address in addresses.items():
        found += look(page, address, "zh", PHONE if endpoint in new else None)
    if new:
        page.locator(".languages button[value=en]").click()
        page.wait_for_selector("html[lang=en]", state="attached")
    for address in new.values():
        found += look(page, address, "en", DESK)
    context.close()
    assert [*found, *faults] == [], "\n" + "\n".join([*found, *faults])
