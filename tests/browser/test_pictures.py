"""The main pages look as they did. `make looks` takes the pictures anew: look at them before keeping them."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.browser.conftest import ROOT, LiveServer, serving
from tests.browser.modes import cookies
from tests.browser.pages import deep_addresses
from tests.browser.people import sign_in
from tests.browser.pictures import MOST_CELLS, keep, other_cells, side_by_side, small

WRITE = "TRACKER_TEST_LOOKS"  # set by `make looks`
KEPT, LEFT = Path(__file__).parent / "looks", ROOT / "test-results" / "looks"
SIZES = {360: 740, 1280: 900}
TALLEST = 1600  # px
MOST_BYTES = 40_000
# page → who, and where; None is where that person begins
PAGES: dict[str, tuple[str, str | None]] = {
    "sign-in": ("", "/sign-in"),
    "bureau": ("office", None),
    "branch": ("secretary", None),
    "queue": ("secretary", "/verify"),
    "member": ("member", None),
    "jot": ("member", "/jot"),
    "record": ("member", "record"),
}
LOOKS = [(page, width, "normal") for page in PAGES for width in SIZES]
LOOKS += [("bureau", 1280, "dark"), ("member", 360, "large")]
# Nothing moves, no caret blinks; when the demo was loaded is no matter of looks.
STILL = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`*, *::before, *::after {
    animation: none !important; transition: none !important; caret-color: transparent !important; }`);
  document.adoptedStyleSheets = [sheet];
  document.activeElement.blur();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) walk.currentNode.nodeValue = walk.currentNode.nodeValue
    .replace(/20(2[2-9]|[3-9][0-9])-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}/g, '2021-07-31 12:00')
    .replace(/1[0-2]月[0-9]{1,2}日|[1-9]月[0-9]{1,2}日/g, '7月31日');
}"""


@pytest.fixture(scope="module")
def server(demo: Path, demos: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A demo in which nobody has done anything."""
    with serving(tmp_path_factory.mktemp("looks"), demo, demos) as found:
        yield found


@pytest.fixture(scope="module")
def rooms(browser: Any, server: LiveServer) -> Iterator[dict[str, Any]]:
    """A browser context for each person, signed in, and where they begin."""
    found: dict[str, Any] = {}
    for login in {who for who, _ in PAGES.values()}:
        context = browser.new_context(
            base_url=server.url, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce"
        )
        page = context.new_page()
        if login:
            sign_in(page, server, login)
        found[login] = (page, page.url)
    yield found
    for page, _ in found.values():
        page.context.close()


def open_it(rooms: dict[str, Any], server: LiveServer, name: str, width: int, mode: str) -> Any:
    login, path = PAGES[name]
    page, home = rooms[login]
    page.context.clear_cookies(name=re.compile("^(theme|text)$"))
    page.context.add_cookies(cookies(server.url, mode))
    page.set_viewport_size({"width": width, "height": SIZES[width]})
    page.goto({None: home, "record": deep_addresses(server)[0]}.get(path, path))
    if page.locator(".chart").count():
        page.wait_for_load_state("networkidle")
    page.evaluate(STILL)
    return page


def picture(page: Any) -> Image.Image:
    """The page from its top, small."""
    size = page.viewport_size
    height = min(max(int(page.evaluate("document.documentElement.scrollHeight")), size["height"]), TALLEST)
    clip = {"x": 0, "y": 0, "width": size["width"], "height": height}
    with Image.open(io.BytesIO(page.screenshot(full_page=True, clip=clip))) as found:
        return small(found)


@pytest.mark.parametrize(("name", "width", "mode"), LOOKS)
def test_it_looks_as_it_did(rooms, server, name, width, mode):
    now, file = picture(open_it(rooms, server, name, width, mode)), KEPT / f"{name}-{width}-{mode}.png"
    if os.environ.get(WRITE):
        keep(now, file)
    assert file.exists(), f"no picture of this page is kept yet: make looks, look at {file}, and commit it"
    assert file.stat().st_size < MOST_BYTES
    with Image.open(file) as before:
        cells = other_cells(before.convert("RGB"), now)
        if len(cells) > MOST_CELLS:
            LEFT.mkdir(parents=True, exist_ok=True)
            side_by_side(before, now, cells).save(LEFT / file.name)
    left = LEFT / file.name
    assert len(cells) <= MOST_CELLS, f"{len(cells)} places differ: see {left}; if they shall, make looks"


# What somebody does by mistake, and what two machines do that draw alike but not the same.
MISTAKES = {
    "a hidden button": "document.querySelector('main button.p').style.visibility = 'hidden'",
    "a moved card": "document.querySelector('main .card').style.transform = 'translateX(24px)'",
    "another colour": "document.querySelector('main button.p').style.background = '#1a7f37'",
    "no styles in the menu": "document.querySelector('header').style.display = 'none'",
}
HARMLESS = {
    "softer letters": "document.body.style.filter = 'blur(.4px)'",
    "wider letters": "document.querySelector('main').style.letterSpacing = '.02px'",
    "another shade": "document.body.style.filter = 'brightness(.99)'",
}


@pytest.mark.parametrize("width", SIZES)
def test_mistakes_are_found_and_harmless_differences_are_not(rooms, server, width):
    right = picture(open_it(rooms, server, "sign-in", width, "normal"))
    for name, act in {**MISTAKES, **HARMLESS}.items():
        page = open_it(rooms, server, "sign-in", width, "normal")
        page.evaluate(act)
        cells = other_cells(right, picture(page))
        assert (len(cells) > MOST_CELLS) == (name in MISTAKES), (name, len(cells))


def test_no_picture_is_kept_of_a_page_that_is_gone():
    assert {file.stem for file in KEPT.glob("*.png")} == {f"{n}-{w}-{m}" for n, w, m in LOOKS}
