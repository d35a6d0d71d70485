"""Signing in to the demo as one of its people."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from tests.browser.conftest import LiveServer, watch


def passwords(live_server: Any) -> dict[str, str]:
    """The demo's logins and their passwords, from the file that `make run` names."""
    text = (live_server.data_dir / "demo-accounts.txt").read_text(encoding="utf-8")
    return dict(line.split() for line in text.splitlines() if line.strip())


def sign_in(page: Any, live_server: Any, login: str = "office") -> None:
    """Type number and password, and wait for the page where this person begins."""
    page.goto("/sign-in")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", passwords(live_server)[login])
    page.press("input[name=password]", "Enter")
    page.wait_for_url(re.compile(r"/((branches|groups|sections)/\d+|me|system)?$"))


def sign_out(page: Any) -> None:
    """End the session by the page's own button."""
    page.goto("/account")
    page.locator("summary:has(.who-name)").click()
    page.locator(".who-menu form[action='/sign-out'] button").click()
    page.wait_for_url(re.compile(r"/sign-in"))


class Person:
    """One of the demo's people at a browser of their own; `acts` counts taps and typed fields."""

    def __init__(self, browser: Any, server: LiveServer, login: str, size: dict[str, int]) -> None:
        self.context = browser.new_context(
            base_url=server.url, viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.faults = watch(self.page, urlsplit(server.url).netloc)
        sign_in(self.page, server, login)
        self.acts = 0

    def tap(self, selector: str, **more: Any) -> None:
        self.page.locator(selector, **more).first.click()
        self.acts += 1

    def type(self, selector: str, text: str) -> None:
        self.page.fill(selector, text)
        self.acts += 1

    def text(self, path: str = "", selector: str = "main") -> str:
        """What a part of a page says, without white space; of the page that is open, or of another."""
        if path:
            self.page.goto(path)
        return "".join(self.page.locator(selector).first.inner_text().split())
