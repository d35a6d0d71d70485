"""The page of components: complete, and only where nobody works."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from scripts import vendor
from tests import html
from tracker.rules.contrast import contrast
from tracker.views import style

pytestmark = pytest.mark.slow
MACRO = re.compile(r"\{% macro (\w+)\(")


def macros() -> list[str]:
    """noun.name of every macro in templates/macros."""
    files = sorted((vendor.ROOT / "templates" / "macros").glob("*.html"))
    return [
        f"{path.stem}.{name}" for path in files for name in MACRO.findall(path.read_text(encoding="utf-8"))
    ]


def test_every_macro_is_on_the_page(client):
    root = client.page("/style")
    calls = " ".join(html.text_of(one) for one in root.iter("pre"))
    missing = [name for name in macros() if f"{name}(" not in calls]
    assert not missing, "add an example to tracker/style.toml"


def test_every_example_shows_something_and_every_pair_is_told_apart(client, app):
    with app.test_request_context("/style"):
        parts = style.parts()
        pairs = style.pairs()
    assert all(one.shown.strip() for part in parts for one in part.examples)
    assert {part.noun for part in parts} == {name.split(".")[0] for name in macros()}
    assert all(one.light >= 4.5 and one.dark >= 4.5 for one in pairs)


def test_an_installation_that_people_use_has_no_such_page(client, app, monkeypatch):
    assert client.get("/style").status_code == 200
    monkeypatch.setitem(app.config, "TRACKER", replace(app.config["TRACKER"], environment="production"))
    assert client.get("/style").status_code == 404


def test_contrast_is_counted_as_the_guidelines_do():
    assert round(contrast("#000", "#ffffff"), 2) == 21
    assert round(contrast("#777777", "#fff"), 2) == 4.48
    assert contrast("#123456", "#123456") == 1
