"""A bureau whose every text means harm, in a browser: nothing is carried out, asked for or made an element.

Each page is opened under the site's own policy: what the policy stopped would be seen as its violation. In a
full run each page is opened as everybody who may, and once more without the policy, where only the pages'
own care helps.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import flask_migrate
import pytest
from playwright.sync_api import Error

from tests.browser.conftest import watch
from tests.browser.pages import endpoint_of
from tests.conftest import close_app, config_for, make_app
from tests.proof.figures import is_full, reached
from tests.proof.hostile_bureau import HostileBureau
from tests.proof.hostile_texts import PAYLOADS, WORKED_OUT
from tests.proof.server import Server, serving

DRAWN = {"bulletins.docx", "bulletins.pdf", "chart_pictures.png", "chart_pictures.svg"}
EATS = ("<!--", "CDATA", "<style", "<base", "<meta", "<noscript")  # what comes after them on a page is lost
CHARTS = 2  # live ones that are waited for on a page; in a full run all
# Before any script of a page: what a hostile text would call, and what the policy stops.
COUNTS = """
  window.hits = []; window.stopped = [];
  window.xq = n => window.hits.push(n);
  for (const name of ["alert", "confirm", "prompt"]) window[name] = () => window.hits.push(name);
  document.addEventListener("securitypolicyviolation", e => {
    const said = `${e.violatedDirective} ${e.blockedURI} ${e.sample}`;
    if (!(e.sourceFile || "").includes("plotly")) window.stopped.push(said);
  });
"""
# Everything that can be opened is opened, everything that takes the focus gets it, the mouse passes over all.
UNFOLDS = "() => { for (const one of document.querySelectorAll('details')) one.open = true; }"
OPENS = """() => {
  const all = [...document.querySelectorAll("body *")];
  for (const one of document.querySelectorAll("dialog")) { one.close(); one.showModal(); one.close(); }
  for (const one of document.querySelectorAll("button[type=button]:not([data-save])")) one.click();
  for (const one of document.querySelectorAll("dialog[open]")) one.close();
  for (const one of all) {
    for (const name of ["mouseover", "mouseenter", "pointerenter"]) one.dispatchEvent(new MouseEvent(name));
    if (one.matches("a[href],button,input,select,textarea,summary,[tabindex],[contenteditable]")) one.focus();
  }
}"""
# What became of the texts: elements, attributes and addresses that no page of ours has.
FINDS = """() => {
  const found = [];
  const named = /^(iframe|object|embed|base|xq|x|math|video|noscript-x|animate|mglyph|marquee)$/;
  const leads = ["href", "src", "action", "formaction", "data", "xlink:href", "poster"];
  const address = /^[\\s\\x00-\\x20]*(j\\s*a\\s*v\\s*a\\s*s\\s*c\\s*r\\s*i\\s*p\\s*t|vbscript|data:text)/i;
  for (const one of document.querySelectorAll("*")) {
    const tag = one.localName;
    if (named.test(tag)) found.push("element " + tag);
    if (tag === "script" && !one.src && one.type !== "application/json") found.push("script " + one.text);
    if (tag === "meta" && one.httpEquiv) found.push("meta " + one.httpEquiv);
    if (tag === "style" && !one.id.startsWith("plotly")) found.push("style " + one.textContent.slice(0, 80));
    if (one.isContentEditable && !one.hasAttribute("data-editor")) found.push("editable " + tag);
    for (const { name, value } of one.attributes) {
      if (name.startsWith("on")) found.push(name + "=" + value);
      if (leads.includes(name) && address.test(value)) found.push(name + "=" + value);
      if (name === "style" && !one.closest(".chart-live, #js-plotly-tester")) found.push("style=" + value);
    }
  }
  const said = [...document.querySelectorAll("[title],[value],[aria-label]")];
  const texts = [document.title, document.body.innerText,
    ...said.flatMap(one => [one.title, one.value, one.ariaLabel])];
  if (document.querySelector(".chart-failed:not([hidden])")) found.push("a chart failed");
  return { found, hits: window.hits, stopped: window.stopped, texts: texts.join("\\n") };
}"""


class Bench(NamedTuple):
    """The bureau, its server, and every page of it: endpoint, address."""

    bureau: HostileBureau
    server: Server
    addresses: list[tuple[str, str]]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("hostile")
    app = make_app(config_for(f"sqlite:///{folder / 'tracker.sqlite3'}", folder))
    with app.app_context():
        flask_migrate.upgrade()
        bureau = HostileBureau(app)
        with serving(app.config["TRACKER"], folder) as server:
            yield Bench(bureau, server, bureau.addresses(16 if is_full() else 2))
    close_app(app)


class Visitor:
    """One person's browser, and everything that went wrong in it."""

    def __init__(self, browser: Any, bench: Bench, who: str, has_policy: bool = True) -> None:
        self.url_map, self.who = bench.bureau.app.url_map, who
        self.home = f"http://127.0.0.1:{bench.server.port}"
        self.context = browser.new_context(
            base_url=self.home, locale="zh-CN", bypass_csp=not has_policy, service_workers="block"
        )
        if who:
            self.context.add_cookies([{**bench.bureau.cookie(who), "url": self.home}])
        self.context.add_init_script(COUNTS)
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.faults = watch(self.page, urlsplit(self.home).netloc)
        self.page.on("dialog", self.dismiss)
        self.drawn = 0  # live charts

    def dismiss(self, dialog: Any) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def visit(self, endpoint: str, address: str) -> bool:
        """Open a page and everything on it. Returns whether it is one, for this person."""
        try:
            answer = self.page.goto(address, wait_until="domcontentloaded")
        except Error as error:
            if "Download is starting" in str(error) or "ERR_ABORTED" in str(error):
                return False
            raise
        if answer.status != 200 or endpoint_of(self.url_map, urlsplit(self.page.url).path) != endpoint:
            return False
        if "text/html" not in answer.headers.get("content-type", ""):
            return False
        self.page.evaluate(UNFOLDS)
        self.charts()
        self.page.evaluate(OPENS)
        self.note(address, self.page.evaluate(FINDS))
        return True

    def charts(self) -> None:
        """Let the live charts come, and pass over what they draw."""
        boxes = self.page.locator("[data-chart]:has(.chart-area)")
        for n in range(boxes.count() if is_full() else min(CHARTS, boxes.count())):
            area = boxes.nth(n).locator(".chart-area").first
            area.scroll_into_view_if_needed()
            for _ in range(30):  # the page's policy lets nothing wait by a condition in a string
                if area.get_attribute("data-drawn"):
                    self.drawn += 1
                    break
                self.page.wait_for_timeout(50)
            box = area.bounding_box()
            for across in (0.3, 0.5, 0.7):
                self.page.mouse.move(box["x"] + across * box["width"], box["y"] + box["height"] / 2)

    def note(self, address: str, seen: dict[str, Any]) -> None:
        """What a page shows of harm."""
        told = [*seen["found"], *(f"carried out: {n}" for n in seen["hits"])]
        told += [f"stopped: {one}" for one in seen["stopped"]] + WORKED_OUT.findall(seen["texts"])
        self.faults += [f"{self.who} {address}: {one}" for one in told]

    def close(self) -> None:
        self.context.close()


