"""A browser in words, so that somebody can tell their own sessions apart. No version, no address."""

from __future__ import annotations

# The first that is found: many browsers name those that they descend from.
_BROWSERS = (
    ("MicroMessenger", "微信"), ("Edg", "Edge"), ("HuaweiBrowser", "华为浏览器"), ("QQBrowser", "QQ浏览器"),
    ("UCBrowser", "UC浏览器"), ("360", "360浏览器"), ("Firefox", "Firefox"), ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def browser_words(agent: str) -> str:
    """'Chrome · Windows' of a User-Agent header; '' for what names neither."""
    parts = [next((word for mark, word in known if mark in agent), "") for known in (_BROWSERS, _SYSTEMS)]
    return " · ".join(part for part in parts if part)
