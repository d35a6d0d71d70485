"""Which page is looked at as whom, in which mode, language and width: every pair of them, or all of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import astuple, dataclass, fields
from itertools import combinations, product

from tests.browser.modes import LANGUAGES, MODES

WIDTHS = (360, 1280)  # px
DARK = "dark"  # of MODES


@dataclass(frozen=True, order=True)
class Look:
    """One load of a page."""

    endpoint: str
    login: str
    mode: str
    language: str
    width: int

    @property
    def theme(self) -> str:
        """Which colours the page has; in large print they are those of the light."""
        return MODES[self.mode]["theme"]


Pair = tuple[tuple[str, object], tuple[str, object]]
NAMES = [field.name for field in fields(Look)]


def everything(pages: Mapping[str, Collection[str]]) -> list[Look]:
    """Every page as each who is let in, in each mode, language and width. pages: login → endpoints."""
    return [
        Look(endpoint, login, *seen)
        for login, endpoints in pages.items()
        for endpoint in endpoints
        for seen in product(MODES, LANGUAGES, WIDTHS)
    ]


def pairs(look: Look) -> set[Pair]:
    """What meets in a look: (("endpoint", "me.show"), ("mode", "large")) and nine others.

    A page with the dark is no pair: static/css/dark.css gives the tokens other values and does nothing else
    (tests/test_contrast.py), and each of them is looked at there on each of its grounds.
    """
    found = set(combinations(zip(NAMES, astuple(look), strict=True), 2))
    return {pair for pair in found if pair != pair_of(look, "mode")} if look.mode == DARK else found


def pair_of(look: Look, name: str) -> Pair:
    """Of the pairs of a look, the page with its login, mode …"""
    return ("endpoint", look.endpoint), (name, getattr(look, name))


def pairs_of(looks: Iterable[Look]) -> set[Pair]:
    return set().union(*map(pairs, looks))


def _gain(new: set[Pair], page: tuple[str, object]) -> tuple[int, int]:
    """How much a look brings: pairs with its page first, then any."""
    return sum(page in pair for pair in new), len(new)


def pairwise(pages: Mapping[str, Collection[str]]) -> list[Look]:
    """Few looks in which all pairs meet that can: page by page, the look that brings the most new ones."""
    found: list[Look] = []
    met: set[Pair] = set()
    by_page: dict[str, list[Look]] = {}
    for look in everything(pages):
        by_page.setdefault(look.endpoint, []).append(look)
    for endpoint, looks in sorted(by_page.items()):
        page: tuple[str, object] = ("endpoint", endpoint)
        while left := [look for look in looks if any(page in pair for pair in pairs(look) - met)]:
            best = max(
                left, key=lambda look: (sum(page in p for p in pairs(look) - met), len(pairs(look) - met))
            )
            found.append(best)
            met |= pairs(best)
    for look in everything(pages):  # the few pairs of other kinds that no page's looks happened to bring
        if pairs(look) - met:
            found.append(look)
            met |= pairs(look)
    return found
