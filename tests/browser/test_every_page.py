"""Every page that each of the demo's people can reach, on a phone and at a desk, in both languages."""

from __future__ import annotations

import contextlib
import html
import re
import sqlite3
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from tests import test_access
from tests.browser.conftest import LiveServer, serving, watch
from tests.browser.people import sign_in
from tests.conftest import close_app, config_for, make_app
from tests.workbooks import xlsx

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
SAMPLES = 2  # addresses of one endpoint that are read for their links
# login → who that is in tests/test_access.py
PEOPLE = {
    "office": test_access.OFFICE,
    "auditor": test_access.AUDITOR,
    "secretary": test_access.OWN,
    "deputy": test_access.DEPUTY,
    "leader": test_access.LEADER,
    "head": test_access.HEAD,
    "member": test_access.MEMBER,
    "admin": test_access.ADMIN,
}
# What answers a GET without being a page of its own.
NO_PAGES = {"batches.problems", "batches.progress", "batches.template", "bureau.sheet", "calendar.file",
            "charts.data", "charts.sheet", "chart_pictures.png", "chart_pictures.svg", "figures.show",
            "plans.file", "static", "sessions.code", "sessions.sign_in", "studio.rows"}  # fmt: skip
NO_PAGES |= {"arrivals.here"}  # its address stands in a code on a screen, and nowhere else
NO_PAGES |= {
    "screens.previewed",
    "screens.refreshed",
    "screens.show",
}  # tests/browser/test_screen.py has them
NO_PAGES |= {
    "bulletins.paper"
}  # for the printer: no frame around it; tests/views/test_bulletin_paper.py has it
# What a Chromium of the server's draws for some seconds each; they are asked for in tests of their own.
DRAWN = {"chart_pictures.png", "chart_pictures.svg", "bulletins.docx", "bulletins.pdf"}
# Pages that no link leads to for some who may open them: they have nothing there, or another way is shorter.
UNLINKED = {"branches.index": "/branches", "papers.index": "/papers", "papers.new": "/papers/new",
            "entries.week": "/enter/study/week",
            "comparisons.show": "/campaigns/compare",  # one campaign has none to be compared with
            "certificates.check": "/certificates/check", "hours.show": "/hours"}  # fmt: skip
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
    """A demo of this module's own, in which a group's leader has printed a sheet, a member has a certificate,
    and the office has sent a platform's export whose columns are not chosen yet."""
    with serving(tmp_path_factory.mktemp("pages")) as found:
        for login, begin, ends in (
            ("leader", "/papers/new", r"/papers/\d+$"),
            ("member", "/me/certificates", r"/me/certificates#c\d+$"),
            ("office", "/imports", r"/imports/\d+/columns$"),
        ):
            context = browser.new_context(base_url=found.url, locale="zh-CN")
            page = context.new_page()
            sign_in(page, found, login)
            page.goto(begin)
            if login == "office":
                page.select_option("select[name=columns]", "new")
                page.set_input_files("input[type=file]", "tracker/demo/roster.xlsx")
            page.locator("main form[method=post] button.p").first.click()
            page.wait_for_url(re.compile(ends))
            if login == "office":  # two files of one form have a page together
                page.goto("/imports")
                books = {
                    "rows.xlsx": {"读党史": [["日期", "姓名", "时长"]]},
                    "notes.xlsx": {"说明": [["一句话"]]},
                }
                sent = [
                    {"name": name, "mimeType": "application/octet-stream", "buffer": xlsx(sheets)}
                    for name, sheets in books.items()
                ]
                page.set_input_files("input[type=file]", sent)
                page.locator("main form[method=post] button.p").first.click()
                page.wait_for_url(re.compile(r"/imports/\d+/together$"))
            context.close()
        yield found


@pytest.fixture(scope="module")
def examples(server: LiveServer) -> list[str]:
    """What leads further than the first pages of a list: a record of each kind of the branch whose people
    sign in, those with a file, and the last plan."""
    with contextlib.closing(sqlite3.connect(server.data_dir / "tracker.sqlite3")) as database:
        rows = database.execute(
            "SELECT min(record.id) FROM record, member, membership WHERE member.number = 'M0004'"
            " AND membership.member_id = member.id AND record.branch_id = membership.branch_id"
            " AND (record.member_id IS NULL OR record.member_id = member.id)"
            " AND status = 'verified' AND ended_on IS NULL GROUP BY kind_id"
        ).fetchall()
        rows += database.execute("SELECT DISTINCT record_id FROM evidence").fetchall()
        plan = database.execute("SELECT max(id) FROM plan").fetchone()[0]
    return [*(f"/records/{row[0]}" for row in rows), f"/plans/{plan}"]


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


def endpoint_of(url_map: Any, path: str) -> str | None:
    """The endpoint of an address that is asked with GET, None if there is none."""
    try:
        return str(url_map.bind("localhost").match(path, method="GET")[0])
    except (HTTPException, RequestRedirect):
        return None


def links(answer: Any) -> list[str]:
    """The addresses that a page of ours leads to; none if it is not a page."""
    if "text/html" not in answer.headers["content-type"]:
        return []
    hrefs = re.findall(r'<a\b[^>]*?\bhref="([^"#]+)', answer.text())
    parts = [urlsplit(urljoin(answer.url, html.unescape(href))) for href in dict.fromkeys(hrefs)]
    home = urlsplit(answer.url).netloc
    return [part.path + (f"?{part.query}" if part.query else "") for part in parts if part.netloc == home]


def reached(
    context: Any, url_map: Any, begin: str, examples: Sequence[str] = ()
) -> tuple[dict[str, str], set[str]]:
    """One address for each endpoint with a page that a person comes to by following links from where they
    begin; and the endpoints that answer with a file.

    examples: further addresses, which are followed where the person is let in.
    """
    first: dict[str, str] = {}
    files: set[str] = set()
    read: dict[str, set[str]] = {}
    queue = deque([begin, *(one for one in examples if context.request.get(one).status == 200)])
    while queue:
        address = queue.popleft()
        endpoint = endpoint_of(url_map, urlsplit(address).path)
        assert endpoint, f"a link leads to {address}, which is no page"
        seen = read.setdefault(endpoint, set())
        if address in seen or (len(seen) >= SAMPLES and address not in examples):
            continue
        seen.add(address)
        if endpoint in DRAWN:
            files.add(endpoint)
            continue
        answer = context.request.get(address)
        assert answer.status == 200, f"a link leads to {address}, which answers {answer.status}"
        if "text/html" not in answer.headers["content-type"]:
            files.add(endpoint)
        elif endpoint not in NO_PAGES:
            first.setdefault(endpoint, address)
        queue.extend(links(answer))
    return first, files


def pages_of(url_map: Any, login: str) -> set[str]:
    """The endpoints with a page that this person is let into."""
    asked = {rule.endpoint for rule in url_map.iter_rules() if "GET" in rule.methods}
    return {e for e in asked - NO_PAGES if PEOPLE[login] in test_access.ALLOWED[e]}


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
    sign_in(page, server, login)
    addresses, files = reached(context, url_map, urlsplit(page.url).path, examples)
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
