"""How pages look: the style sheets that every page has, in their order."""

from __future__ import annotations

from flask import Flask

# Below static/css: tokens first, then the ground, the parts by noun, and last what other media change.
STYLES = (
    "tokens", "base", "frame", "menu", "parts", "forms", "figures", "lists", "records", "units", "me",
    "accounts", "entering", "help", "start", "plans", "phone", "print",
)  # fmt: skip


def init_app(app: Flask) -> None:
    """Give every template the names of the style sheets."""
    app.jinja_env.globals["STYLES"] = STYLES
