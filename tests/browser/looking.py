"""What is wrong with a page that is open: too wide, too heavy, shifting, unreadable for some, raw words."""

from __future__ import annotations

import functools
import gzip
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import axe_playwright_python
import lxml.html

from tests import html

HEIGHTS = {360: 740, 1280: 900}
# px: the smallest that must do, a phone, a desk at 200 %, a desk
WIDTHS = (320, 360, 640, 1280)
MOST_BYTES = 100 * 1024  # of a page with its styles, scripts and pictures, each as gzip would send it
MOST_SHIFT = 0.02  # cumulative layout shift
MOST_REQUESTS = 45
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Two rules take four fifths of its time; what they find changes with the colours, and with the width.
SLOW_RULES = {"color-contrast": "theme", "target-size": "width"}
# The rows of a long table are made as the first six are.
AXE_RUN = """([only, rules]) => axe.run({exclude: [['main tbody tr:nth-child(n+7)']]}, {
  runOnly: only, rules, resultTypes: ['violations'], preload: false,
}).then(results => results.violations.map(v => `axe: ${v.id}: ${v.help}: ` + v.nodes.slice(0, 3).map(n =>
  `${n.target.join(' ')} ${[...n.any, ...n.all, ...n.none][0]?.message}`).join(' | ')))"""
SHIFT = """() => new Promise(done => {
  let sum = 0; const who = [];
  new PerformanceObserver(list => list.getEntries().forEach(entry => {
    if (entry.hadRecentInput) return;
    sum += entry.value;
    entry.sources.forEach(({node}) => node && who.push(`${node.nodeName} ${node.className || ''}`));
  })).observe({type: 'layout-shift', buffered: true});
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done([sum, who.slice(0, 5)]), 0)));
})"""
ASKED_FOR = """() => performance.getEntriesByType('resource').map(
  entry => [entry.name, entry.initiatorType === 'script' && entry.renderBlockingStatus === 'blocking'])"""
# What a chart needs is counted by itself: the library, and what it draws.
OF_CHARTS = re.compile(r"/static/vendor/plotly/|/charts/")
TOLD = {"class", "role", "type", "aria-current", "aria-invalid"}  # attributes whose values tell parts apart
# Attributes that neither look nor rule depends on: names, addresses, data of scripts.
UNSEEN = re.compile(r"id$|href$|name$|value$|for$|action$|title$|data-|hx-|aria-(labelledby|describedby)$")
RAW = {
    "a name of the program": r"\b[a-z]+(?:_[a-z]+)+\b|\b[A-Z]+(?:_[A-Z]+)+\b|\b[A-Z][a-z]+\.[A-Z_]{3,}\b",
    "an act as it is stored": r"\b[a-z]+:[a-z]{3,}\b",
    "nothing, spelt out": r"\b(?:null|undefined|NaN)\b",
    "a sentence with a hole": r"%\([a-z]+\)|\{\{|\}\}",
}
ENGLISH_WORDS = r"\bNone\b|\b[A-Za-z]{2,}(?: [a-z]{2,}){2,}"  # what no Chinese page says


def zipped(body: bytes) -> int:
    """How many bytes gzip -6 sends."""
    return len(gzip.compress(body, 6))


# The server ends a line that rested for two seconds; whoever asks by it at that moment asks again, as
# browsers do (RFC 9112, section 9.5).
AGAIN = 3


class Sizes:
    """How heavy what pages ask for is; each address is asked for once."""

    def __init__(self, context: Any) -> None:
        self._get = functools.cache(
            lambda address: zipped(context.request.get(address, max_retries=AGAIN).body())
        )

    def of(self, addresses: list[str]) -> tuple[int, int]:
        """Bytes as gzip sends them: of what is no chart's, and of what charts need."""
        of_charts = [address for address in addresses if OF_CHARTS.search(address)]
        others = [address for address in addresses if not OF_CHARTS.search(address)]
        return sum(map(self._get, others)), sum(map(self._get, of_charts))


