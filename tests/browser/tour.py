"""Pictures of every page as each of the demo's people sees it, on contact sheets to go through from the top.

    python -m tests.browser.tour [--who office …] [--page bulletins …] [--width 360 …] [--mode dark …]
                                 [--language zh] [--once] [--into tour]

Starts a demo of its own on a free port, signs in as each person, and photographs each page at 360, 768, 1280
and 1920 px in normal, large and dark; with --once a page is photographed for the first who reaches it.
Writes tour/index.html, tour/sheets/WHO-MODE-WIDTH-N.png and the single pictures in tour/shots/WHO-MODE/.
"""

from __future__ import annotations

import argparse
import html
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import sync_playwright

from tests.browser.conftest import ROOT, LiveServer, serving
from tests.browser.modes import LANGUAGES, MODES, cookies, speak
from tests.browser.pages import (
    PEOPLE,
    UNLINKED,
    begin,
    deep_addresses,
    pages_of,
    prepare,
    reached,
)
from tests.conftest import close_app, config_for, make_app
from tests.summary import chromium

WIDTHS = {360: 740, 768: 1024, 1280: 900, 1920: 1080}  # px, with the height of the window
HIGHEST = {360: 1700, 768: 1900, 1280: 1700, 1920: 1800}  # px: a longer page is cut there
# width → pictures beside each other on a sheet, and how wide each is there
SHEETS = {360: (5, 320), 768: (3, 520), 1280: (2, 780), 1920: (2, 780)}
AT_ONCE = 3
CAPTION, GAP = 22, 12  # px


@dataclass(frozen=True)
class Wanted:
    """What part of the tour is asked for."""

    people: tuple[str, ...]
    pages: tuple[str, ...]  # beginnings of endpoints; none means all
    widths: tuple[int, ...]
    modes: tuple[str, ...]
    language: str
    once: bool
    into: Path


@dataclass(frozen=True)
class Shot:
    """One picture: of which endpoint, which address, and where it lies."""

    endpoint: str
    address: str
    width: int
    file: Path


def address_map() -> Any:
    """The application's addresses."""
    with tempfile.TemporaryDirectory() as folder:
        app = make_app(config_for("sqlite://", Path(folder)))
        close_app(app)
    return app.url_map


def launched(playwright: Any) -> Any:
    return playwright.chromium.launch(
        executable_path=chromium(),
        chromium_sandbox=False,
        args=["--disable-gpu", "--hide-scrollbars", "--lang=zh-CN"],
    )


def addresses_of(server: LiveServer, url_map: Any, login: str) -> dict[str, str]:
    """Endpoint → address of every page that a person reaches."""
    with sync_playwright() as playwright:
        browser = launched(playwright)
        page = browser.new_page(base_url=server.url, locale="zh-CN")
        first, _ = reached(page.context, url_map, begin(page, server, login), deep_addresses(server))
        browser.close()
    return first | {one: UNLINKED[one] for one in pages_of(url_map, login) & set(UNLINKED) - set(first)}


def walk(server: LiveServer, login: str, mode: str, addresses: dict[str, str], wanted: Wanted) -> list[Shot]:
    """Photograph some person's pages, in one mode and all widths."""
    shots = []
    folder = wanted.into / "shots" / f"{login}-{mode}"
    folder.mkdir(parents=True)
    with sync_playwright() as playwright:
        browser = launched(playwright)
        context = browser.new_context(base_url=server.url, locale="zh-CN", timezone_id="Asia/Shanghai",
                                      reduced_motion="reduce")  # fmt: skip
        context.add_cookies(cookies(server.url, mode))
        page = context.new_page()
        begin(page, server, login)
        speak(page, wanted.language)
        for endpoint, address in addresses.items():
            page.goto(address)
            for width in wanted.widths:
                page.set_viewport_size({"width": width, "height": WIDTHS[width]})
                if page.locator(".chart").count():
                    page.wait_for_load_state("networkidle")
                    page.wait_for_timeout(150)  # a chart takes a moment to take another size
                file = folder / f"{endpoint}-{width}.jpg"
                tall = int(page.evaluate("document.documentElement.scrollHeight"))
                height = min(max(tall, WIDTHS[width]), HIGHEST[width])
                clip = {"x": 0, "y": 0, "width": width, "height": height}
                page.screenshot(path=file, type="jpeg", quality=80, full_page=True, clip=clip)
                shots.append(Shot(endpoint, address, width, file))
        browser.close()
    return shots


