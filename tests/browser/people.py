"""Signing in to the demo as one of its people."""

from __future__ import annotations

import re
from typing import Any


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