def raw_words(text: str, language: str) -> list[str]:
    """What stands in a page's text and is no word for a reader."""
    patterns = {**RAW, **({"English words": ENGLISH_WORDS} if language == "zh" else {})}
    return [f"{what}: {match[0]}" for what, one in patterns.items() for match in re.finditer(one, text)]


def words_of(page: Any) -> str:
    """The page's text but what is meant to be read as it is stored."""
    text, *verbatims = page.evaluate(
        "[document.querySelector('main'), ...document.querySelectorAll('main :is([translate=no], code)')]"
        ".map(one => one.innerText)"
    )
    for verbatim in sorted(verbatims, key=len, reverse=True):  # one may be a part of another
        text = text.replace(verbatim, "")
    return str(text)


def parts_of(text: str) -> set[str]:
    """What a page as it was sent is made of: each element as style sheets and axe tell it apart, and the one
    that it is in."""
    return {
        f"{_part(parent)} > {_part(one)}"
        for one in lxml.html.document_fromstring(text).iter("*")
        for parent in [one.getparent()]
        if parent is not None
    }


def _part(one: Any) -> str:
    told = {name: value for name, value in one.attrib.items() if name in TOLD}
    return f"{one.tag} {sorted(told.items())} {sorted(name for name in one.attrib if not UNSEEN.match(name))}"


def read(text: str) -> str:
    """The text of a page as it was sent, without what is meant to be read as it is stored."""
    (main,) = lxml.html.document_fromstring(text).iter("main")
    return html.words_of(main)


def settle(page: Any) -> None:
    """Wait for what comes after the page: a chart's data."""
    if page.locator(".chart").count():
        page.wait_for_load_state("networkidle")


def shifts(page: Any) -> list[str]:
    """That the page moved under the reader's eyes since it began to load."""
    shift, who = page.evaluate(SHIFT)
    return [f"shifts by {shift:.3f}: {', '.join(who)}"] if shift > MOST_SHIFT else []


def too_wide(page: Any) -> list[str]:
    """At which widths it must be moved sideways; leaves the page at the last of them."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHTS.get(width, 740)})
        for _ in range(5):
            if (needed := page.evaluate("document.documentElement.scrollWidth")) <= width:
                break
            page.wait_for_timeout(200)  # a chart takes a moment to take another size
        else:
            found.append(f"at {width} px it is {needed} px wide")
    return found


def axe(page: Any, slow: Collection[str] = tuple(SLOW_RULES), others: bool = True) -> list[str]:
    """What axe finds against WCAG 2.2 AA and good practice. slow: those of SLOW_RULES to ask; others: whether
    to ask all other rules.

    At the end of the page, where nothing lies under the bars that stay at the bottom.
    """
    if not slow and not others:
        return []
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.evaluate(AXE)
    only = {"type": "tag", "values": TAGS} if others else {"type": "rule", "values": list(slow)}
    rules = {rule: {"enabled": rule in slow} for rule in SLOW_RULES} if others else {}
    found: list[str] = page.evaluate(AXE_RUN, [only, rules])
    return found


def weight(page: Any, body: bytes, sizes: Sizes) -> tuple[int, list[str]]:
    """Bytes of the page with all that it asked for but charts; and what is wrong with what it asked for."""
    asked = page.evaluate(ASKED_FOR)
    addresses = sorted({address for address, _ in asked if urlsplit(address).scheme.startswith("http")})
    own, _ = sizes.of(addresses)
    total = zipped(body) + own
    found = [f"{total / 1024:.0f} KiB without charts"] if total > MOST_BYTES else []
    found += [f"asks for {len(addresses)} things"] if len(addresses) > MOST_REQUESTS else []
    found += [f"waits for {address} before it is painted" for address, blocks in asked if blocks]
    return total, found