def sheets(shots: Sequence[Shot], width: int) -> Iterator[Image.Image]:
    """The pictures of one width beside each other, with captions, as many to a sheet as can still be seen."""
    across, size = SHEETS[width]
    font = ImageFont.load_default(size=14)
    mine = [shot for shot in shots if shot.width == width]
    for start in range(0, len(mine), across):
        pictures = []
        for shot in mine[start : start + across]:
            with Image.open(shot.file) as picture:
                pictures.append((shot, picture.resize((size, picture.height * size // width))))
        height = max(picture.height for _, picture in pictures) + CAPTION + 2 * GAP
        sheet = Image.new("RGB", (across * (size + GAP) + GAP, height), "#8a8a8a")
        draw = ImageDraw.Draw(sheet)
        for n, (shot, picture) in enumerate(pictures):
            left = GAP + n * (size + GAP)
            draw.text((left, GAP), f"{shot.endpoint}  {shot.address}"[: size // 8], "white", font)
            sheet.paste(picture, (left, GAP + CAPTION))
        yield sheet


def write_index(into: Path, names: dict[str, list[str]]) -> None:
    """A page that shows all contact sheets, a heading for each person, mode and width."""
    parts = [
        "<!doctype html><meta charset=utf-8><title>Tour</title><style>img{max-width:100%}</style>",
        "<ul>",
    ]
    parts += [f'<li><a href="#{html.escape(one)}">{html.escape(one)}</a>' for one in names]
    parts.append("</ul>")
    for one, files in names.items():
        parts.append(f'<h2 id="{html.escape(one)}">{html.escape(one)}</h2>')
        parts += [f'<p><img loading="lazy" src="sheets/{html.escape(file)}" alt="">' for file in files]
    (into / "index.html").write_text("\n".join(parts), encoding="utf-8")


def read_options(arguments: Sequence[str]) -> Wanted:
    parser = argparse.ArgumentParser(prog="tour", description="Screenshots of every page on contact sheets.")
    parser.add_argument("--who", nargs="+", choices=PEOPLE, default=list(PEOPLE))
    parser.add_argument("--page", nargs="+", default=[], help="beginnings of endpoints: bulletins me.show")
    parser.add_argument("--width", nargs="+", type=int, choices=WIDTHS, default=list(WIDTHS))
    parser.add_argument("--mode", nargs="+", choices=MODES, default=list(MODES))
    parser.add_argument("--language", choices=LANGUAGES, default="zh")
    parser.add_argument("--once", action="store_true", help="each page for the first who reaches it")
    parser.add_argument("--into", type=Path, default=ROOT / "tour")
    found = parser.parse_args(arguments)
    return Wanted(
        people=tuple(found.who), pages=tuple(found.page), widths=tuple(found.width), modes=tuple(found.mode),
        language=found.language, once=found.once, into=found.into,
    )  # fmt: skip


def routes(server: LiveServer, wanted: Wanted) -> dict[str, dict[str, str]]:
    """Person → endpoint → address of what is to be photographed."""
    url_map = address_map()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        crawls = [pool.submit(addresses_of, server, url_map, login) for login in wanted.people]
        found = dict(zip(wanted.people, [crawl.result() for crawl in crawls], strict=True))
    seen: set[str] = set()
    for login, addresses in found.items():
        found[login] = {
            endpoint: address
            for endpoint, address in addresses.items()
            if endpoint.startswith(wanted.pages or "") and not (wanted.once and endpoint in seen)
        }
        seen |= set(addresses)
    return {login: addresses for login, addresses in found.items() if addresses}


def main() -> None:
    wanted, start = read_options(sys.argv[1:]), time.monotonic()
    for name in ("shots", "sheets"):
        shutil.rmtree(wanted.into / name, ignore_errors=True)
    (wanted.into / "sheets").mkdir(parents=True)
    names: dict[str, list[str]] = {}
    count = 0
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        with sync_playwright() as playwright:
            browser = launched(playwright)
            prepare(browser, server)
            browser.close()
        jobs = [(who, mode, pages) for who, pages in routes(server, wanted).items() for mode in wanted.modes]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            walks = [pool.submit(walk, server, *job, wanted) for job in jobs]
            for (login, mode, _), done in zip(jobs, walks, strict=True):
                shots = done.result()
                count += len(shots)
                for width in wanted.widths:
                    for n, sheet in enumerate(sheets(shots, width), start=1):
                        file = f"{login}-{mode}-{width}-{n:02}.png"
                        sheet.save(wanted.into / "sheets" / file)
                        names.setdefault(f"{login} {mode} {width}", []).append(file)
                print(f"{login} in {mode}: {len(shots)} pictures", flush=True)
    write_index(wanted.into, names)
    print(f"{count} pictures in {time.monotonic() - start:.0f} s: {wanted.into / 'index.html'}")


if __name__ == "__main__":
    main()
