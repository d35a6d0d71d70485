"""The ways in which a page can be shown: languages, and the modes that a device may choose."""

from __future__ import annotations

import re
from typing import Any

LANGUAGES = ("zh", "en")
TAGS = {"zh": "zh-CN", "en": "en"}  # how a page says which it is in
VALUES = {"zh": "zh_Hans", "en": "en"}  # how the button says it
# mode → the cookies that say so
MODES: dict[str, dict[str, str]] = {
    "normal": {"theme": "light"},
    "large": {"theme": "light", "text": "large"},
    "dark": {"theme": "dark"},
}


def cookies(url: str, mode: str) -> list[Any]:
    """What a browser keeps that has chosen a mode on this server."""
    return [{"name": name, "value": value, "url": url} for name, value in MODES[mode].items()]


def speak(page: Any, language: str) -> None:
    """Choose a language by the button at the foot of the page that is open."""
    if page.locator("html").get_attribute("lang") != TAGS[language]:
        page.locator(f".languages button[value={VALUES[language]}]").click()
        page.wait_for_selector(f"html[lang={TAGS[language]}]", state="attached")


def choose(context: Any, url: str, mode: str) -> None:
    """Let a browser have chosen this mode and no other."""
    context.clear_cookies(name=re.compile("^(theme|text)$"))
    context.add_cookies(cookies(url, mode))
