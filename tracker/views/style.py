"""Every component with its states, the tokens and the icons on one page: for whoever works on the pages."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Blueprint, abort, current_app, render_template, render_template_string

from tracker.access import PUBLIC, requires
from tracker.rules.contrast import colours_of, contrast, tokens_of
from tracker.views.style_samples import samples

bp = Blueprint("style", __name__)
ROOT = Path(__file__).parent.parent.parent
EXAMPLES = Path(__file__).parent.parent / "style.toml"
MACROS = ROOT / "templates" / "macros"
# Words on their grounds, by tokens; AA asks for 4.5.
PAIRS = (
    ("ink-900", "card"), ("ink-900", "paper"), ("ink-700", "card"), ("ink-700", "sunk"), ("ink-500", "card"),
    ("ink-500", "paper"), ("red-700", "card"), ("red-700", "paper"), ("red-700", "red-50"), ("on-act", "act"),
    ("ok", "ok-bg"), ("warn", "warn-bg"), ("mute", "mute-bg"), ("on-dark", "dark"), ("on-k4", "k4"),
    *((f"g{n}", "card") for n in range(1, 10)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """One component in one state: the call that makes it, and what comes of it."""

    says: str
    call: str
    shown: str


@dataclass(frozen=True, slots=True)
class Part:
    """The examples of one noun."""

    noun: str
    title: str
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Words on a ground, and how well they are told from it, in the light and in the dark."""

    words: str
    ground: str
    light: float
    dark: float


@cache
def _written() -> list[dict[str, object]]:
    found: list[dict[str, object]] = tomllib.loads(EXAMPLES.read_text(encoding="utf-8"))["part"]
    return found


def _sheet(name: str) -> str:
    return (ROOT / "static" / "css" / f"{name}.css").read_text(encoding="utf-8")


def parts() -> list[Part]:
    """The examples as written, each rendered: what is shown and the call beside it are one text."""
    imports = "".join(
        '{% import "macros/' + path.name + '" as ' + path.stem + " %}"
        for path in sorted(MACROS.glob("*.html"))
    )
    shown = samples()
    found = []
    for part in _written():
        examples = []
        for one in part["example"]:  # type: ignore[attr-defined]
            rendered = render_template_string(imports + one["call"], **shown)
            examples.append(Example(one["says"], one["call"].strip(), rendered))
        found.append(Part(str(part["noun"]), str(part["title"]), tuple(examples)))
    return found


def pairs() -> list[Pair]:
    """How well words are told from their grounds."""
    light = colours_of(_sheet("tokens"))
    dark = light | colours_of(_sheet("dark"))
    return [
        Pair(words, ground, contrast(light[words], light[ground]), contrast(dark[words], dark[ground]))
        for words, ground in PAIRS
    ]


@bp.get("/style")
@requires(PUBLIC)
def show() -> str:
    """The page of components. An installation that people use has none."""
    if current_app.config["TRACKER"].is_production:
        abort(404)
    tokens = tokens_of(_sheet("tokens"))
    dark = tokens_of(_sheet("dark"))
    symbols = re.findall(r'<symbol[^>]* id="([\w-]+)"', (ROOT / "static/vendor/icons.svg").read_text("utf-8"))
    return render_template(
        "style/show.html",
        parts=parts(),
        pairs=pairs(),
        colours=colours_of(_sheet("tokens")),
        dark=dark,
        sizes={name: value for name, value in tokens.items() if name.startswith("fs-") and "rem" in value},
        spaces={name: value for name, value in tokens.items() if value.endswith("px")},
        icons=sorted(symbols),
    )
