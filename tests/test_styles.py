"""The style sheets: values have names, names are used, sheets are linked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tracker.looks import STYLES

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "static" / "css"
# Sheets that give the tokens their values, and sheets of another medium with values of their own: paper by a
# national standard, a certificate, the screen on a wall.
MODES = {"tokens", "dark", "large"}
OTHER_MEDIA = {"bulletin-paper", "certificate", "screen"}
SHEETS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.css"))}
OURS = sorted(set(SHEETS) - OTHER_MEDIA)
COLOUR = re.compile(
    r"#[0-9a-fA-F]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\("
    r"|[ :(](?:white|black|red|green|blue|gr[ae]y)(?![\w-])"
)
# Paper has sizes of paper; everything else takes a token. A number of per cent is no size of type.
SIZE = re.compile(
    r"font-size:\s*+(?!var\(--|inherit|[\d.]+(?:pt|mm)\b)|font:\s[^;}]*?(?<![\w-])[\d.]+(?:px|rem|em|%)"
)
USED, DEFINED = re.compile(r"var\((--[\w-]+)\s*([,)])"), re.compile(r"(?<![\w-])(--[\w-]+)\s*:")


def bare(sheet: str) -> str:
    """A sheet without its comments, lines kept."""
    return re.sub(r"/\*.*?\*/", lambda m: "\n" * m[0].count("\n"), SHEETS[sheet], flags=re.S)


def found(pattern: re.Pattern[str], sheets: list[str]) -> list[str]:
    """Where a pattern stands: sheet, line, the line's text."""
    return [
        f"{sheet}.css:{number}: {line.strip()[:120]}"
        for sheet in sheets
        for number, line in enumerate(bare(sheet).splitlines(), 1)
        if pattern.search(line)
    ]


def test_a_colour_has_a_name():
    assert not found(COLOUR, [name for name in OURS if name not in MODES])


def test_a_size_of_type_has_a_name():
    # print.css sets the size of the whole paper once.
    assert not found(SIZE, [name for name in OURS if name not in MODES | {"print"}])


def test_every_token_that_is_used_exists():
    defined = {name for sheet in OURS for name in DEFINED.findall(bare(sheet))}
    used = {(sheet, name) for sheet in OURS for name, _ in USED.findall(bare(sheet))}
    assert not {(sheet, name) for sheet, name in used if name not in defined}


def test_every_token_is_used():
    scripts = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "static" / "js").rglob("*.js"))
    used = {name for sheet in OURS for name, _ in USED.findall(bare(sheet))}
    assert not [t for t in DEFINED.findall(bare("tokens")) if t not in used and t not in scripts]


@pytest.mark.parametrize("sheet", sorted(SHEETS))
def test_a_sheet_is_short(sheet):
    assert SHEETS[sheet].count("\n") < 300


@pytest.mark.parametrize("sheet", sorted(SHEETS))
def test_a_sheet_is_linked(sheet):
    python = [p.read_text(encoding="utf-8") for p in (ROOT / "tracker").rglob("*.py")]
    templates = [p.read_text(encoding="utf-8") for p in (ROOT / "templates").rglob("*.html")]
    assert sheet in STYLES or any(f"css/{sheet}.css" in text for text in [*python, *templates])


@pytest.mark.parametrize("name", STYLES)
def test_every_linked_sheet_exists(name):
    assert name in SHEETS
