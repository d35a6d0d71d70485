"""How pages look: the style sheets that every page has, in their order, and what a reader chose."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app, g, request
from werkzeug.wrappers import Response

from tracker import charts

# Below static/css: tokens first, then the ground, the parts by noun, and last what other media change.
STYLES = (
    "tokens", "base", "frame", "menu", "parts", "forms", "figures", "charts", "lists", "records",
    "units", "me", "accounts", "entering", "help", "start", "plans", "reports", "search", "phone", "thumb",
    "print",
)  # fmt: skip
# Name of the cookie → what may be chosen, and the choice that needs no cookie.
CHOICES = {"theme": ("light", "dark"), "text": ("large",), "keys": ("off",)}
YEAR = 365 * 24 * 3600  # seconds
PLAIN = {"theme": "device", "text": "normal", "keys": "on"}
# Of the bar that a browser draws around a page: the ground of the page's own head. --card has the same.
THEME_COLOURS = {"light": "#fff", "dark": "#1f1b18"}


@dataclass(frozen=True)
class Looks:
    """What somebody chose; None is what the device has, the ordinary size of type, and keys that act."""

    theme: str | None
    text: str | None
    keys: str | None


def cookie_named(name: str) -> str:
    """What a cookie is called here: over TLS bound to this host alone, which no other host can plant."""
    return f"__Host-{name}" if current_app.config["SESSION_COOKIE_SECURE"] else name


def keep_cookie(response: Response, name: str, value: str | None) -> None:
    """Let the browser keep a choice for a year; None: drop it."""
    is_secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(
        cookie_named(name), value or "", max_age=YEAR if value else 0, secure=is_secure, httponly=True,
        samesite="Lax",
    )  # fmt: skip


def looks() -> Looks:
    """What this request's browser keeps. A value that nobody could choose counts as none."""
    found: Looks | None = g.get("looks")
    if found is None:  # a page asks six times
        kept = {name: request.cookies.get(cookie_named(name)) for name in CHOICES}
        chosen = {name: value if value in CHOICES[name] else None for name, value in kept.items()}
        found = g.looks = Looks(**chosen)
    return found


def init_app(app: Flask) -> None:
    """Give every template the names of the style sheets, the reader's choice and the drawing of a figure."""
    app.jinja_env.globals.update(STYLES=STYLES, THEME_COLOURS=THEME_COLOURS, looks=looks)
    app.jinja_env.filters["drawing"] = charts.drawing_of
