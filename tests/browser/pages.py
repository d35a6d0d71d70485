"""The pages of the demo: who its people are, how they come to each page, and what must be there first."""

from __future__ import annotations

import html
import re
from collections import deque
from collections.abc import Callable, Collection
from typing import Any
from urllib.parse import urljoin, urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from tests import test_access
from tests.browser.conftest import LiveServer
from tests.browser.looking import AGAIN
from tests.browser.people import sign_in
from tests.workbooks import xlsx

SAMPLES = 2  # addresses of one endpoint that are read for their links
NOBODY = "nobody"  # who is not signed in
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
    NOBODY: "nobody signed in",
}
# What answers a GET without being a page of its own.
NO_PAGES = {
    "account.recovery",  # of who has a second step, which nobody of the demo has: test_second_step.py
    "arrivals.here",  # its address stands in a code on a screen, and nowhere else
    "batches.problems",
    "batches.progress",
    "batches.template",
    "bulletins.paper",  # for the printer: no frame around it; tests/views/test_bulletin_paper.py has it
    "bureau.sheet",
    "calendar.file",
    "chart_pictures.png",
    "chart_pictures.svg",
    "charts.data",
    "charts.sheet",
    "figures.show",
    "installed.manifest",
    "installed.offline",  # what a browser without a network shows; tests/browser/test_phone.py
    "installed.worker",
    "jobs.progress",  # somebody's long work, while it lasts: tests/views/test_jobs.py
    "jobs.show",
    "plans.file",
    "results.enter",  # of sessions with a test, which the demo has none of: tests/views/test_results.py
    "screens.previewed",  # tests/browser/test_screen.py has the screens
    "screens.refreshed",
    "screens.show",
    "search.suggestions",  # a part of every page, swapped in
    "sessions.code",  # between password and account; tests/browser/test_newcomer.py
    "stages.index",  # leads on to the board of a kind
    "static",
    "studio.rows",
    "watch.healthz",  # for programs: tests/views/test_watch.py
    "watch.metrics",
    "watch.readyz",
}
# What a Chromium of the server's draws for some seconds each; they are asked for in tests of their own.
DRAWN = {"chart_pictures.png", "chart_pictures.svg", "bulletins.docx", "bulletins.pdf"}
# Pages that no link leads to for some who may open them: they have nothing there, or another way is shorter.
UNLINKED = {
    "branches.index": "/branches",
    "certificates.check": "/certificates/check",
    "comparisons.show": "/campaigns/compare",  # one campaign has none to be compared with
    "entries.week": "/enter/study/week",
    "hours.show": "/hours",
    "papers.index": "/papers",
    "papers.new": "/papers/new",
    "style.show": "/style",  # for whoever builds pages
}


# Who does not look at a page: it leads on to where they begin, or is the same for everybody.
NOT_FOR = {
    "bureau.show": set(PEOPLE) - {"office", "auditor"},
    "statements.index": {"secretary", "deputy"},
    "style.show": set(PEOPLE) - {"office"},
}


def prepare(browser: Any, server: LiveServer) -> None:
    """Bring about what pages need: a group's leader prints a sheet, a member has a certificate, the office
    has sent a platform's export whose columns are not chosen yet, and two files of one form, and keeps a
    filter of the ledger."""
    for login, begin, ends in (
        ("leader", "/papers/new", r"/papers/\d+$"),
        ("member", "/me/certificates", r"/me/certificates#c\d+$"),
        ("office", "/imports", r"/imports/\d+/columns$"),
    ):
        context = browser.new_context(base_url=server.url, locale="zh-CN")
        page = context.new_page()
        sign_in(page, server, login)
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
            page.goto("/records?status=submitted")
            kept = page.locator(".kept-filters")
            kept.locator("summary").click()
            kept.locator("[name=name]").fill("待核实的")
            kept.locator("button").first.click()
            kept.get_by_role("link", name="待核实的").wait_for()
        context.close()


def begin(page: Any, server: LiveServer, login: str) -> str:
    """Sign in, or come as nobody. Returns the path of the page where this person begins."""
    if login == NOBODY:
        page.goto("/sign-in")
    else:
        sign_in(page, server, login)
    return urlsplit(page.url).path


def deep_addresses(server: LiveServer) -> list[str]:
    """What leads further than the first pages of a list: a record of each kind of the branch whose people
    sign in, those with a file, and the last plan."""
    rows = server.sql(
        "SELECT min(record.id) FROM record, member, membership WHERE member.number = 'M0004'"
        " AND membership.member_id = member.id AND record.branch_id = membership.branch_id"
        " AND (record.member_id IS NULL OR record.member_id = member.id)"
        " AND status = 'verified' AND ended_on IS NULL GROUP BY kind_id"
    )
    rows += server.sql("SELECT DISTINCT record_id FROM evidence")
    plan = server.sql("SELECT max(id) FROM plan")[0][0]
    return [*(f"/records/{row[0]}" for row in rows), f"/plans/{plan}"]


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


def follow(
    request: Any, url_map: Any, first: str, examples: Collection[str], visit: Callable[[str, str], list[str]]
) -> None:
    """Follow the links of a person's pages from where they begin, a few addresses of each endpoint.

    examples: further addresses, which are followed where the person is let in.
    visit:    takes endpoint and address, and gives the links found there.
    """
    read: dict[str, set[str]] = {}
    found = {one: request.get(one, max_redirects=0, max_retries=AGAIN) for one in examples}
    queue = deque([first, *(one for one, answer in found.items() if answer.status == 200)])
    while queue:
        address = queue.popleft()
        endpoint = endpoint_of(url_map, urlsplit(address).path)
        assert endpoint, f"a link leads to {address}, which is no page"
        seen = read.setdefault(endpoint, set())
        if address in seen or (len(seen) >= SAMPLES and address not in examples):
            continue
        seen.add(address)
        queue.extend(visit(endpoint, address))


def reached(
    context: Any, url_map: Any, first_path: str, examples: Collection[str] = ()
) -> tuple[dict[str, str], set[str]]:
    """One address for each endpoint with a page that a person comes to by following links from where they
    begin; and the endpoints that answer with a file or with another page's address.
    """
    first: dict[str, str] = {}
    files: set[str] = set()

    def visit(endpoint: str, address: str) -> list[str]:
        if endpoint in DRAWN:
            files.add(endpoint)
            return []
        answer = context.request.get(address, max_retries=AGAIN)
        assert answer.status == 200, f"a link leads to {address}, which answers {answer.status}"
        is_page = "text/html" in answer.headers["content-type"]
        if not is_page or endpoint_of(url_map, urlsplit(answer.url).path) != endpoint:
            files.add(endpoint)
        elif endpoint not in NO_PAGES:
            first.setdefault(endpoint, address)
        return links(answer)

    follow(context.request, url_map, first_path, examples, visit)
    return first, files


def pages_of(url_map: Any, login: str) -> set[str]:
    """The endpoints with a page that this person is let into."""
    asked = {rule.endpoint for rule in url_map.iter_rules() if "GET" in rule.methods}
    pages = {e for e in asked - NO_PAGES if PEOPLE[login] in test_access.ALLOWED[e]}
    pages -= {e for e in pages if login in NOT_FOR.get(e, ())}
    return pages - {"sessions.sign_in"} if login != NOBODY else pages
