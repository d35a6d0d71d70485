"""Every page that each of the demo's people can reach: each page with each person, mode, language and width,
each person with each mode and so on (every pair in `make test`, all of it in `make test-everything`). A page
that is made of nothing but what somebody else was shown on it is fetched and read, and not looked at again.
The dark meets every person, language and width, and not every page: see matrix.pairs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error

from tests.browser.conftest import LiveServer, serving, watch
from tests.browser.looking import (
    AGAIN,
    HEIGHTS,
    SLOW_RULES,
    Sizes,
    axe,
    parts_of,
    raw_words,
    read,
    settle,
    shifts,
    too_wide,
    weight,
    words_of,
)
from tests.browser.matrix import Look, Pair, everything, pair_of, pairs, pairs_of, pairwise
from tests.browser.modes import choose, speak
from tests.browser.pages import (
    DRAWN,
    NO_PAGES,
    PEOPLE,
    UNLINKED,
    begin,
    deep_addresses,
    endpoint_of,
    follow,
    links,
    pages_of,
    prepare,
)  # fmt: skip
from tests.conftest import close_app, config_for, make_app

HEAVIEST = 5  # pages that a run names


@pytest.fixture(scope="module")
def server(
    browser: Any, demo: Path, demos: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    """A demo of this module's own, in which every page has something to show."""
    with serving(tmp_path_factory.mktemp("pages"), demo, demos) as found:
        prepare(browser, found)
        yield found