def visit_all(
    browser: Any, bench: Bench, people: list[str], everybody: bool, has_policy: bool = True
) -> list[str]:
    """Open each page as one person, or as everybody, who may. Returns who opened what."""
    visitors = {who: Visitor(browser, bench, who, has_policy) for who in people}
    opened: list[str] = []
    for endpoint, address in bench.addresses:
        if endpoint in DRAWN:
            continue
        for who in (name for name in bench.bureau.let_in(endpoint) if name in people):
            if visitors[who].visit(endpoint, address):
                opened.append(f"{endpoint} {who}")
                if not everybody:
                    break
    faults = [one for visitor in visitors.values() for one in visitor.faults]
    for visitor in visitors.values():
        visitor.close()
    assert faults == [], "\n" + "\n".join(faults[:40])
    assert sum(visitor.drawn for visitor in visitors.values()) > 3
    return opened


def test_no_text_is_more_than_a_text_on_any_page(browser, bench, record_property):
    assert bench.bureau.lacking == set(), "columns with a text that no row of the hostile bureau has"
    people = [*bench.bureau.users]
    opened = visit_all(browser, bench, people, is_full())
    pages = {one.split()[0] for one in opened}
    assert len(pages) > 110
    said = f"{len(opened)} visits to {len(pages)} pages full of {len(PAYLOADS)} hostile texts: 0 carried out"
    reached(record_property, "g", f"{said}, 0 violations, 0 requests to others, 0 errors")


@pytest.mark.full
def test_without_the_policy_the_pages_alone_hold(browser, bench, record_property):
    opened = visit_all(browser, bench, ["office", "secretary", "member"], True, has_policy=False)
    reached(record_property, "g", f"{len(opened)} visits without a policy: 0 carried out")


def test_what_is_searched_for_is_shown_as_it_is(browser, bench):
    """The suggestions are the one place where a script puts markup into a page."""
    visitor = Visitor(browser, bench, "office")
    visitor.page.goto("/help")
    for typed in ("<", "script", "xq", "'", "{{7*7}}", "onerror"):
        visitor.page.fill("#find-text", typed)
        visitor.page.wait_for_timeout(400)
        visitor.note(f"suggestions for {typed}", visitor.page.evaluate(FINDS))
    assert visitor.page.locator("#find-list [role=option]").count() > 0
    visitor.close()
    assert visitor.faults == []


@pytest.mark.parametrize("has_policy", [True, False])
def test_a_page_that_carries_them_out_is_found(browser, bench, has_policy):
    """The control: the same texts as markup, on a page of the same site."""
    visitor = Visitor(browser, bench, "office", has_policy)
    policy = visitor.page.goto("/help").headers["content-security-policy"]
    markup = "<!doctype html><title>x</title>" + "<p>".join(
        one.format(n=n) for n, one in enumerate(PAYLOADS) if not any(eats in one for eats in EATS)
    )
    visitor.page.route(
        "**/control",
        lambda route: route.fulfill(
            body=markup, content_type="text/html", headers={"Content-Security-Policy": policy}
        ),
    )
    visitor.page.goto("/control")
    visitor.page.evaluate(OPENS)
    seen = visitor.page.evaluate(FINDS)
    visitor.close()
    assert len(seen["found"]) > 20
    if has_policy:
        assert seen["hits"] == []
        assert len(seen["stopped"]) > 10
    else:
        assert len(set(seen["hits"])) > 10