@pytest.fixture(scope="module")
def url_map(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The application's addresses."""
    app = make_app(config_for("sqlite://", tmp_path_factory.mktemp("map")))
    yield app.url_map
    close_app(app)


Asked = tuple[str, object]  # a slow rule of axe, and the theme or width it was asked in


@dataclass
class Known:
    """What a run has looked at: people see different pages, but made of the same parts.

    asked: the parts, of whatever page, of which axe was asked its slow rules. parts: of which each page is
    made, by endpoint. met: which pairs were looked at.
    """

    asked: dict[Asked, set[str]] = field(default_factory=dict)
    parts: dict[str, set[str]] = field(default_factory=dict)
    met: set[Pair] = field(default_factory=set)

    def learn(self, look: Look, text: str) -> bool:
        """Keep what a look has seen. Returns whether anything of the page is new to this run."""
        parts, known = parts_of(text), self.parts.setdefault(look.endpoint, set())
        is_new = not parts <= known
        known |= parts
        self.met |= pairs(look)
        return is_new

    def due(self, look: Look, text: str) -> list[str]:
        """The slow rules that a part of the page has not met in its colours, or at its width."""
        parts, found = parts_of(text), []
        for rule, by in SLOW_RULES.items():
            known = self.asked.setdefault((rule, getattr(look, by)), set())
            found += [] if parts <= known else [rule]
            known |= parts
        return found

    def may_be_known(self, look: Look) -> bool:
        """Whether all that is left of a look is who looks."""
        return pairs(look) - self.met <= {pair_of(look, "login")}

    def has_nothing_new(self, look: Look, text: str) -> bool:
        """Whether a page holds only parts that others saw of it."""
        return parts_of(text) <= self.parts.get(look.endpoint, set())


class Walk:
    """One person's way through all pages, and what was seen on it. known: what others saw before, None to
    look at everything all the same."""

    def __init__(
        self,
        browser: Any,
        server: LiveServer,
        url_map: Any,
        login: str,
        looks: list[Look],
        known: Known | None,
    ) -> None:
        self.url_map, self.login, self.wanted = url_map, login, pages_of(url_map, login)
        self.looks: dict[str, list[Look]] = {}
        for look in looks:
            self.looks.setdefault(look.endpoint, []).append(look)
        self.seen: list[Look] = []
        self.alike: list[Look] = []  # that would have shown nothing new
        self.others: set[str] = set()  # endpoints that answer with a file or lead on to another page
        self.weights: dict[str, int] = {}
        self.faults: list[str] = []
        self._known, self._alone = known or Known(), known is None
        context = browser.new_context(base_url=server.url, locale="zh-CN")
        page = context.new_page()
        self.first = begin(page, server, login)
        self._request, self._sizes = context.request, Sizes(context)
        self._pages = {"zh": page, "en": browser.new_context(base_url=server.url, locale="zh-CN").new_page()}
        self._pages["en"].context.add_cookies(context.cookies())
        self._pages["en"].goto(self.first)
        speak(self._pages["en"], "en")
        for each in self._pages.values():
            each.set_default_timeout(20_000)
            watch(each, urlsplit(server.url).netloc, self.faults)

    def go(self, examples: Collection[str]) -> None:
        """Follow links from where the person begins, and look at each page when it comes first."""
        follow(self._request, self.url_map, self.first, examples, self.visit)
        for endpoint, address in UNLINKED.items():
            if endpoint in self.wanted:
                self.visit(endpoint, address)
        done = {look.endpoint for look in self.seen + self.alike} | self.others
        self.faults += [f"no link leads to {endpoint}" for endpoint in sorted(self.wanted - done)]

    def visit(self, endpoint: str, address: str) -> list[str]:
        """Look at a page as often as is due, else only ask for it. Returns the links on it."""
        if endpoint in DRAWN:
            self.others.add(endpoint)
            return []
        answer = None
        for look in self.looks.pop(endpoint, []):
            if not self._alone and self._known.may_be_known(look):
                answer = self.ask(endpoint, address)
                if endpoint in self.others:
                    break
                if self._known.has_nothing_new(look, answer.text()):
                    found = raw_words(read(answer.text()), "zh")
                    self.faults += [f"{address}: {one}" for one in found]
                    self.alike.append(look)
                    continue
            answer = self.look(look, address)
            if answer is None:
                break
        return links(self.ask(endpoint, address) if answer is None else answer)

    def ask(self, endpoint: str, address: str) -> Any:
        """Fetch a page without looking at it; notes if it is none."""
        answer = self._request.get(address, max_retries=AGAIN)
        assert answer.status == 200, f"a link leads to {address}, which answers {answer.status}"
        if "text/html" not in answer.headers["content-type"] or endpoint != self.endpoint_at(answer.url):
            self.others.add(endpoint)
        return answer

    def endpoint_at(self, url: str) -> str | None:
        return endpoint_of(self.url_map, urlsplit(url).path)

    def look(self, look: Look, address: str) -> Any:
        """Open a page and note what is wrong with it. Returns the answer, None if it is no page."""
        page = self._pages[look.language]
        choose(page.context, page.url, look.mode)
        page.set_viewport_size({"width": look.width, "height": HEIGHTS[look.width]})
        try:
            answer = page.goto(address)
        except Error as error:
            if "Download is starting" in str(error) or "ERR_ABORTED" in str(error):
                return None
            raise
        if answer.status != 200 or self.endpoint_at(page.url) != look.endpoint:
            return None
        settle(page)
        if found := shifts(page):  # on a busy machine a page comes in pieces: that says nothing of the page
            answer = page.reload()
            settle(page)
            found = shifts(page)
        text = answer.text()
        due = [*SLOW_RULES] if self._alone else self._known.due(look, text)
        found += axe(page, slow=due, others=self._known.learn(look, text) or self._alone)
        self.weights[address], heavy = weight(page, answer.body(), self._sizes)
        found += heavy + raw_words(words_of(page), look.language)
        if look.mode != "dark":  # which has other colours, and nothing of another size
            found += too_wide(page)
        self.faults += [f"{address}, {look.mode}, {look.language}, {look.width} px: {one}" for one in found]
        self.seen.append(look)
        return answer

    def close(self) -> None:
        for page in self._pages.values():
            page.context.close()


Chosen = Callable[[Mapping[str, Collection[str]]], list[Look]]


def pages(url_map: Any) -> dict[str, set[str]]:
    return {login: pages_of(url_map, login) for login in PEOPLE}


@pytest.fixture(scope="module")
def known() -> Known:
    """What this run has looked at."""
    return Known()


@pytest.fixture(scope="module")
def walked() -> dict[str, Walk]:
    """The ways that were walked in this run, by person."""
    return {}


def walk(
    browser: Any, server: LiveServer, url_map: Any, login: str, choice: Chosen, known: Known | None
) -> Walk:
    looks = [look for look in choice(pages(url_map)) if look.login == login]
    one = Walk(browser, server, url_map, login, looks, known)
    one.go(deep_addresses(server))
    one.close()
    return one


@pytest.mark.parametrize("login", PEOPLE)
def test_every_page_that_somebody_reaches_is_whole(login, browser, server, url_map, walked, known):
    walked[login] = walk(browser, server, url_map, login, pairwise, known)
    assert walked[login].faults == [], "\n" + "\n".join(walked[login].faults)


@pytest.mark.usefixtures("browser")  # so that in one process no other module's tests come between
def test_every_pair_of_page_person_mode_language_and_width_was_looked_at(url_map, walked, record_property):
    assert set(walked) == set(PEOPLE), "run the module whole: this reads what its walks saw"
    seen = [look for one in walked.values() for look in one.seen]
    alike = {pair_of(look, "login") for one in walked.values() for look in one.alike}
    real = {login: {look.endpoint for look in one.seen + one.alike} for login, one in walked.items()}
    assert pairs_of(everything(real)) - pairs_of(seen) - alike == set()
    asked = {rule.endpoint for rule in url_map.iter_rules() if "GET" in rule.methods}
    known = NO_PAGES | set().union(*(one.others for one in walked.values()), *real.values())
    assert asked - known == set()  # pages that nobody of the demo's people comes to
    weights = {address: size for one in walked.values() for address, size in one.weights.items()}
    for address, size in sorted(weights.items(), key=lambda pair: -pair[1])[:HEAVIEST]:
        record_property("heaviest pages", f"{size / 1024:6.1f} KiB  {address}")


@pytest.mark.full
@pytest.mark.parametrize("login", PEOPLE)
def test_every_page_is_whole_in_every_mode_language_and_width(login, browser, server, url_map):
    one = walk(browser, server, url_map, login, everything, None)
    assert one.seen
    assert one.faults == [], "\n" + "\n".join(one.faults)
